package org.reelway.app.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Routes have an id and a description, steps have an id, and no two of them share one: Camel refuses to start when a
 * step has the id of another step or route, in whichever file.
 */
final class IdRule {
  /** Where an id was first seen. */
  private record Holder(RouteFile file, int line) {}

  List<RouteProblem> problems(List<RouteFile> files) {
    List<RouteProblem> problems = new ArrayList<>();
    Map<String, Holder> holders = new HashMap<>();
    for (RouteFile file : files) {
      for (SourceRoute route : file.routes()) {
        describe(file, route, problems);
        unique(file, route.id(), line(route.tree(), route.isCall() ? "routeId" : "id"), "route id", holders, problems);
      }
    }
    for (RouteFile file : files) {
      for (SourceNode node : file.nodes()) {
        named(file, node, problems);
        if (node.inRoute() && isStep(node)) {
          unique(file, node.id(), line(node.tree(), "id"), "step id", holders, problems);
        }
      }
    }
    return problems;
  }

  private static void describe(RouteFile file, SourceRoute route, List<RouteProblem> problems) {
    if (route.kind().equals("from")) {
      problems.add(file.warning(route.line(), "not canonical: a route is given by 'from' alone",
          "write '- route:' with an id and a description, and 'from:' in it"));
      return;
    }
    for (String member : List.of(route.isCall() ? "routeId" : "id", "description")) {
      if (route.tree().text(member).isBlank()) {
        problems.add(file.warning(route.line(), "the route has no " + member, "add '" + member + ":'"));
      }
    }
  }

  private static void named(RouteFile file, SourceNode node, List<RouteProblem> problems) {
    if (node.inRoute() && node.tree().isMap() && node.id().isBlank()) {
      problems.add(file.warning(node.line(), "'" + node.kind() + "' has no id", "add 'id:'"));
    }
  }

  /** Camel lets a {@code from} or a branch have the id of something else. */
  private static boolean isStep(SourceNode node) {
    return !node.kind().equals("from") && !RouteFile.BRANCHES.contains(node.kind());
  }

  private static void unique(RouteFile file, String id, int line, String what, Map<String, Holder> holders,
      List<RouteProblem> problems) {
    Holder first = id.isBlank() ? null : holders.putIfAbsent(id, new Holder(file, line));
    if (first != null) {
      problems.add(file.error(line, what + " '" + id + "' is already that of " + first.file().label() + ":"
          + first.line(), "give one of them another id"));
    }
  }

  private static int line(YamlTree holder, String id) {
    return holder.get(id).map(YamlTree::line).orElse(holder.line());
  }
}
