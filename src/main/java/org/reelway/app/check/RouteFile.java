package org.reelway.app.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A YAML file that parsed: its routes and steps with their lines, and problems made at these lines. */
final class RouteFile {
  /** Members that hold steps of their own without being in a list of steps. */
  static final Set<String> BRANCHES = Set.of("when", "otherwise", "doCatch", "doFinally", "onFallback");

  private final Path path;
  private final YamlTree root;
  private final List<SourceRoute> routes;
  private final List<SourceNode> nodes = new ArrayList<>();

  private RouteFile(Path path, YamlTree root, boolean kamelet) {
    this.path = path;
    this.root = root;
    this.routes = kamelet ? List.of(kameletTemplate()) : topLevel();
    routes.forEach(route -> collect(route.tree(), route));
    routes.stream().filter(SourceRoute::isCall)
        .forEach(call -> call.tree().get("to").ifPresent(to -> collectNode("to", to, call)));
  }

  static RouteFile ofRoutes(Path path, YamlTree root) {
    return new RouteFile(path, root, false);
  }

  static RouteFile ofKamelet(Path path, YamlTree root) {
    return new RouteFile(path, root, true);
  }

  private SourceRoute kameletTemplate() {
    return new SourceRoute(this, "kamelet", root.get("metadata", "name").map(YamlTree::text).orElse(""), root);
  }

  private List<SourceRoute> topLevel() {
    return root.items().stream().flatMap(item -> item.members().stream()).flatMap(m -> m.name().equals("rest")
        ? calls(m)
        : Stream.of(new SourceRoute(this, m.name(), m.name().equals("from") ? "" : m.text("id"), m))).toList();
  }

  private Stream<SourceRoute> calls(YamlTree rest) {
    return rest.members().stream().filter(YamlTree::isList).flatMap(verb -> verb.items().stream()
        .map(call -> new SourceRoute(this, verb.name(), call.text("routeId"), call)).filter(SourceRoute::isCall));
  }

  private void collect(YamlTree tree, SourceRoute route) {
    if (tree.name().equals("from") && tree.isMap()) {
      nodes.add(new SourceNode("from", route.id(), route.isRoute(), tree));
    }
    for (YamlTree member : tree.members()) {
      if (member.name().equals("steps")) {
        member.items().stream().flatMap(item -> item.members().stream())
            .forEach(step -> collectNode(step.name(), step, route));
      } else if (BRANCHES.contains(member.name())) {
        (member.isList() ? member.items() : List.of(member))
            .forEach(branch -> collectNode(member.name(), branch, route));
      } else {
        collect(member, route);
      }
    }
    tree.items().forEach(item -> collect(item, route));
  }

  private void collectNode(String kind, YamlTree tree, SourceRoute route) {
    nodes.add(new SourceNode(kind, route.id(), route.isRoute(), tree));
    collect(tree, route);
  }

  Path path() {
    return path;
  }

  String label() {
    return path.toString();
  }

  boolean isKamelet() {
    return routes.stream().anyMatch(r -> r.kind().equals("kamelet"));
  }

  YamlTree root() {
    return root;
  }

  /** Top-level entries of a routes file, or the one template of a kamelet. */
  List<SourceRoute> entries() {
    return routes;
  }

  List<SourceRoute> routes() {
    return routes.stream().filter(SourceRoute::isRoute).toList();
  }

  /** Steps, branches and {@code from}s, top down. */
  List<SourceNode> nodes() {
    return nodes;
  }

  RouteProblem error(int line, String message, String fix) {
    return problem(Severity.ERROR, line, message, fix);
  }

  RouteProblem warning(int line, String message, String fix) {
    return problem(Severity.WARNING, line, message, fix);
  }

  private RouteProblem problem(Severity severity, int line, String message, String fix) {
    String route = routes.stream().filter(r -> r.covers(line)).map(SourceRoute::id).reduce("", (a, b) -> b);
    String node = nodes.stream().filter(n -> n.covers(line)).map(SourceNode::label).reduce("", (a, b) -> b);
    return new RouteProblem(severity, label(), line, route, node, message, fix);
  }
}
