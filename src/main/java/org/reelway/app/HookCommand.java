package org.reelway.app;

import java.nio.file.Path;
import org.reelway.recording.MarkedRecording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelway hook …}: what a media server's scripts call. */
@Command(
    name = "hook",
    description = "Tells Reelway what a media server did; for its scripts.",
    mixinStandardHelpOptions = true,
    subcommands = {HookCommand.Recorded.class, MixHook.class, MediaMtxHook.class})
final class HookCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code reelway hook recorded FILE}: orders the transfer of a finished recording. */
  @Command(
      name = "recorded",
      description = {
        "A recording is finished: writes its marker durably and returns at once.",
        "The sidecar may run or not; it sends the recording when it sees the marker."
      })
  static final class Recorded extends SettingsCommand {
    @Parameters(paramLabel = "FILE", description = "The finished recording.")
    private Path file;

    @Option(names = "--stream", paramLabel = "NAME", description = "Name of the stream that was recorded.")
    private String stream;

    @Override
    public Integer call() {
      MarkedRecording marked = new MarkedByCommand(settingsWithoutSecretFiles()).mark(file, stream);
      out().println(marked.marker());
      return 0;
    }
  }
}
