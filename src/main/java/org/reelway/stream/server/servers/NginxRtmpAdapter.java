package org.reelway.stream.server.servers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventAnswer;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.EventOrigin;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.ServerAdapter;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.ServerTime;
import org.reelway.stream.server.StreamFacts;

/**
 * nginx-rtmp: {@code on_publish}, {@code on_publish_done}, {@code on_record_done} and {@code on_update} post a form with
 * {@code call} (ngx_rtmp_notify_module.c of arut/nginx-rtmp-module 1.2). For {@code on_publish} and {@code on_update} any
 * status but 2xx ends the publisher. It says no times.
 *
 * <p>Behind its own fields come those of the query that the publisher gave its stream. They are anybody's: of two fields
 * of a name only the first counts, and no other field is read.
 */
public final class NginxRtmpAdapter implements ServerAdapter {
  @Override
  public String source() {
    return "nginx-rtmp";
  }

  @Override
  public List<ServerEvent> read(EventRequest request) {
    String call = required(request, "call");
    EventOrigin told =
        new EventOrigin(source(), request.server(), call, ServerTime.received(request.received()), request.received());
    return List.of(
        switch (call) {
          case "publish" -> new ServerEvent.StreamStarted(told, stream(request));
          case "publish_done" -> new ServerEvent.StreamEnded(told, stream(request));
          case "update_publish" -> new ServerEvent.StreamSeen(told, stream(request));
          case "record_done" ->
              new ServerEvent.RecordingFinished(
                  told, request.form().getOrDefault("name", ""), EventJson.path("path", required(request, "path")));
          // Also players: they are no streams of their own.
          default -> new ServerEvent.Other(told);
        });
  }

  private static String required(EventRequest request, String field) {
    String value = request.form().getOrDefault(field, "");
    if (value.isBlank()) {
      throw new InputFailure(
          "the form has no field \"" + field + "\", which nginx-rtmp sends; set notify_method post, as it is by default");
    }
    return value;
  }

  private static StreamFacts stream(EventRequest request) {
    Map<String, String> form = request.form();
    Map<String, String> details = new LinkedHashMap<>();
    for (String field : List.of("flashver", "type")) {
      if (!form.getOrDefault(field, "").isEmpty()) {
        details.put(field, form.get(field));
      }
    }
    return new StreamFacts(
        required(request, "name"), form.getOrDefault("app", ""), form.getOrDefault("clientid", ""), "in",
        form.getOrDefault("addr", ""), details);
  }

  @Override
  public EventAnswer taken(EventRequest request) {
    return new EventAnswer(200, "text/plain", "");
  }

  @Override
  public boolean refusalEndsStreams() {
    return true;
  }
}
