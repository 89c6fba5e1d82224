package org.reelway.app.check;

import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.util.URISupport;
import org.reelway.settings.MessageText;

/** Endpoints that are made with the first message: of their address only the component and the names of options are known. */
final class DynamicUriRule {
  private static final Set<String> STEPS = Set.of("toD", "wireTap");

  private final CamelContext camel;
  private final Placeholders placeholders;

  DynamicUriRule(CamelContext camel, Map<String, String> properties) {
    this.camel = camel;
    this.placeholders = new Placeholders(properties);
  }

  List<RouteProblem> problems(RouteFile file) {
    List<RouteProblem> problems = new ArrayList<>();
    file.root().walk().filter(tree -> STEPS.contains(tree.name())).forEach(step -> check(file, step, problems));
    return problems;
  }

  private void check(RouteFile file, YamlTree step, List<RouteProblem> problems) {
    String uri = placeholders.resolved(step.isText() ? step.text() : step.text("uri"));
    String scheme = uri.replaceFirst("[:?].*", "");
    int line = step.get("uri").map(YamlTree::line).orElse(step.line());
    if (!scheme.matches("[a-z][a-z0-9-]*")) {
      return;
    }
    EndpointUriFactory known = camel.getCamelContextExtension().getEndpointUriFactory(scheme);
    if (known == null) {
      if (camel.hasComponent(scheme) == null) {
        CamelFailure.Told told = CamelFailure.noComponent(scheme);
        problems.add(file.error(line, told.message(), told.fix()));
      }
      return;
    }
    if (known.isLenientProperties()) {
      return;
    }
    for (YamlTree option : step.get("parameters").map(YamlTree::members).orElse(List.of())) {
      option(file, option.line(), scheme, option.name(), known, problems);
    }
    for (String option : names(uri)) {
      option(file, line, scheme, option, known, problems);
    }
  }

  private static Set<String> names(String uri) {
    int query = uri.indexOf('?');
    try {
      return query < 0 ? Set.of() : URISupport.parseQuery(uri.substring(query + 1), true, true).keySet();
    } catch (URISyntaxException e) {
      return Set.of();
    }
  }

  private static void option(
      RouteFile file, int line, String scheme, String name, EndpointUriFactory known, List<RouteProblem> problems) {
    boolean several = known.multiValuePrefixes().values().stream().anyMatch(name::startsWith);
    if (several || name.contains("${") || known.propertyNames().contains(name)) {
      return;
    }
    CamelFailure.Told told = CamelFailure.noOption(scheme, name, MessageText.near(name, new HashSet<>(known.propertyNames())));
    problems.add(file.error(line, told.message(), told.fix()));
  }
}
