package org.reelway.app.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.reelway.settings.MessageText;

/**
 * Kamelets are named as their files, and routes give them parameters that they have, of their types. Camel ignores an
 * unknown parameter silently.
 */
final class KameletRule {
  /** Options of the kamelet endpoint itself (camel-kamelet, {@code kamelet.json}). */
  private static final Set<String> ENDPOINT_OPTIONS = Set.of("bridgeErrorHandler", "exceptionHandler",
      "exchangePattern", "block", "failIfNoConsumers", "lazyStartProducer", "timeout", "location", "noErrorHandler");

  /** What Camel takes for each type; of others it takes any text. */
  private static final Map<String, String> VALUES = Map.of("boolean", "(?i)true|false", "integer", "[+-]?[0-9]+");

  private final Map<String, Kamelet> kamelets = new TreeMap<>();
  private final Map<String, String> properties;

  KameletRule(List<Kamelet> kamelets, Map<String, String> properties) {
    kamelets.forEach(k -> this.kamelets.put(k.fileName(), k));
    this.properties = properties;
  }

  List<RouteProblem> problemsOfFiles() {
    return kamelets.values().stream().filter(k -> !k.name().equals(k.fileName())).map(k -> {
      int line = k.file().root().get("metadata", "name").map(YamlTree::line).orElse(1);
      return k.file().error(line, "metadata.name is '" + k.name() + "', the file is named '" + k.fileName() + "'",
          "make both the same: routes find a kamelet by its file");
    }).toList();
  }

  /**
   * @param broken names of kamelets whose files exist but could not be read: told already
   */
  List<RouteProblem> problemsOfUses(List<EndpointUse> uses, Set<String> broken) {
    List<RouteProblem> problems = new ArrayList<>();
    for (EndpointUse use : uses) {
      if (use.isKamelet() && !broken.contains(use.kamelet())) {
        Kamelet kamelet = kamelets.get(use.kamelet());
        if (kamelet == null) {
          problems.add(unknown(use, use.kamelet()));
        } else {
          parameters(use, kamelet, problems);
        }
      }
    }
    return problems;
  }

  private RouteProblem unknown(EndpointUse use, String name) {
    String near = MessageText.near(name, kamelets.keySet()).map(n -> ": did you mean '" + n + "'?").orElse("");
    return use.file().error(use.line(), "there is no kamelet '" + name + "'" + near, kamelets.isEmpty()
        ? "add " + name + ".kamelet.yaml to the kamelets folder"
        : "use one of " + String.join(", ", kamelets.keySet()));
  }

  private void parameters(EndpointUse use, Kamelet kamelet, List<RouteProblem> problems) {
    Set<String> allowed = new TreeSet<>(kamelet.parameters().keySet());
    for (String given : use.parameters().keySet()) {
      if (allowed.contains(given)) {
        value(use, kamelet, given, problems);
      } else if (!ENDPOINT_OPTIONS.contains(given)) {
        String near = MessageText.near(given, allowed).map(n -> ": did you mean '" + n + "'?").orElse("");
        problems.add(use.file().error(line(use, given), "kamelet '" + kamelet.fileName() + "' has no parameter '"
            + given + "'" + near, allowed.isEmpty() ? "remove it" : "use one of " + String.join(", ", allowed)));
      }
    }
    for (String name : new TreeSet<>(kamelet.parameters().keySet())) {
      if (kamelet.parameters().get(name).needed() && !use.parameters().containsKey(name) && !isSet(kamelet, name)) {
        problems.add(use.file().error(use.line(), "kamelet '" + kamelet.fileName() + "' needs the parameter '" + name
            + "'", "add '" + name + ":' under 'parameters:'"));
      }
    }
  }

  private static void value(EndpointUse use, Kamelet kamelet, String name, List<RouteProblem> problems) {
    Kamelet.Parameter declared = kamelet.parameters().get(name);
    String value = use.parameters().get(name);
    boolean isRight = value.matches(VALUES.getOrDefault(declared.type(), "(?s).*"))
        && (declared.choices().isEmpty() || declared.choices().contains(value))
        && (declared.pattern().isEmpty() || value.matches(declared.pattern()));
    if (!value.contains("{") && !isRight) {
      problems.add(use.file().error(line(use, name), "the parameter '" + name + "' of kamelet '" + kamelet.fileName()
          + "' is '" + value + "'", allowed(declared)));
    }
  }

  private static String allowed(Kamelet.Parameter declared) {
    return !declared.choices().isEmpty() ? "write one of " + String.join(", ", declared.choices())
        : !declared.pattern().isEmpty() ? "write what matches " + declared.pattern()
        : declared.type().equals("boolean") ? "write \"true\" or \"false\"" : "write a whole number";
  }

  /** A setting may give a parameter for all uses, or for those of one route id. */
  private boolean isSet(Kamelet kamelet, String parameter) {
    String prefix = "camel.kamelet." + kamelet.fileName() + ".";
    return properties.keySet().stream().anyMatch(k -> k.startsWith(prefix) && k.endsWith("." + parameter));
  }

  private static int line(EndpointUse use, String parameter) {
    return use.file().root().walk().filter(t -> t.name().equals(parameter) && t.line() > use.line()).findFirst()
        .map(YamlTree::line).orElse(use.line());
  }
}
