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
import java.util.regex.Pattern;
import org.reelway.settings.SettingsException.Problem;

/** What file, environment and overrides say, each setting with the text that wins. */
final class Sources {
  /** A foreign key this close to one of ours is a slip of the pen. */
  private static final int SLIP = 2;

  /** Keys of earlier versions, and what to do instead. */
  private static final Map<String, String> GONE = Map.of(
      "reelway.evostream.plugins",
      "is no setting any more: run `reelway import evostream FILE` once, and use the settings that it writes"
          + " (docs/evostream.md)");

  private static final Set<String> LAUNCHER =
      Set.of("REELWAY_HOME", "REELWAY_JAVA", "REELWAY_JAVA_OPTS", "REELWAY_LIB", "REELWAY_CHILD_OF", "REELWAY_CONFIG");
  private static final Pattern SERVICE = Pattern.compile(
      "REELWAY(_\\w+)?(_SERVICE_HOST|_SERVICE_PORT(_\\w+)?|_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
  private static final Pattern SERVICE_PORT = Pattern.compile("REELWAY(_\\w+)?_PORT");
  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private final Catalog catalog;
  private final Map<Setting<?>, Given> given = new HashMap<>();
  private final Map<String, Given> others = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /** Reads in order of rising precedence. */
  static Sources read(PropertiesFile file, Map<String, String> environment, Map<String, String> overrides) {
    Sources sources = new Sources(Catalog.with(NamedStores.usable(storeNames(file, environment, overrides))));
    if (file != null) {
      sources.readFile(file);
    }
    sources.given.values().removeIf(Given::isBlank);
    sources.readEnvironment(environment);
    sources.readOverrides(overrides);
    sources.given.values().removeIf(Given::isBlank);
    return sources;
  }

  private Sources(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Which settings there are depends on one of them. */
  private static String storeNames(PropertiesFile file, Map<String, String> environment, Map<String, String> overrides) {
    Setting<?> stores = NamedStores.STORES;
    String written = environment.getOrDefault(stores.env(), "").strip();
    if (overrides.containsKey(stores.key())) {
      return overrides.get(stores.key()).strip();
    }
    return !written.isEmpty() || file == null ? written : file.entries().stream()
        .filter(entry -> entry.key().equals(stores.key()))
        .reduce((first, last) -> last).map(PropertiesFile.Entry::value).orElse("").strip();
  }

  /** With those of the stores that the sources name. */
  Catalog catalog() {
    return catalog;
  }

  Map<Setting<?>, Given> given() {
    return given;
  }

  Map<String, Given> others() {
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
        others.put(entry.key(), new Given(file.where(entry), entry.value()));
      }
    }
  }

  /** An empty variable is one that is not there: it does not hide what the file says. */
  private void readEnvironment(Map<String, String> environment) {
    new TreeMap<>(environment).forEach((name, value) -> {
      if (!name.startsWith("REELWAY_") || isForeign(name, value)) {
        return;
      }
      String where = "environment " + name;
      Setting<?> setting = catalog.byEnv().get(name);
      if (setting == null) {
        problems.add(new Problem(where, "", unknown(name, catalog.byEnv().keySet())));
      } else if (!value.isBlank()) {
        given.put(setting, new Given(where, value.strip()));
      }
    });
  }

  /**
   * {@code REELWAY_*} variables that are nobody's mistake: those of the launcher, that of the settings file, the mark of our child processes (an
   * operator's program may call {@code reelway hook}), and those that Kubernetes and Docker links set in every container
   * for a service named {@code reelway} or {@code reelway-...}
   * (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
   */
  static boolean isForeign(String name, String value) {
    return LAUNCHER.contains(name)
        || SERVICE.matcher(name).matches()
        || SERVICE_PORT.matcher(name).matches() && SERVICE_ADDRESS.matcher(value).matches();
  }

  /** An empty override is an order: back to the default. */
  private void readOverrides(Map<String, String> overrides) {
    overrides.forEach((key, value) -> give(key, new Given("--set", value)));
  }

  private void give(String key, Given text) {
    Setting<?> setting = catalog.byKey().get(key);
    if (setting == null) {
      problems.add(new Problem(text.where(), key, unknown(key, catalog.byKey().keySet())));
    } else {
      given.put(setting, new Given(text.where(), text.text().strip()));
    }
  }

  private boolean isOurs(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return lower.equals("reelway")
        || lower.startsWith("reelway.")
        || catalog.byKey().keySet().stream().anyMatch(known -> MessageText.distance(lower, known) <= SLIP);
  }

  private static String unknown(String name, Set<String> known) {
    String gone = GONE.get(name.toLowerCase(Locale.ROOT).replace('_', '.'));
    if (gone != null) {
      return gone;
    }
    return NamedStores.notNamed(name).orElseGet(() -> "is not a setting; the nearest is " + MessageText.nearest(name, new TreeSet<>(known)));
  }

  /** The text of a setting, and where it was given; it may be a secret, so it is not shown. */
  record Given(String where, String text) {
    boolean isBlank() {
      return text.isBlank();
    }

    @Override
    public String toString() {
      return where;
    }
  }
}
