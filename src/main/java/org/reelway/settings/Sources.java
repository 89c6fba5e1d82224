package org.reelway.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What file, environment and overrides say, each setting with the text that wins. */
final class Sources {
  /** A foreign key this close to one of ours is a slip of the pen. */
  private static final int SLIP = 2;

  /** Keys of earlier versions, and what to do instead. */
  private static final Map<String, String> GONE = Map.of(
      "reelway.evostream.plugins",
      "is no setting any more: run `reelway import evostream FILE` once, and use the settings that it writes"
          + " (docs/evostream.md)");

  private final Map<Setting<?>, Given> given = new HashMap<>();
  private final Map<String, String> others = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /** Reads in order of rising precedence. */
  static Sources read(PropertiesFile file, Map<String, String> environment, Map<String, String> overrides) {
    Sources sources = new Sources();
    if (file != null) {
      sources.readFile(file);
    }
    sources.given.values().removeIf(Given::isBlank);
    sources.readEnvironment(environment);
    sources.readOverrides(overrides);
    sources.given.values().removeIf(Given::isBlank);
    return sources;
  }

  Map<Setting<?>, Given> given() {
    return given;
  }

  Map<String, String> others() {
    return others;
  }

  List<Problem> problems() {
    return problems;
  }

  private void readFile(PropertiesFile file) {
    problems.addAll(file.problems());
    Map<String, Integer> firstLine = new HashMap<>();
    for (PropertiesFile.Entry entry : file.entries()) {
      Integer first = firstLine.putIfAbsent(entry.key(), entry.line());
      if (first != null) {
        problems.add(new Problem(file.where(entry), entry.key(),
            "is given twice, in lines " + first + " and " + entry.line() + "; remove one of them"));
      } else if (isOurs(entry.key())) {
        give(entry.key(), new Given(file.where(entry), entry.value()));
      } else {
        others.put(entry.key(), entry.value());
      }
    }
  }

  /** An empty variable is one that is not there: it does not hide what the file says. */
  private void readEnvironment(Map<String, String> environment) {
    new TreeMap<>(environment).forEach((name, value) -> {
      if (!name.startsWith("REELWAY_") || ForeignVariables.contains(name, value)) {
        return;
      }
      String where = "environment " + name;
      Setting<?> setting = Catalog.BY_ENV.get(name);
      if (setting == null) {
        problems.add(new Problem(where, "", unknown(name, Catalog.BY_ENV.keySet())));
      } else if (!value.isBlank()) {
        given.put(setting, new Given(where, value.strip()));
      }
    });
  }

  /** An empty override is an order: back to the default. */
  private void readOverrides(Map<String, String> overrides) {
    overrides.forEach((key, value) -> give(key, new Given("--set", value)));
  }

  private void give(String key, Given text) {
    Setting<?> setting = Catalog.BY_KEY.get(key);
    if (setting == null) {
      problems.add(new Problem(text.where(), key, unknown(key, Catalog.BY_KEY.keySet())));
    } else {
      given.put(setting, new Given(text.where(), text.text().strip()));
    }
  }

  private static boolean isOurs(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return lower.equals("reelway")
        || lower.startsWith("reelway.")
        || Catalog.BY_KEY.keySet().stream().anyMatch(known -> Nearest.distance(lower, known) <= SLIP);
  }

  private static String unknown(String name, Set<String> known) {
    String gone = GONE.get(name.toLowerCase(Locale.ROOT).replace('_', '.'));
    return gone != null ? gone : "is not a setting; the nearest is " + Nearest.to(name, new TreeSet<>(known));
  }
}
