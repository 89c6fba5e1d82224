package org.reelway.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.reelway.app.demo.DemoScreen;
import org.reelway.app.demo.LiveDemo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reelway demo live}: the live workflow in a minute, with nothing but this folder. */
@Command(
    name = "live",
    description = {
      "Shows the life of a live stream on this machine alone, by the API /streams of a real sidecar.",
      "Makes a stream, publishes a test picture to its ingest with the bundled ffmpeg, puts it on the live address, splits"
          + " ten seconds out of its archive while it runs, and stops it. Needs no account; touches only its folder."
    },
    mixinStandardHelpOptions = true)
final class LiveDemoCommand implements Callable<Integer> {
  @Option(names = "--keep", description = "Stay live until Ctrl-C.")
  private boolean keep;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "Where store and state go (default: demo/live in the program's folder).")
  private Path folder;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "24",
      description = "How long the stream is on, 16 to 3600 (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LogOutput.warningsOnly();
    DemoCommand.requireStore();
    Path where = folder != null ? folder : CommandLineProgram.home().resolve("demo").resolve("live");
    DemoScreen screen =
        new DemoScreen(spec.commandLine().getOut(), spec.commandLine().getColorScheme().ansi(), Terminal.isWatched());
    return new LiveDemo(where, CommandLineProgram.home(), seconds, screen).run(keep) ? 0 : CommandLineProgram.FAILED;
  }
}
