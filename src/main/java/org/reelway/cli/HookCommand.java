package org.reelway.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.reelway.config.RecordingSettings;
import org.reelway.config.Settings;
import org.reelway.config.StateSettings;
import org.reelway.failure.InputFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelway hook …}: what a media server's scripts call. Needs no running sidecar: a marker is a file. */
@Command(
    name = "hook",
    description = "Tells Reelway what a media server did; for its scripts.",
    mixinStandardHelpOptions = true,
    subcommands = HookCommand.Recorded.class)
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
      },
      mixinStandardHelpOptions = true)
  static final class Recorded implements Callable<Integer> {
    @Mixin private SettingsOptions options;

    @Parameters(paramLabel = "FILE", description = "The finished recording.")
    private Path file;

    @Option(names = "--stream", paramLabel = "NAME", description = "Name of the stream that was recorded.")
    private String stream;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Settings settings = options.load(Set.of());
      Path state = settings.get(StateSettings.FOLDER).toAbsolutePath();
      Path absolute = file.toAbsolutePath().normalize();
      RecordingFolder folder = folderOf(settings, absolute, state.resolve("markers"));
      Path inside =
          folder
              .locate(absolute)
              .orElseThrow(() -> new InputFailure(absolute + " is not there; name the finished recording by its path"));
      MarkedRecording marked =
          new Markers(state.resolve("set-aside"), Clock.systemUTC()).mark(folder, inside, stream);
      spec.commandLine().getOut().println(marked.marker());
      return 0;
    }

    /** A folder that only a route of the operator's names is not in the settings: then the file's own folder serves. */
    private static RecordingFolder folderOf(Settings settings, Path file, Path markers) {
      Optional<RecordingFolder> configured =
          settings.get(RecordingSettings.FOLDER).stream()
              .map(path -> RecordingFolder.of(path, markers))
              .filter(folder -> folder.locate(file).isPresent())
              .findFirst();
      if (configured.isPresent()) {
        return configured.get();
      }
      if (file.getParent() == null || !Files.isDirectory(file.getParent())) {
        throw new InputFailure(file + " is not there; name the finished recording by its path");
      }
      return RecordingFolder.of(file.getParent(), markers);
    }
  }
}
