package org.reelway.app.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.reelway.settings.MessageText;

/**
 * Destinations that routes name are configured: the parameter of a relay, or where it has none the constant body that a
 * {@code setBody} or {@code split} before it makes. What is known only while running is not looked at.
 */
final class DestinationRule {
  /** Steps that leave the body as it is. */
  private static final Set<String> KEEP = Set.of("setHeader", "setHeaders", "setProperty", "setVariable", "removeHeader",
      "removeHeaders", "log", "delay", "stop");
  private static final Set<String> INSIDE = Set.of("filter", "choice", "when", "otherwise", "doTry", "doCatch", "doFinally");

  private final Set<String> destinations;
  private final Map<String, String> properties;
  private final List<RouteProblem> problems = new ArrayList<>();

  /** @param destinations that are configured, by name */
  DestinationRule(Collection<String> destinations, Map<String, String> properties) {
    this.destinations = new TreeSet<>(destinations);
    this.properties = properties;
  }

  /** Names that a body is known to have; empty where nothing is known. */
  private record Body(RouteFile file, int line, List<String> names) {}

  List<RouteProblem> problems(RouteFile file) {
    EndpointUse.in(file, properties).stream().filter(DestinationRule::isRelay)
        .filter(use -> !use.parameters().getOrDefault("destination", "").isEmpty())
        .forEach(use -> require(new Body(file, use.line(), List.of(use.parameters().get("destination")))));
    file.routes().forEach(route -> route.tree().get("from", "steps")
        .or(() -> route.tree().get("steps")).ifPresent(steps -> follow(steps, new Body(file, 0, List.of()))));
    return problems;
  }

  /** @return the body behind the steps */
  private Body follow(YamlTree steps, Body before) {
    Body body = before;
    for (YamlTree step : steps.items().stream().flatMap(item -> item.members().stream()).toList()) {
      body = step(step, body);
    }
    return body;
  }

  private Body step(YamlTree step, Body body) {
    Body unknown = new Body(body.file(), 0, List.of());
    if (step.name().equals("setBody")) {
      return constant(step, body.file()).orElse(unknown);
    }
    if (step.name().equals("split")) {
      String delimiter = step.get("delimiter").map(YamlTree::text).orElse(",");
      Body parts = constant(step, body.file())
          .map(all -> new Body(all.file(), all.line(), parts(all.names().get(0), delimiter))).orElse(unknown);
      step.get("steps").ifPresent(steps -> follow(steps, parts));
      return body;
    }
    if (INSIDE.contains(step.name())) {
      // Whatever one way through it does to the body, another may not have done.
      return inside(step, body) ? body : unknown;
    }
    if (step.name().matches("to|toD|kamelet")) {
      boolean relay = uses(step, body.file()).anyMatch(DestinationRule::isRelay);
      if (uses(step, body.file()).anyMatch(use -> isRelay(use) && namesBody(use))) {
        require(body);
      }
      return relay ? body : unknown;
    }
    return KEEP.contains(step.name()) ? body : unknown;
  }

  /** @return whether all ways keep the body */
  private boolean inside(YamlTree block, Body body) {
    boolean kept = true;
    for (YamlTree member : block.members()) {
      if (member.name().equals("steps")) {
        kept &= follow(member, body).equals(body);
      } else if (INSIDE.contains(member.name())) {
        for (YamlTree way : member.isList() ? member.items() : List.of(member)) {
          kept &= inside(way, body);
        }
      }
    }
    return kept;
  }

  private Optional<Body> constant(YamlTree step, RouteFile file) {
    YamlTree holder = step.get("expression").orElse(step);
    return Stream.of("constant", "simple").flatMap(language -> holder.get(language).stream())
        .map(language -> language.isText() ? language : language.get("expression").orElse(language))
        .filter(YamlTree::isText)
        .map(text -> new Body(file, text.line(), List.of(new Placeholders(properties).resolved(text.text()))))
        .findFirst();
  }

  private static List<String> parts(String text, String delimiter) {
    return Arrays.stream(text.split(java.util.regex.Pattern.quote(delimiter))).filter(name -> !name.isEmpty()).toList();
  }

  private Stream<EndpointUse> uses(YamlTree step, RouteFile file) {
    return EndpointUse.in(file, properties).stream()
        .filter(use -> step.line() <= use.line() && use.line() <= step.lastLine());
  }

  private static boolean isRelay(EndpointUse use) {
    return use.isKamelet() ? use.kamelet().equals("relay") : use.scheme().equals("reelway") && use.path().equals("relay");
  }

  private static boolean namesBody(EndpointUse use) {
    String named = use.parameters().getOrDefault("destination", "");
    return named.isEmpty() || named.equals("${body}");
  }

  private void require(Body body) {
    body.names().stream().filter(name -> !name.contains("{") && !destinations.contains(name)).distinct().forEach(name -> {
      String near = MessageText.near(name, destinations).map(n -> ": did you mean '" + n + "'?").orElse("");
      problems.add(body.file().error(body.line(), "no destination is named '" + name + "'" + near,
          (destinations.isEmpty() ? "" : "use one of " + String.join(", ", destinations) + ", or ")
              + "add " + name + "=URI to reelway.routing.destinations"));
    });
  }
}
