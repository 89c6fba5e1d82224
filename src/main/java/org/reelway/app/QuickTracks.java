package org.reelway.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.reelway.media.tracks.MovieTracks;
import org.reelway.media.tracks.TracksJson;

/**
 * {@code reelway tracks FILE} where nothing is wrong with it: the index is read in a moment, and to set the command line
 * up takes several times as long. All else is {@link TracksCommand}'s.
 */
public final class QuickTracks {
  private QuickTracks() {}

  /** @return whether it was this command, and is done; else nothing was printed */
  public static boolean printed(String... arguments) {
    if (arguments.length != 2 || !arguments[0].equals("tracks") || !isPlain(arguments[1])) {
      return false;
    }
    try {
      Path file = Path.of(arguments[1]);
      if (!Files.isRegularFile(file)) {
        return false;
      }
      byte[] json = (TracksJson.of(MovieTracks.of(file)) + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
      System.out.write(json, 0, json.length);
      System.out.flush();
      return true;
    } catch (IOException | RuntimeException e) {
      // The command comes upon it again, and tells it.
      return false;
    }
  }

  /** Neither an option nor a file of arguments. */
  private static boolean isPlain(String argument) {
    return !argument.isEmpty() && !argument.startsWith("-") && !argument.startsWith("@");
  }
}
