package org.reelway.app.check;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a kamelet file declares
 * (<a href="https://camel.apache.org/camel-k/latest/kamelets/kamelets-dev.html">format</a>).
 *
 * @param parameters by name
 */
record Kamelet(RouteFile file, String name, Map<String, Parameter> parameters) {

  /**
   * @param needed whether it must be given: it is required and has no default
   * @param type of JSON schema, such as {@code boolean}; empty for none
   * @param choices the values that it may have; none where it may have others
   * @param pattern of JSON schema, for the whole value; empty for none
   */
  record Parameter(boolean needed, String type, List<String> choices, String pattern) {}

  static Kamelet of(RouteFile file) {
    YamlTree root = file.root();
    Set<String> required = new TreeSet<>();
    root.get("spec", "definition", "required").ifPresent(r -> r.items().forEach(i -> required.add(i.text())));
    Map<String, Parameter> parameters = new TreeMap<>();
    root.get("spec", "definition", "properties").ifPresent(p -> p.members().forEach(m -> parameters.put(m.name(),
        new Parameter(required.contains(m.name()) && m.get("default").isEmpty(), m.text("type"),
            m.get("enum").map(all -> all.items().stream().map(YamlTree::text).toList()).orElse(List.of()), m.text("pattern")))));
    return new Kamelet(file, file.entries().get(0).id(), Map.copyOf(parameters));
  }

  /** The name that its file gives it, which is the one that routes use. */
  String fileName() {
    return file.path().getFileName().toString().replace(".kamelet.yaml", "");
  }

  /** Names that {@code {{…}}} in its template may use besides settings: parameters and the template's own beans. */
  Set<String> ownNames() {
    Set<String> names = new TreeSet<>(parameters.keySet());
    file.root().get("spec", "template", "beans")
        .ifPresent(beans -> beans.items().forEach(bean -> names.add(bean.text("name"))));
    names.add("routeId");
    names.add("templateId");
    return names;
  }
}
