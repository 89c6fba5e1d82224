package org.reelway.app.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.reelway.app.check.Placeholders.Placeholder;
import org.reelway.settings.MessageText;

/** Every {@code {{key}}} is defined: by a setting, the environment, or the template that it stands in. */
final class PlaceholderRule {
  /** Camel does not resolve these. */
  private static final Set<String> PROSE = Set.of("description", "note", "title");

  private final Map<String, String> properties;
  private final Placeholders placeholders;

  PlaceholderRule(Map<String, String> properties) {
    this.properties = properties;
    this.placeholders = new Placeholders(properties);
  }

  List<RouteProblem> problemsOfRoutes(RouteFile file) {
    List<RouteProblem> problems = new ArrayList<>();
    for (SourceRoute entry : file.entries()) {
      Set<String> own = new TreeSet<>();
      if (entry.kind().equals("routeTemplate")) {
        entry.tree().get("parameters").ifPresent(p -> p.items().forEach(i -> own.add(i.text("name"))));
        entry.tree().get("beans").ifPresent(p -> p.items().forEach(i -> own.add(i.text("name"))));
      }
      check(file, entry.tree(), own, problems);
    }
    return problems;
  }

  List<RouteProblem> problemsOfKamelet(Kamelet kamelet) {
    List<RouteProblem> problems = new ArrayList<>();
    kamelet.file().root().get("spec", "template")
        .ifPresent(template -> check(kamelet.file(), template, kamelet.ownNames(), problems));
    return problems;
  }

  private void check(RouteFile file, YamlTree tree, Set<String> own, List<RouteProblem> problems) {
    if (PROSE.contains(tree.name())) {
      return;
    }
    Placeholders.in(tree.text()).filter(p -> !p.function() && !own.contains(p.key()))
        .forEach(p -> check(file, tree, p, own, problems));
    tree.children().forEach(child -> check(file, child, own, problems));
  }

  private void check(RouteFile file, YamlTree at, Placeholder placeholder, Set<String> own,
      List<RouteProblem> problems) {
    String key = placeholder.key();
    int line = lineOf(at, key);
    if (placeholder.needed() && !placeholders.isDefined(key)) {
      Set<String> known = new TreeSet<>(properties.keySet());
      known.addAll(own);
      String near = MessageText.near(key, known).map(n -> ": did you mean '" + n + "'?").orElse("");
      problems.add(file.error(line, "nothing defines {{" + key + "}}" + near,
          fix(file, key)));
    } else if (!key.contains(".") && !properties.containsKey(key)) {
      problems.add(file.warning(line, "{{" + key + "}} has no dot and is read from the environment variable "
          + key.toUpperCase(Locale.ROOT).replace('-', '_'), "use a name with a dot, or {{env:…}}"));
    }
  }

  private static String fix(RouteFile file, String key) {
    return (file.isKamelet() && !key.contains(".") ? "declare " + key + " under spec.definition.properties"
        : "set " + key + " in application.properties") + ", or give a default: {{" + key + ":…}}";
  }

  /** In a block of several lines, the one that holds the key. */
  private static int lineOf(YamlTree at, String key) {
    String[] lines = at.text().split("\n", -1);
    if (lines.length > 1 && at.lastLine() - at.valueLine() >= lines.length - 1) {
      for (int i = 0; i < lines.length; i++) {
        if (lines[i].contains(key)) {
          return at.valueLine() + 1 + i;
        }
      }
    }
    return at.valueLine();
  }
}
