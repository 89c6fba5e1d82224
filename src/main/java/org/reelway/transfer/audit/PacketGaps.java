package org.reelway.transfer.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Finds the places where a track has nothing for more than a second: the next packet's decoding time is that much later
 * than the end of the one before it. Fed with {@code ffprobe}'s lines, in the order of the file; memory does not grow
 * with the file.
 */
final class PacketGaps implements Consumer<String> {
  /** Shorter ones are the rhythm of streams with a low frame rate, and of lost frames. */
  static final double SECONDS = 1.0;
  private static final int MOST_LISTED = 1000;

  private final Map<Integer, Double> ends = new HashMap<>();
  private final Map<Integer, Long> packets = new TreeMap<>();
  private final ObjectNode json;
  private long found;
  private long backwards;

  /** @param json gets the result */
  PacketGaps(ObjectNode json) {
    this.json = json;
    json.putArray("found");
  }

  @Override
  public void accept(String line) {
    Map<String, String> packet = new HashMap<>();
    for (String field : line.split("\\|")) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        packet.put(field.substring(0, equals), field.substring(equals + 1));
      }
    }
    Double time = number(packet.getOrDefault("dts_time", packet.get("pts_time")));
    Double track = number(packet.get("stream_index"));
    if (time != null && track != null) {
      packet(track.intValue(), time, number(packet.get("duration_time")));
    }
  }

  private void packet(int track, double time, Double duration) {
    Double end = ends.get(track);
    if (end != null && time - end > SECONDS) {
      gap(track, end, time - end);
    } else if (end != null && end - time > SECONDS) {
      backwards++;
    }
    ends.put(track, time + (duration == null ? 0 : duration));
    packets.merge(track, 1L, Long::sum);
  }

  private void gap(int track, double from, double seconds) {
    found++;
    if (found <= MOST_LISTED) {
      json.withArray("found").addObject().put("track", track).put("fromSeconds", from).put("seconds", millis(seconds));
    }
  }

  private static double millis(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }

  private static Double number(String text) {
    try {
      return text == null ? null : Double.valueOf(text);
    } catch (NumberFormatException notKnown) {
      return null;
    }
  }

  /** After the last line. */
  void end() {
    json.put("count", found).put("timesThatJumpBack", backwards);
    packets.forEach((track, count) -> json.withObject("/packets").put(String.valueOf(track), count));
  }
}
