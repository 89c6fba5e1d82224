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
import org.reelway.stream.server.ViaQuery;

/**
 * MediaMTX: its hooks are commands with variables (mediamtx.yml, {@code runOnReady}, {@code runOnNotReady},
 * {@code runOnRecordSegmentComplete}). What they post here, by curl or by {@code reelway hook mediamtx}, is a form or JSON
 * with {@code event}, {@code path} (MTX_PATH), {@code source} (MTX_SOURCE_ID), {@code type} (MTX_SOURCE_TYPE),
 * {@code file} (MTX_SEGMENT_PATH) and {@code via} (see {@link ViaQuery}). The rest of MTX_QUERY may hold passwords and is not
 * wanted.
 */
public final class MediaMtxAdapter implements ServerAdapter {
  @Override
  public String source() {
    return "mediamtx";
  }

  @Override
  public List<ServerEvent> read(EventRequest request) {
    Map<String, String> fields = request.form().isEmpty() ? EventJson.of(request).texts("") : request.form();
    String event = required(fields, "event");
    EventOrigin told =
        new EventOrigin(source(), request.server(), event, ServerTime.received(request.received()), request.received());
    return List.of(
        switch (event) {
          case "ready" -> new ServerEvent.StreamStarted(told, stream(fields));
          case "not-ready" -> new ServerEvent.StreamEnded(told, stream(fields));
          case "segment-complete" ->
              new ServerEvent.RecordingFinished(
                  told, required(fields, "path"), EventJson.path("file", required(fields, "file")));
          default ->
              throw new InputFailure("\"event\" is none that is known; allowed: ready, not-ready, segment-complete");
        });
  }

  private static String required(Map<String, String> fields, String name) {
    String value = fields.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new InputFailure("\"" + name + "\" is missing or empty");
    }
    return value;
  }

  private static StreamFacts stream(Map<String, String> fields) {
    String type = fields.getOrDefault("type", "");
    Map<String, String> details =
        new LinkedHashMap<>(ViaQuery.details("reelwayVia=" + fields.getOrDefault(ViaQuery.DETAIL, "")));
    if (!type.isEmpty()) {
      details.put("sourceType", type);
    }
    return new StreamFacts(
        required(fields, "path"), "", fields.getOrDefault("source", ""), "in", "", details);
  }

  @Override
  public EventAnswer taken(EventRequest request) {
    return EventAnswer.json(200, "{}\n");
  }
}
