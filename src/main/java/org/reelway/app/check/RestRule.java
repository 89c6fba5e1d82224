package org.reelway.app.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One route answers a method of a path, whether {@code - rest:} or {@code from: platform-http:} has it: Camel refuses to start
 * over two of one rest, and lets the first of any others answer in silence.
 */
final class RestRule {
  private static final String HTTP = "platform-http:";

  /** Where a call was first seen. */
  private record Place(RouteFile file, int line) {}

  List<RouteProblem> problems(List<RouteFile> files) {
    List<RouteProblem> problems = new ArrayList<>();
    Map<String, Place> seen = new HashMap<>();
    for (RouteFile file : files) {
      for (YamlTree entry : file.root().items().stream().flatMap(item -> item.members().stream()).toList()) {
        if (entry.name().equals("rest")) {
          entry.members().stream().filter(YamlTree::isList).forEach(verb -> verb.items().stream()
              .filter(call -> call.get("to").isPresent())
              .forEach(call -> unique(file, call.get("path").orElse(call).line(),
                  verb.name(), entry.text("path") + call.text("path"), seen, problems)));
        }
        froms(entry).filter(from -> from.text("uri").startsWith(HTTP)).forEach(from ->
            methods(from).forEach(method -> unique(file, from.get("uri").orElse(from).line(), method,
                from.text("uri").substring(HTTP.length()).replaceFirst("\\?.*", ""), seen, problems)));
      }
    }
    return problems;
  }

  private static Stream<YamlTree> froms(YamlTree entry) {
    return entry.name().equals("from") ? Stream.of(entry) : entry.get("from").stream();
  }

  /** None where it takes all: more than one of those may be wanted, as a page for whatever else is asked for. */
  private static Set<String> methods(YamlTree from) {
    String methods = from.get("parameters", "httpMethodRestrict").map(YamlTree::text).orElse("");
    return methods.isBlank() ? Set.of() : Set.of(methods.split(","));
  }

  private static void unique(RouteFile file, int line, String method, String path, Map<String, Place> seen,
      List<RouteProblem> problems) {
    String call = method.strip().toUpperCase(Locale.ROOT) + " " + path.replaceAll("/+", "/");
    Place first = seen.putIfAbsent(call.replaceAll("\\{[^}]*}", "{}"), new Place(file, line));
    if (first != null) {
      problems.add(file.error(line, call + " is answered by " + first.file().label() + ":" + first.line() + " already",
          "give one of them another path"));
    }
  }
}
