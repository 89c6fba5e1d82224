package org.reelway.app.check;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.reelway.settings.MessageText;

/** What is sent to {@code direct:name} is consumed by some route: Camel finds out with the first message only. */
final class DirectRule {

  List<RouteProblem> problems(List<EndpointUse> uses) {
    Set<String> consumed = new TreeSet<>();
    uses.stream().filter(u -> u.scheme().equals("direct") && u.consumer()).forEach(u -> consumed.add(u.path()));
    return uses.stream().filter(u -> u.scheme().equals("direct") && !consumed.contains(u.path()))
        .map(u -> problem(u, consumed)).toList();
  }

  private static RouteProblem problem(EndpointUse use, Set<String> consumed) {
    String near = MessageText.near(use.path(), consumed).map(n -> ": did you mean 'direct:" + n + "'?").orElse("");
    return use.file().error(use.line(), "no route consumes direct:" + use.path() + near, consumed.isEmpty()
        ? "add a route with 'from: direct:" + use.path() + "'"
        : "use one of direct:" + String.join(", direct:", consumed) + ", or add a route that consumes it");
  }
}
