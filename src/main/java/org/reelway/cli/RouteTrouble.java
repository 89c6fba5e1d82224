package org.reelway.cli;

import java.nio.file.Path;
import java.util.List;
import org.reelway.camel.Sidecar;
import org.reelway.check.RouteProblem;
import org.reelway.check.RoutesCheck;
import org.reelway.check.Severity;
import org.reelway.config.RouteSettings;
import org.reelway.config.Settings;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;

/** Explains by file and line why routes did not start; looked for only then, since looking takes as long as a start. */
final class RouteTrouble {
  private RouteTrouble() {}

  static RuntimeException explain(Settings settings, Path home, RuntimeException failure) {
    List<RouteProblem> errors =
        problems(settings, home).stream().filter(problem -> problem.severity() == Severity.ERROR).toList();
    if (errors.isEmpty()) {
      return failure;
    }
    StringBuilder text = new StringBuilder("the routes cannot run:");
    errors.forEach(problem -> text.append(System.lineSeparator()).append("  ").append(problem));
    return new InputFailure(text.toString(), failure instanceof Failure ? null : failure);
  }

  static List<RouteProblem> problems(Settings settings, Path home) {
    return new RoutesCheck(
            Sidecar.folder(settings, RouteSettings.FOLDER, home),
            Sidecar.folder(settings, RouteSettings.KAMELETS, home))
        .problems(Sidecar::bindForTrial, Sidecar.placeholders(settings));
  }
}
