package org.reelway.app.check;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A condition of {@code simple} has no brackets and is taken from left to right, so that {@code a || b && c} is not what it is in
 * other languages. Camel says nothing of it.
 */
final class ConditionRule {
  private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");
  private static final Pattern AND_BEHIND_OR = Pattern.compile("\\|\\|.*&&", Pattern.DOTALL);

  List<RouteProblem> problems(RouteFile file) {
    return file.root().walk().filter(tree -> tree.name().equals("simple"))
        .map(tree -> tree.isText() ? tree : tree.get("expression").orElse(tree))
        .filter(tree -> AND_BEHIND_OR.matcher(QUOTED.matcher(tree.text()).replaceAll("")).find())
        .map(tree -> file.warning(tree.line(), "'&&' stands behind '||', and is taken from left to right: what stands before it counts "
            + "as one condition", "write what '&&' joins first, or put one filter into another"))
        .toList();
  }
}
