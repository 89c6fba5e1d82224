package org.reelway.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.reelway.failure.InputFailure;
import org.reelway.media.tracks.MovieTracks;
import org.reelway.media.tracks.TracksJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelway tracks FILE}: what Flashphoner's {@code offline_mixer_tool.sh --show-tracks-info} prints. */
@Command(
    name = "tracks",
    description = {
      "Prints the tracks of an MP4 as JSON: whose they are, and when each of them was on.",
      "Only the file's index is read, so that its size does not matter."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:printed",
      "1:FILE cannot be read; why is told",
      "2:the command line is wrong, or FILE is no sound MP4",
      "64:FILE is not there"
    })
final class TracksCommand implements Callable<Integer> {
  /** As Flashphoner's tool answers. */
  static final int NO_FILE = 64;

  @Parameters(paramLabel = "FILE", description = "The recording.")
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(file)) {
      spec.commandLine().getErr().println("reelway: " + file + " is not there; name a recording by its path");
      return NO_FILE;
    }
    if (!Files.isRegularFile(file)) {
      throw new InputFailure(file + " is not a regular file; name a recording by its path");
    }
    spec.commandLine().getOut().println(TracksJson.of(MovieTracks.of(file)));
    return 0;
  }
}
