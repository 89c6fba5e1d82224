package org.reelway.stream.server.servers;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventAnswer;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.EventKind;
import org.reelway.stream.server.EventOrigin;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.ServerAdapter;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.ServerTime;
import org.reelway.stream.server.StreamFacts;

/**
 * Reelway's own form, for any script: {@code {"event": "stream-started", "stream": "cam1", ...}}. Times are RFC 3339.
 * docs/events.md lists the members.
 */
public final class PlainAdapter implements ServerAdapter {
  @Override
  public String source() {
    return "json";
  }

  @Override
  public List<ServerEvent> read(EventRequest request) {
    EventJson json = EventJson.of(request);
    String word = json.required("event");
    EventKind kind =
        EventKind.of(word)
            .orElseThrow(
                () -> new InputFailure("\"event\" is none that is known; allowed: " + EventKind.words()));
    String at = json.text("at");
    String server = json.text("server");
    EventOrigin told =
        new EventOrigin(
            source(),
            server.isEmpty() ? request.server() : server,
            word,
            at.isEmpty() ? ServerTime.received(request.received()) : ServerTime.text("at", at),
            request.received(),
            id(json.text("id")));
    return List.of(event(kind, told, json));
  }

  private static String id(String id) {
    if (id.length() > 200) {
      throw new InputFailure("\"id\" has " + id.length() + " characters; at most 200");
    }
    return id;
  }

  private static ServerEvent event(EventKind kind, EventOrigin told, EventJson json) {
    return switch (kind) {
      case SERVER_STARTED -> new ServerEvent.ServerStarted(told);
      case STREAM_STARTED -> new ServerEvent.StreamStarted(told, stream(json));
      case STREAM_ENDED -> new ServerEvent.StreamEnded(told, stream(json));
      case STREAM_SEEN -> new ServerEvent.StreamSeen(told, stream(json));
      case RECORDING_FINISHED -> new ServerEvent.RecordingFinished(told, json.text("stream"), json.path("file"));
      case CHUNK_CLOSED -> new ServerEvent.ChunkClosed(told, json.path("file"));
      case CHUNK_DELETED -> new ServerEvent.ChunkDeleted(told, json.path("file"));
      case PLAYLIST_UPDATED -> new ServerEvent.PlaylistUpdated(told, json.path("file"));
      case TIMER ->
          new ServerEvent.TimerFired(
              told, json.required("timer"), json.number("count").orElse(0L),
              json.optionalObject("variables").texts(""));
      case MULTI_RECORDING_ADDED ->
          new ServerEvent.MultiRecordingAdded(told, json.required("uri"), json.text("session"), json.text("file"));
      case MULTI_RECORDING_REMOVED ->
          new ServerEvent.MultiRecordingRemoved(told, json.required("uri"), json.text("session"), json.text("file"));
      case OTHER -> new ServerEvent.Other(told);
    };
  }

  private static StreamFacts stream(EventJson json) {
    String direction = Optional.of(json.text("direction")).filter(text -> !text.isEmpty()).orElse("in");
    if (!direction.equals("in") && !direction.equals("out")) {
      throw new InputFailure("\"direction\" is neither in nor out");
    }
    Map<String, String> details = json.optionalObject("details").texts("");
    if (!StreamFacts.fit(details)) {
      throw new InputFailure(
          "\"details\" are more than are kept of a stream: at most 64 members, with 4096 characters in all");
    }
    return new StreamFacts(
        json.required("stream"), json.text("app"), json.text("session"), direction, json.text("publisher"), details);
  }

  @Override
  public EventAnswer taken(EventRequest request) {
    return EventAnswer.json(202, "{}\n");
  }
}
