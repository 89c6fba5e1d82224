package org.reelway.app;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.reelway.app.check.RouteProblem;
import org.reelway.app.check.Severity;
import org.reelway.camel.ConfiguredStore;
import org.reelway.camel.OperatorPrograms;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.settings.BackupSettings;
import org.reelway.settings.LiveSettings;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StoreSettings;
import org.reelway.transfer.ProbeReport;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.audit.Lifecycle;
import org.reelway.transfer.store.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** {@code reelway check}: settings, routes, this machine, who it talks to, and the store, by doing. */
@Command(
    name = "check",
    description = {
      "Validates settings and routes, and tries this machine, receivers and the store for real.",
      "Folders are written to and watched, ffmpeg is run, hosts are connected to. What is not there is not made.",
      "The store is tried with objects of a few bytes: put, multipart, list parts, conditional writes, checksums,"
          + " delete. Prints what was found, and what to do about it."
    },
    exitCodeList = {"0:everything would work", "1:something would not work", "2:the settings are wrong"})
final class CheckCommand extends SettingsCommand {
  private static final String THE_START = "the start";
  private static final String RECORDINGS = "recordings";

  @Option(names = "--settings", description = "Also print every setting in force, as `reelway settings` does.")
  private boolean showSettings;

  @Override
  public Integer call() {
    LogOutput.warningsOnly();
    Settings settings = settings(StoreSettings.BUCKET);
    out().println(good("settings") + " are valid");
    if (showSettings) {
      printSettings(settings);
    }
    Set<String> broken = new LinkedHashSet<>();
    RouteTrouble.Look routes = RouteTrouble.look(settings, CommandLineProgram.home());
    printRoutes(routes);
    if (!programs(settings) | !routes.isGood()) {
      broken.add(THE_START);
    }
    broken.addAll(local(settings, routes));
    if (!store(settings)) {
      broken.addAll(settings.isSet(LiveSettings.FOLDER) ? List.of(RECORDINGS, "live streams") : List.of(RECORDINGS));
    }
    settings.stores().forEach((name, group) -> {
      if (!probed("store " + name, new ConfiguredStore(settings, group))) {
        broken.add("recordings for the store " + name);
      }
    });
    if (!backup(settings)) {
      broken.add("the backup");
    }
    out().println();
    out().println(broken.isEmpty() ? good("ok") + ": " + purpose(settings) : bad("not ok") + ": " + verdict(broken));
    return broken.isEmpty() ? 0 : CommandLineProgram.FAILED;
  }

  private static String purpose(Settings settings) {
    return NodeSettings.has(settings, NodeSettings.Role.INGEST) ? "recordings would be sent"
        : "this sidecar would do " + NodeSettings.words(settings);
  }

  private static String verdict(Set<String> broken) {
    boolean sent = !broken.contains(RECORDINGS) && !broken.contains(THE_START);
    String others = broken.stream().anyMatch(each -> each.startsWith(RECORDINGS)) ? "other recordings" : RECORDINGS;
    return String.join(", ", broken) + " would not work" + (sent ? "; " + others + " would be sent" : "")
        + ": see what is marked above";
  }

  /** @return what would not work */
  private Set<String> local(Settings settings, RouteTrouble.Look routes) {
    List<LocalCheck.Finding> findings = LocalCheck.findings(settings, CommandLineProgram.home(), routes);
    out().println("this machine, and who it talks to");
    printSteps(findings.stream().map(LocalCheck.Finding::step).toList());
    Set<String> broken = new LinkedHashSet<>();
    findings.stream().filter(each -> each.step().outcome() == Outcome.FAILED).forEach(each -> broken.add(each.part()));
    return broken;
  }

  private void printSettings(Settings settings) {
    out().println(new ShownSettings(settings, false).table());
  }

  private void printRoutes(RouteTrouble.Look routes) {
    List<RouteProblem> problems = routes.problems();
    long errors = problems.stream().filter(problem -> problem.severity() == Severity.ERROR).count();
    out().println((errors == 0 ? good("routes") : bad("routes")) + summary(problems.size(), errors));
    for (RouteProblem problem : problems) {
      String word = problem.severity() == Severity.ERROR ? bad("error") : warning("warning");
      out().println("  " + word + " " + problem);
    }
  }

  /** Nothing to say where there are none. */
  private boolean programs(Settings settings) {
    try {
      OperatorPrograms.commands(settings).forEach(
          (setting, command) -> out().println(good("program") + " " + command.program() + " (" + setting.key() + ")"));
      return true;
    } catch (InputFailure e) {
      out().println(bad("program") + " " + e.getMessage());
      return false;
    }
  }

  private static String summary(long problems, long errors) {
    return problems == 0 ? " are valid" : ": " + counted(errors, "error") + ", " + counted(problems - errors, "warning");
  }

  private static String counted(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private boolean store(Settings settings) {
    return probed("store", ConfiguredStore.primary(settings));
  }

  private boolean probed(String what, ConfiguredStore configured) {
    return probe(
        what, configured, store -> printLifecycle(Lifecycle.of(store, configured.bucket(), configured.keyPrefix())));
  }

  /** Nothing to say where there is none. */
  private boolean backup(Settings settings) {
    return !settings.isSet(BackupSettings.STORE.bucket)
        || probe("backup", new ConfiguredStore(settings, BackupSettings.STORE), store -> {});
  }

  private boolean probe(String what, ConfiguredStore configured, Consumer<Store> more) {
    try (Store store = configured.connect()) {
      out().println(what + " " + store.address() + ", bucket " + configured.bucket());
      out().flush();
      ProbeReport report = configured.probe(store, configured.bucket()).run();
      printSteps(report.steps());
      more.accept(store);
      return report.works();
    } catch (DestinationFailure e) {
      out().println("  " + bad("failed") + " " + e.getMessage());
      return false;
    }
  }

  private void printSteps(List<ProbeReport.Step> steps) {
    List<List<String>> rows =
        steps.stream()
            .map(step -> List.of(step.what(), word(step.outcome()), step.found()))
            .toList();
    ConsoleTable.CellStyle colours =
        (row, column, padded) ->
            row < 0 || column != 1 ? padded : styled(steps.get(row).outcome(), padded);
    out().println(new ConsoleTable(List.of("what", "result", "found"), rows, colours).text());
  }

  private void printLifecycle(Lifecycle lifecycle) {
    String word =
        switch (lifecycle.state()) {
          case COVERED -> good("lifecycle");
          case MISSING -> warning("lifecycle");
          case UNKNOWN -> "lifecycle";
        };
    out().println(word + ": " + lifecycle.words());
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case OK -> "ok";
      case LESS -> "less";
      case FAILED -> "FAILED";
    };
  }

  private String styled(Outcome outcome, String text) {
    return switch (outcome) {
      case OK -> good(text);
      case LESS -> warning(text);
      case FAILED -> bad(text);
    };
  }

  private String good(String text) {
    return style("green", text);
  }

  private String warning(String text) {
    return style("yellow", text);
  }

  private String bad(String text) {
    return style("bold,red", text);
  }

  private String style(String style, String text) {
    Ansi ansi = ansi();
    return ansi.string("@|" + style + " " + text + "|@");
  }
}
