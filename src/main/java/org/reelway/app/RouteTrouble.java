package org.reelway.app;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.reelway.app.check.RouteProblem;
import org.reelway.app.check.RoutesCheck;
import org.reelway.app.check.Severity;
import org.reelway.camel.CallbackFeature;
import org.reelway.camel.CamelProperties;
import org.reelway.camel.ReelwayComponent;
import org.reelway.camel.RelayFeature;
import org.reelway.camel.TrialBeans;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Settings;

/** Explains by file and line why routes did not start; looked for only then, since looking takes as long as a start. */
final class RouteTrouble {
  private RouteTrouble() {}

  static RuntimeException explain(Settings settings, Path home, RuntimeException failure) {
    List<RouteProblem> errors =
        look(settings, home).problems().stream().filter(problem -> problem.severity() == Severity.ERROR).toList();
    if (errors.isEmpty()) {
      // What no trial can see, such as an address that is taken; a failure of ours says itself what is wrong.
      return RoutesCheck.startFailure(failure)
          .<RuntimeException>map(why -> new InputFailure(why + "; correct it in " + CamelProperties.routes(settings, home), failure))
          .orElse(failure);
    }
    StringBuilder text = new StringBuilder("the routes cannot run:");
    errors.forEach(problem -> text.append(System.lineSeparator()).append("  ").append(problem));
    return new InputFailure(text.toString(), failure instanceof Failure ? null : failure);
  }

  /** Of the routes in their folders now; nothing where they may run. */
  static List<String> errors(Settings settings, Path home) {
    return look(settings, home).problems().stream().filter(problem -> problem.severity() == Severity.ERROR)
        .map(RouteProblem::toString).toList();
  }

  /**
   * What a trial build of the routes found.
   *
   * @param recordings folders that they would watch for recordings, as far as they can be built
   * @param live the same for live streams
   */
  record Look(List<RouteProblem> problems, List<Path> recordings, List<Path> live) {
    boolean isGood() {
      return problems.stream().noneMatch(problem -> problem.severity() == Severity.ERROR);
    }
  }

  static Look look(Settings settings, Path home) {
    AtomicReference<ReelwayComponent> last = new AtomicReference<>();
    List<RouteProblem> problems =
        new RoutesCheck(
                CamelProperties.routes(settings, home),
                CamelProperties.kamelets(settings, home),
                RelayFeature.destinations(settings).names(),
                CallbackFeature.receiverNames(settings),
                settings.stores().keySet())
            .problems(context -> last.set(TrialBeans.bind(context, settings)), CamelProperties.placeholders(settings));
    return last.get() == null
        ? new Look(problems, List.of(), List.of())
        : new Look(problems, last.get().recordingFolders(), last.get().liveFolders());
  }
}
