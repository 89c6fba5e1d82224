package org.reelway.transfer.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.reelway.failure.Failure;
import org.reelway.media.ffmpeg.MediaProbe;

/** What ffprobe says of a recording, for its manifest. What it cannot say is said instead of it, and stops nothing. */
final class MediaFacts {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> NAMES = List.of("language", "handler_name", "title");

  private final Supplier<MediaProbe> ffprobe;
  private MediaProbe known;

  MediaFacts(Supplier<MediaProbe> ffprobe) {
    this.ffprobe = ffprobe;
  }

  private synchronized MediaProbe ffprobe() {
    if (known == null) {
      known = ffprobe.get();
    }
    return known;
  }

  static JsonNode notLookedAt(String why) {
    return JSON.createObjectNode().put("error", why);
  }

  /** @param packets whether every packet is read, to find gaps within tracks */
  JsonNode of(Path file, boolean packets) throws InterruptedException {
    try {
      MediaProbe probe = ffprobe();
      JsonNode answer = probe.json(file);
      ObjectNode media = container(answer.path("format"));
      answer.path("streams").forEach(stream -> media.withArray("tracks").add(track(stream)));
      media.set("gaps", packets ? packetGaps(probe, file) : startGaps(answer.path("streams")));
      return media;
    } catch (Failure e) {
      return notLookedAt(e.getMessage());
    }
  }

  private static ObjectNode container(JsonNode format) {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", format.path("format_name").asText());
    number(format, "duration", json, "durationSeconds");
    number(format, "start_time", json, "startSeconds");
    number(format, "bit_rate", json, "bitRate");
    json.putArray("tracks");
    return json;
  }

  private static ObjectNode track(JsonNode stream) {
    ObjectNode json = JSON.createObjectNode();
    json.put("index", stream.path("index").asInt())
        .put("type", stream.path("codec_type").asText())
        .put("codec", stream.path("codec_name").asText());
    text(stream, "profile", json, "profile");
    number(stream, "width", json, "width");
    number(stream, "height", json, "height");
    text(stream, "avg_frame_rate", json, "frameRate");
    number(stream, "sample_rate", json, "sampleRate");
    number(stream, "channels", json, "channels");
    number(stream, "start_time", json, "startSeconds");
    number(stream, "duration", json, "durationSeconds");
    number(stream, "bit_rate", json, "bitRate");
    for (String name : NAMES) {
      text(stream.path("tags"), name, json, name.replace("handler_name", "name"));
    }
    return json;
  }

  private static void text(JsonNode from, String member, ObjectNode to, String name) {
    String text = from.path(member).asText("");
    if (!text.isEmpty() && !text.equals("0/0")) {
      to.put(name, text);
    }
  }

  /** ffprobe gives most numbers as text. */
  private static void number(JsonNode from, String member, ObjectNode to, String name) {
    JsonNode value = from.path(member);
    if (!value.isMissingNode() && !value.asText().equals("N/A")) {
      double number = value.asDouble();
      if (number == Math.rint(number) && Math.abs(number) < Long.MAX_VALUE) {
        to.put(name, (long) number);
      } else {
        to.put(name, number);
      }
    }
  }

  /** What the container itself tells: tracks that begin later than the first. */
  private static ObjectNode startGaps(JsonNode streams) {
    ObjectNode json = JSON.createObjectNode();
    json.put("looked", "starts of tracks").put("longerThanSeconds", PacketGaps.SECONDS).putArray("found");
    double first = Double.MAX_VALUE;
    for (JsonNode stream : streams) {
      first = Math.min(first, start(stream, first));
    }
    int count = 0;
    for (JsonNode stream : streams) {
      double late = start(stream, first) - first;
      if (late > PacketGaps.SECONDS) {
        count++;
        json.withArray("found")
            .addObject()
            .put("track", stream.path("index").asInt())
            .put("fromSeconds", first)
            .put("seconds", late);
      }
    }
    return json.put("count", count);
  }

  private static double start(JsonNode stream, double otherwise) {
    return stream.has("start_time") ? stream.path("start_time").asDouble(otherwise) : otherwise;
  }

  private static ObjectNode packetGaps(MediaProbe probe, Path file) throws InterruptedException {
    ObjectNode json = JSON.createObjectNode();
    json.put("looked", "times of packets").put("longerThanSeconds", PacketGaps.SECONDS);
    PacketGaps gaps = new PacketGaps(json);
    try {
      probe.packets(file, gaps);
      gaps.end();
    } catch (Failure e) {
      return JSON.createObjectNode().put("error", e.getMessage());
    }
    return json;
  }
}
