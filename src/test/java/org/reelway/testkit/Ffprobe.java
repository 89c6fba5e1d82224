package org.reelway.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the real ffprobe reads in a file or playlist. */
public final class Ffprobe {
  private Ffprobe() {}

  /** {@code /streams/0/nb_read_packets} of the video, {@code /format/duration} in seconds. */
  public static JsonNode of(Path media) {
    return probe(
        media.toString(), "-select_streams", "v:0", "-count_packets",
        "-show_entries", "stream=nb_read_packets:format=duration,start_time");
  }

  /** Such as {@code h264}, in the order of the streams. */
  public static List<String> codecs(Path media) {
    return codecs(media.toString());
  }

  /** @param media a file or an address */
  public static List<String> codecs(String media) {
    List<String> names = new ArrayList<>();
    probe(media, "-show_entries", "stream=codec_name").path("streams")
        .forEach(stream -> names.add(stream.path("codec_name").asText()));
    return names;
  }

  private static JsonNode probe(String media, String... what) {
    List<String> command = new ArrayList<>(List.of(LiveEncoder.PROGRAMS.ffprobe().toString(), "-v", "fatal"));
    command.addAll(List.of(what));
    command.addAll(List.of("-of", "json", media));
    try {
      Process probe = new ProcessBuilder(command).redirectErrorStream(true).start();
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
