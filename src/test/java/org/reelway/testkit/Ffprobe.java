package org.reelway.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the real ffprobe reads in a file or playlist. */
public final class Ffprobe {
  private Ffprobe() {}

  /** {@code /streams/0/nb_read_packets} of the video, {@code /format/duration} in seconds. */
  public static JsonNode of(Path media) {
    try {
      Process probe =
          new ProcessBuilder(
                  LiveEncoder.PROGRAMS.ffprobe().toString(), "-v", "error", "-select_streams", "v:0", "-count_packets",
                  "-show_entries", "stream=nb_read_packets:format=duration,start_time", "-of", "json", media.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(probe.getInputStream().readAllBytes());
      if (!probe.waitFor(30, TimeUnit.SECONDS) || probe.exitValue() != 0) {
        throw new AssertionError(said);
      }
      return JsonMapper.builder().build().readTree(said);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
