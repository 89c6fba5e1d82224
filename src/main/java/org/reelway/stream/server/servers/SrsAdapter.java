package org.reelway.stream.server.servers;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reelway.stream.server.EventAnswer;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.EventOrigin;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.ServerAdapter;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.ServerTime;
import org.reelway.stream.server.StreamFacts;
import org.reelway.stream.server.ViaQuery;

/**
 * SRS: {@code http_hooks} post JSON with {@code action} (trunk/conf/full.conf of ossrs/srs). It wants status 200 and the
 * body {@code 0}; for {@code on_publish} anything else ends the publisher. It says no times.
 */
public final class SrsAdapter implements ServerAdapter {
  @Override
  public String source() {
    return "srs";
  }

  @Override
  public List<ServerEvent> read(EventRequest request) {
    EventJson json = EventJson.of(request);
    String action = json.required("action");
    EventOrigin told =
        new EventOrigin(source(), request.server(), action, ServerTime.received(request.received()), request.received());
    return switch (action) {
      case "on_publish" -> List.of(new ServerEvent.StreamStarted(told, stream(json)));
      case "on_unpublish" -> List.of(new ServerEvent.StreamEnded(told, stream(json)));
      case "on_dvr" ->
          List.of(new ServerEvent.RecordingFinished(told, json.required("stream"), file(json, "file")));
      case "on_hls" -> hls(told, json);
      default -> List.of(new ServerEvent.Other(told));
    };
  }

  private static List<ServerEvent> hls(EventOrigin told, EventJson json) {
    ServerEvent chunk = new ServerEvent.ChunkClosed(told, file(json, "file"));
    return json.has("m3u8")
        ? List.of(chunk, new ServerEvent.PlaylistUpdated(told, file(json, "m3u8")))
        : List.of(chunk);
  }

  /** Relative ones are relative to the folder that SRS was started in. */
  private static Path file(EventJson json, String member) {
    Path file = json.path(member);
    return json.has("cwd") ? json.path("cwd").resolve(file).normalize() : file;
  }

  private static StreamFacts stream(EventJson json) {
    // Nothing else of param: it may hold a token.
    Map<String, String> details = new LinkedHashMap<>(ViaQuery.details(json.text("param")));
    for (String member : List.of("server_id", "service_id", "stream_id")) {
      if (json.has(member)) {
        details.put(member, json.text(member));
      }
    }
    return new StreamFacts(
        json.required("stream"), app(json.text("vhost"), json.text("app")), json.text("client_id"), "in",
        json.text("ip"), details);
  }

  /** A virtual host of a name tells streams apart. */
  static String app(String vhost, String app) {
    return vhost.isEmpty() || vhost.equals("__defaultVhost__") ? app : vhost + "/" + app;
  }

  @Override
  public EventAnswer taken(EventRequest request) {
    return EventAnswer.json(200, "0");
  }

  @Override
  public boolean refusalEndsStreams() {
    return true;
  }
}
