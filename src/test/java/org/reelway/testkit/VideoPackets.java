package org.reelway.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The pictures of a stream that is sent round and round, known again in whatever file by what they hold. */
public final class VideoPackets {
  private final Map<String, Integer> places = new LinkedHashMap<>();

  private VideoPackets() {}

  /** @param media with pictures that all differ */
  public static VideoPackets of(Path media) {
    VideoPackets packets = new VideoPackets();
    List<String> hashes = hashes(media);
    hashes.forEach(hash -> packets.places.put(hash, packets.places.size()));
    if (packets.places.size() != hashes.size()) {
      throw new AssertionError("two pictures of " + media + " are the same");
    }
    return packets;
  }

  public int count() {
    return places.size();
  }

  /** Which pictures the file has, by their places in the stream; fails where it has others. */
  public List<Integer> in(Path file) {
    return hashes(file).stream()
        .map(hash -> {
          Integer place = places.get(hash);
          if (place == null) {
            throw new AssertionError(file + " has a picture that was not sent: " + hash);
          }
          return place;
        })
        .toList();
  }

  private static List<String> hashes(Path media) {
    try {
      Process probe =
          new ProcessBuilder(
                  LiveEncoder.PROGRAMS.ffprobe().toString(), "-v", "error", "-select_streams", "v:0", "-show_packets",
                  "-show_data_hash", "md5", "-show_entries", "packet=data_hash", "-of", "json", media.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(probe.getInputStream().readAllBytes());
      if (!probe.waitFor(60, TimeUnit.SECONDS) || probe.exitValue() != 0) {
        throw new AssertionError(said);
      }
      List<String> all = new ArrayList<>();
      for (JsonNode packet : JsonMapper.builder().build().readTree(said).path("packets")) {
        all.add(packet.path("data_hash").asText());
      }
      return all;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
