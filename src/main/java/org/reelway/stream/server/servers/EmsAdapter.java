package org.reelway.stream.server.servers;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reelway.stream.server.EventAnswer;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.EventOrigin;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.ServerAdapter;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.ServerTime;
import org.reelway.stream.server.StreamFacts;

/**
 * EvoStream Media Server: the sink {@code type="RPC", serializerType="JSON"} of {@code eventLogger} in its config.lua
 * posts {@code {id, type, timestamp, processId, payload}}, older ones {@code {type, payload}} (EMS API definition, "Event
 * Notification System"). It does not read the answer. The sink {@code type="file", format="json"} writes the same, a line each.
 */
public final class EmsAdapter implements ServerAdapter {
  private static final Set<String> STARTED = Set.of("streamCreated", "inStreamCreated", "outStreamCreated");
  private static final Set<String> ENDED = Set.of("streamClosed", "inStreamClosed", "outStreamClosed");
  private static final Set<String> SEEN =
      Set.of("streamCodecsUpdated", "inStreamCodecsUpdated", "outStreamCodecsUpdated");
  private static final Set<String> CHUNK_CLOSED = Set.of("hlsChunkClosed", "hdsChunkClosed", "dashChunkClosed");
  private static final Set<String> CHUNK_DELETED = Set.of("hlsChunkDeleted", "hdsChunkDeleted", "dashChunkDeleted");
  private static final Set<String> PLAYLIST =
      Set.of(
          "hlsChildPlaylistUpdated", "hlsMasterPlaylistUpdated", "hdsChildPlaylistUpdated", "hdsMasterPlaylistUpdated",
          "dashPlaylistUpdated");

  @Override
  public String source() {
    return "ems";
  }

  @Override
  public List<ServerEvent> read(EventRequest request) {
    EventJson json = EventJson.of(request);
    String type = json.required("type");
    EventJson payload = json.optionalObject("payload");
    // payload.ip is EMS's own side of the connection; which EMS it is, only the caller's address tells.
    ServerTime time =
        json.wholePart("timestamp")
            .map(seconds -> ServerTime.seconds("timestamp", seconds))
            .orElseGet(() -> ServerTime.received(request.received()));
    EventOrigin told = new EventOrigin(source(), request.server(), type, time, request.received(), id(json, request.place()));
    return List.of(event(told, type, json, payload));
  }

  /** The counter begins anew with each start of EMS. */
  private static String id(EventJson json, String place) {
    String counter = json.text("id");
    return counter.isEmpty() || !json.has("timestamp")
        ? place
        : json.text("processId") + "-" + json.text("timestamp") + "-" + counter + "-" + json.text("type");
  }

  private static ServerEvent event(EventOrigin told, String type, EventJson json, EventJson payload) {
    if (STARTED.contains(type)) {
      return new ServerEvent.StreamStarted(told, stream(json.object("payload")));
    } else if (ENDED.contains(type)) {
      return new ServerEvent.StreamEnded(told, stream(json.object("payload")));
    } else if (SEEN.contains(type)) {
      return new ServerEvent.StreamSeen(told, stream(json.object("payload")));
    } else if (CHUNK_CLOSED.contains(type)) {
      return new ServerEvent.ChunkClosed(told, file(json));
    } else if (CHUNK_DELETED.contains(type)) {
      return new ServerEvent.ChunkDeleted(told, file(json));
    } else if (PLAYLIST.contains(type)) {
      return new ServerEvent.PlaylistUpdated(told, file(json));
    } else if (type.equals("recordChunkClosed")) {
      String stream = payload.text("_localStreamName");
      return new ServerEvent.RecordingFinished(told, stream, file(json));
    } else if (type.equals("timerTriggered")) {
      EventJson timer = json.object("payload");
      return new ServerEvent.TimerFired(
          told, timer.required("timerId"), timer.number("triggerCount").orElse(0L), timer.texts("_"));
    }
    return type.equals("serverStarted") ? new ServerEvent.ServerStarted(told) : new ServerEvent.Other(told);
  }

  private static Path file(EventJson json) {
    return json.object("payload").path("file");
  }

  /** Of a stream's statistics, which the API gives too. */
  static StreamFacts stream(EventJson payload) {
    Map<String, String> details = new LinkedHashMap<>();
    for (String member : List.of("type", "serverAgent", "userAgent", "processId", "bandwidth", "nearIp", "nearPort")) {
      put(details, member, payload.text(member));
    }
    // When the run began, in milliseconds; the envelope counts seconds.
    payload
        .wholePart("creationTimestamp")
        .ifPresent(
            millis -> put(details, "since", ServerTime.millis("creationTimestamp", millis).at().toString()));
    put(details, "videoCodec", payload.optionalObject("video").text("codec"));
    put(details, "audioCodec", payload.optionalObject("audio").text("codec"));
    for (String settings : List.of("pullSettings", "pushSettings", "recordSettings")) {
      if (payload.has(settings)) {
        EventJson asked = payload.object(settings);
        asked.texts("_").forEach((name, value) -> put(details, name, value));
        put(details, settings, settings(asked));
      }
    }
    // Last, where there may be no room for all.
    payload.texts("_").forEach(details::putIfAbsent);
    String type = payload.text("type");
    return new StreamFacts(
        name(payload),
        payload.text("appName"),
        payload.text("uniqueId"),
        type.startsWith("I") ? "in" : type.startsWith("O") ? "out" : "",
        address(payload.text("farIp"), payload.text("farPort")),
        details);
  }

  /** What is pushed has the target's name for it, which is a key as often as not: it is known by its own name here. */
  private static String name(EventJson payload) {
    EventJson push = payload.optionalObject("pushSettings");
    String local = push.text("localStreamName");
    return payload.has("pushSettings")
        ? (local.isEmpty() ? "stream" : local) + " (push " + push.text("configId") + ")"
        : payload.required("name");
  }

  /** Not the URI, which may hold a password. */
  private static String settings(EventJson settings) {
    String file = settings.text("computedPathToFile");
    return "configId=" + settings.text("configId") + (file.isEmpty() ? "" : " " + file);
  }

  private static String address(String ip, String port) {
    return ip.isEmpty() || port.isEmpty() || port.equals("0") ? ip : ip + ":" + port;
  }

  private static void put(Map<String, String> details, String name, String value) {
    if (!value.isEmpty()) {
      details.put(name, value);
    }
  }

  @Override
  public EventAnswer taken(EventRequest request) {
    return EventAnswer.json(200, "{}\n");
  }
}
