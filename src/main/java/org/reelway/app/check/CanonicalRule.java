package org.reelway.app.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Canonical form: every step is a map, every expression stands under {@code expression}, and its language is a map.
 * Short forms run, yet have no place for an id and are rewritten by the visual editors.
 */
final class CanonicalRule {
  private static final Set<String> LANGUAGES = Set.of("constant", "csimple", "datasonnet", "exchangeProperty",
      "groovy", "header", "java", "jq", "jsonpath", "language", "method", "ref", "simple", "spel", "variable", "xpath");

  private static final Set<String> EXPRESSION_STEPS = Set.of("setBody", "setHeader", "setProperty", "setVariable",
      "transform", "filter", "when", "split", "loop", "delay", "validate", "recipientList", "routingSlip",
      "dynamicRouter", "idempotentConsumer", "enrich", "pollEnrich", "resequence", "script", "throttle");

  List<RouteProblem> problems(RouteFile file) {
    List<RouteProblem> problems = new ArrayList<>();
    for (SourceNode node : file.nodes()) {
      if (SchemaFindings.MEMBERS.contains(node.kind())) {
        continue; // The schema has said that a step's name is missing there.
      }
      if (node.tree().isText()) {
        problems.add(file.warning(node.line(), "not canonical: '" + node.kind() + "' is given as text",
            "write '" + node.kind() + ":' as a map with an id"));
      } else if (EXPRESSION_STEPS.contains(node.kind())) {
        expression(file, node, problems);
      }
    }
    return problems;
  }

  private static void expression(RouteFile file, SourceNode node, List<RouteProblem> problems) {
    node.tree().members().stream().filter(m -> LANGUAGES.contains(m.name()))
        .forEach(m -> problems.add(file.warning(m.line(), "not canonical: '" + m.name() + "' stands directly under '"
            + node.kind() + "'", "put it under 'expression:'")));
    node.tree().get("expression").stream().flatMap(e -> e.members().stream())
        .filter(m -> m.isText() && LANGUAGES.contains(m.name()))
        .forEach(m -> problems.add(file.warning(m.line(), "not canonical: '" + m.name() + "' is given as text",
            "write '" + m.name() + ":' and under it 'expression:'")));
  }
}
