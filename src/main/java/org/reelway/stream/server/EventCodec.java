package org.reelway.stream.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import org.reelway.failure.ForeignJson;
import org.reelway.failure.OurFailure;

/** Events that are acted on later, as text and back. */
final class EventCodec {
  private static final JsonMapper JSON = ForeignJson.reader().build();
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  String write(ServerEvent event) {
    EventOrigin told = event.told();
    ObjectNode json = JSON.createObjectNode();
    json.put("kind", event.kind().word()).put("source", told.source()).put("server", told.server());
    json.put("type", told.type()).put("at", told.at().toString()).put("from", told.time().from());
    json.put("received", told.received().toString()).put("id", told.id());
    if (event instanceof ServerEvent.StreamStarted started) {
      json.set("stream", JSON.valueToTree(started.stream()));
    } else if (event instanceof ServerEvent.StreamEnded ended) {
      json.set("stream", JSON.valueToTree(ended.stream()));
    } else if (event instanceof ServerEvent.TimerFired timer) {
      json.put("timer", timer.timer()).put("count", timer.count());
      json.set("variables", JSON.valueToTree(timer.variables()));
    } else if (event instanceof ServerEvent.MultiRecordingAdded added) {
      json.put("uri", added.uri()).put("session", added.session()).put("file", added.file());
    } else if (event instanceof ServerEvent.MultiRecordingRemoved removed) {
      json.put("uri", removed.uri()).put("session", removed.session()).put("file", removed.file());
    } else if (!(event instanceof ServerEvent.ServerStarted)) {
      throw new OurFailure("events of the kind " + event.kind().word() + " are not stored");
    }
    return json.toString();
  }

  ServerEvent read(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      EventOrigin told =
          new EventOrigin(
              text(json, "source"), text(json, "server"), text(json, "type"),
              new ServerTime(Instant.parse(text(json, "at")), text(json, "from")), Instant.parse(text(json, "received")),
              text(json, "id"));
      EventKind kind = EventKind.of(text(json, "kind")).orElseThrow(() -> new OurFailure("no kind in " + text));
      return switch (kind) {
        case SERVER_STARTED -> new ServerEvent.ServerStarted(told);
        case STREAM_STARTED -> new ServerEvent.StreamStarted(told, stream(json));
        case STREAM_ENDED -> new ServerEvent.StreamEnded(told, stream(json));
        case TIMER ->
            new ServerEvent.TimerFired(
                told, text(json, "timer"), json.path("count").asLong(), JSON.convertValue(json.path("variables"), TEXTS));
        case MULTI_RECORDING_ADDED ->
            new ServerEvent.MultiRecordingAdded(told, text(json, "uri"), text(json, "session"), text(json, "file"));
        case MULTI_RECORDING_REMOVED ->
            new ServerEvent.MultiRecordingRemoved(told, text(json, "uri"), text(json, "session"), text(json, "file"));
        default -> throw new OurFailure("events of the kind " + kind.word() + " are not stored");
      };
    } catch (JsonProcessingException e) {
      throw new OurFailure("a stored event cannot be read: " + e.getOriginalMessage(), e);
    }
  }

  private static StreamFacts stream(JsonNode json) {
    JsonNode stream = json.path("stream");
    return new StreamFacts(
        text(stream, "name"), text(stream, "app"), text(stream, "session"), text(stream, "direction"),
        text(stream, "publisher"), JSON.convertValue(stream.path("details"), TEXTS));
  }

  private static String text(JsonNode json, String member) {
    return json.path(member).asText();
  }

  /** Texts of one kind, as one. */
  static String write(Map<String, String> texts) {
    return JSON.valueToTree(texts).toString();
  }

  static Map<String, String> readTexts(String text) {
    try {
      return JSON.readValue(text, TEXTS);
    } catch (JsonProcessingException e) {
      throw new OurFailure("stored details of a stream cannot be read: " + e.getOriginalMessage(), e);
    }
  }
}
