package org.reelway.app.check;

import java.util.Comparator;

/**
 * One thing that is wrong with the routes or kamelets.
 *
 * @param file the file (or folder) as an operator would name it, for example {@code routes/20-transfer.camel.yaml}
 * @param line the line, from 1; 0 when the problem is that of the whole file or folder
 * @param routeId id of the route or kamelet, empty when there is none
 * @param node id of the step (its kind, for example {@code to}, when it has no id), empty when there is none
 * @param message what was found, and what is allowed
 * @param fix what to do
 */
public record RouteProblem(
    Severity severity, String file, int line, String routeId, String node, String message, String fix) {

  static final Comparator<RouteProblem> BY_PLACE =
      Comparator.comparing(RouteProblem::file).thenComparingInt(RouteProblem::line)
          .thenComparing(RouteProblem::severity).thenComparing(RouteProblem::message);

  /** For example {@code routes/20-x.camel.yaml:14: route recordings-transfer, node transfer: …; fix: …}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(place()).append(": ");
    if (!routeId.isEmpty()) {
      text.append(file.endsWith(".kamelet.yaml") ? "kamelet " : "route ").append(routeId)
          .append(node.isEmpty() ? ": " : ", ");
    }
    if (!node.isEmpty()) {
      text.append("node ").append(node).append(": ");
    }
    return text.append(message).append("; fix: ").append(fix).toString();
  }

  /** {@code file:line}, or the file alone. */
  public String place() {
    return line > 0 ? file + ":" + line : file;
  }
}
