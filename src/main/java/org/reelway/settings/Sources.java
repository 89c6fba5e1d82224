package org.reelway.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
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

  /** Behind the name of a secret: it is in the file that is named there. */
  private static final String TWIN = "-file";

  private static final String ENV_TWIN = "_FILE";

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
  /** What the file, the environment or the overrides gave so far, whichever is read. */
  private final Set<Setting<?>> here = new HashSet<>();

  /** Reads in order of rising precedence. */
  static Sources read(PropertiesFile file, Map<String, String> environment, Map<String, String> overrides) {
    Sources sources = new Sources(Catalog.with(NamedStores.usable(storeNames(file, environment, overrides))));
    if (file != null) {
      sources.readFile(file);
    }
    sources.given.values().removeIf(Given::isBlank);
    sources.here.clear();
    sources.readEnvironment(environment);
    sources.here.clear();
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
      if (value.isBlank() && (catalog.byEnv().containsKey(name) || secret(catalog.byEnv(), name, ENV_TWIN) != null)) {
        return;
      }
      give(catalog.byEnv(), ENV_TWIN, name, new Given(where, value), "");
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
    give(catalog.byKey(), TWIN, key, text, key);
  }

  private void give(Map<String, Setting<?>> known, String twin, String name, Given text, String key) {
    Setting<?> setting = known.get(name);
    Setting<?> secret = secret(known, name, twin);
    if (setting != null) {
      put(setting, new Given(text.where(), text.text().strip()), key);
    } else if (secret != null) {
      put(secret, ofFile(text, key), key);
    } else {
      problems.add(new Problem(text.where(), key, unknown(name, known.keySet())));
    }
  }

  /** @return the secret whose twin the name is; null where it is none */
  private static Setting<?> secret(Map<String, Setting<?>> known, String name, String twin) {
    Setting<?> setting = name.endsWith(twin) ? known.get(name.substring(0, name.length() - twin.length())) : null;
    return setting != null && setting.secret() ? setting : null;
  }

  private Given ofFile(Given text, String key) {
    try {
      return text.isBlank() ? text : new Given(text.where(), "", Folders.PATH.parse(text.text().strip()));
    } catch (InputFailure e) {
      problems.add(new Problem(text.where(), key, e.getMessage()));
      return new Given(text.where(), "");
    }
  }

  private void put(Setting<?> setting, Given text, String key) {
    if (text.isBlank() && here.contains(setting)) {
      return;
    }
    if (!text.isBlank() && !here.add(setting)) {
      problems.add(new Problem(text.where(), key,
          "the secret " + setting + " is given as such and by a file; remove one of them"));
    }
    given.put(setting, text);
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
    return NamedStores.notNamed(name)
        .orElseGet(() -> "is not a setting; the nearest is " + MessageText.nearest(name, new TreeSet<>(known)));
  }

  /**
   * The text of a setting, and where it was given; it may be a secret, so it is not shown.
   *
   * @param file that holds the text, for a secret that is given by its twin; null for others
   */
  record Given(String where, String text, Path file) {
    Given(String where, String text) {
      this(where, text, null);
    }

    boolean isBlank() {
      return file == null && text.isBlank();
    }

    @Override
    public String toString() {
      return where;
    }
  }
}
