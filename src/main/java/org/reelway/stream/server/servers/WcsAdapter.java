package org.reelway.stream.server.servers;

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
 * Flashphoner WCS: REST hooks post JSON to {@code <application's URL>/<method>} (docs.flashphoner.com, "REST Hooks");
 * read are {@code StreamStatusEvent} and {@code StreamEvent}. The backend answers with the object that it got.
 */
public final class WcsAdapter implements ServerAdapter {
  private static final Set<String> ENDED = Set.of("UNPUBLISHED", "FAILED", "STOPPED");

  @Override
  public String source() {
    return "wcs";
  }

  @Override
  public List<ServerEvent> read(EventRequest request) {
    EventJson json = EventJson.of(request);
    // Recorder and status events carry no time of their own; createDate is that of the stream.
    String type = request.method().equals("StreamEvent") ? json.required("type") : request.method();
    EventOrigin told =
        new EventOrigin(source(), server(json, request), type, ServerTime.received(request.received()), request.received());
    return List.of(
        switch (request.method()) {
          case "StreamStatusEvent" -> status(told, json);
          case "StreamKeepAliveEvent" ->
              isPublished(json) ? new ServerEvent.StreamSeen(told, stream(json)) : new ServerEvent.Other(told);
          case "StreamEvent" -> event(told, json);
          default -> new ServerEvent.Other(told);
        });
  }

  /** Each node of a cluster has an id. */
  private static String server(EventJson json, EventRequest request) {
    String node = json.text("nodeId");
    return node.isEmpty() || node.length() > 200 ? request.server() : node;
  }

  private static ServerEvent status(EventOrigin told, EventJson json) {
    String status = json.text("status");
    if (isPublished(json) && status.equals("PUBLISHING")) {
      return new ServerEvent.StreamStarted(told, stream(json));
    }
    return isPublished(json) && ENDED.contains(status)
        ? new ServerEvent.StreamEnded(told, stream(json))
        : new ServerEvent.Other(told);
  }

  /** All values are text in some versions. */
  private static boolean isPublished(EventJson json) {
    return json.text("published").equals("true");
  }

  private static ServerEvent event(EventOrigin told, EventJson json) {
    String session = json.text("mediaSessionId");
    return switch (told.type()) {
      case "stoppedRecording" ->
          new ServerEvent.RecordingFinished(told, json.text("name"), json.object("payload").path("fileName"));
      case "addedToMultiRecording" ->
          new ServerEvent.MultiRecordingAdded(
              told, json.object("payload").required("uri"), session, json.object("payload").text("fileName"));
      case "removedFromMultiRecording" ->
          new ServerEvent.MultiRecordingRemoved(
              told, json.object("payload").required("uri"), session, json.object("payload").text("fileName"));
      default -> new ServerEvent.Other(told);
    };
  }

  private static StreamFacts stream(EventJson json) {
    // Neither sdp nor custom, which may hold secrets.
    Map<String, String> details = new LinkedHashMap<>();
    for (String member : List.of("mediaProvider", "record", "width", "height", "videoCodec", "audioCodec", "sessionId")) {
      String value = json.text(member);
      if (!value.isEmpty()) {
        details.put(member, value);
      }
    }
    json.wholePart("createDate")
        .ifPresent(millis -> details.put("since", ServerTime.millis("createDate", millis).at().toString()));
    return new StreamFacts(
        json.required("name"), json.text("appKey"), json.text("mediaSessionId"), "in", publisher(json), details);
  }

  /** {@code /192.168.1.102:4388/192.168.1.101:8443}: the client's address, then the server's. */
  private static String publisher(EventJson json) {
    String[] parts = json.text("sessionId").split("/");
    return parts.length > 1 && parts[1].length() < 100 ? parts[1] : "";
  }

  @Override
  public EventAnswer taken(EventRequest request) {
    return EventAnswer.json(200, request.text());
  }
}
