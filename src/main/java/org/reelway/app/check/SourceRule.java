package org.reelway.app.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An address starts one route, and the route that Camel makes of a kamelet has an id of its own. Camel finds the first out
 * while it starts; where two routes have one id it drops one of them, or fails to start with a reason that says nothing.
 */
final class SourceRule {
  /** Components that take one route for each address; here two addresses are the same by their path alone. */
  private static final Set<String> BY_PATH = Set.of("direct", "quartz");
  /** The same, with all that follows the path. */
  private static final Set<String> BY_URI = Set.of("kamelet", "platform-http", "file");

  private final Map<String, String> started = new HashMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private final List<RouteProblem> problems = new ArrayList<>();

  private SourceRule() {}

  /** @param uses of endpoints in these files */
  static List<RouteProblem> problems(List<RouteFile> routes, List<EndpointUse> uses) {
    SourceRule rule = new SourceRule();
    routes.stream().flatMap(file -> file.routes().stream()).filter(route -> !route.id().isBlank())
        .forEach(route -> rule.ids.putIfAbsent(route.id(), route.file().label() + ":" + route.line()));
    Map<String, String> kamelets = new HashMap<>();
    for (EndpointUse use : uses) {
      boolean told = use.isKamelet() && rule.named(use, kamelets);
      if (use.consumer() && !told) {
        rule.starts(use);
      }
    }
    return rule.problems;
  }

  private void starts(EndpointUse use) {
    String address = BY_PATH.contains(use.scheme()) ? use.scheme() + ":" + use.path() : use.uri();
    if (!BY_PATH.contains(use.scheme()) && !BY_URI.contains(use.scheme())) {
      return;
    }
    String first = started.putIfAbsent(address, place(use));
    if (first != null) {
      problems.add(use.file().error(use.line(), shown(use) + " starts the route at " + first + " already, and can start one only",
          use.isKamelet() ? "give each a name: " + other(use) : "name another address, or join the two routes"));
    }
  }

  /** @return whether it was told that its name is another one's */
  private boolean named(EndpointUse use, Map<String, String> kamelets) {
    String id = use.kameletRoute();
    if (id.isEmpty() || use.uri().equals(kamelets.get(id))) {
      return false;
    }
    String first = ids.putIfAbsent(id, place(use));
    kamelets.putIfAbsent(id, use.uri());
    if (first != null) {
      problems.add(use.file().error(use.line(), "'" + id + "' in " + shown(use) + " is the id of the route that is made of the"
          + " kamelet, and is already that of " + first, "write another name: " + other(use)));
    }
    return first != null;
  }

  private static String shown(EndpointUse use) {
    return use.scheme() + ":" + use.path();
  }

  private static String other(EndpointUse use) {
    String name = use.kameletRoute().isEmpty() ? "a-name-of-its-own" : use.kameletRoute() + (use.consumer() ? "-in" : "-2");
    return "kamelet:" + use.kamelet() + "/" + name;
  }

  private static String place(EndpointUse use) {
    return use.file().label() + ":" + use.line();
  }
}
