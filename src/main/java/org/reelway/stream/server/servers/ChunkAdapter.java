package org.reelway.stream.server.servers;

import java.util.List;
import org.reelway.failure.InputFailure;
import org.reelway.stream.server.EventAnswer;
import org.reelway.stream.server.EventJson;
import org.reelway.stream.server.EventOrigin;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.ServerAdapter;
import org.reelway.stream.server.ServerEvent;
import org.reelway.stream.server.ServerTime;

/** The shortest form for chunks and playlists: {@code {"file": "/live/a/cam1/x7.ts"}}, as JSON or as a form. */
public final class ChunkAdapter implements ServerAdapter {
  @Override
  public String source() {
    return "json";
  }

  @Override
  public List<ServerEvent> read(EventRequest request) {
    boolean form = !request.form().isEmpty();
    EventJson json = form ? null : EventJson.of(request);
    String file = form ? request.form().getOrDefault("file", "") : json.text("file");
    String state = form ? request.form().getOrDefault("state", "") : json.text("state");
    if (file.isBlank()) {
      throw new InputFailure(
          "no file is named; send JSON {\"file\": \"/live/cam1/x7.ts\"} with the path of a chunk or a playlist");
    }
    EventOrigin told =
        new EventOrigin(
            source(), request.server(), state.isEmpty() ? "closed" : state, ServerTime.received(request.received()),
            request.received());
    return List.of(
        switch (state) {
          // Whether it is a chunk or a playlist, its name says.
          case "", "closed", "updated" -> new ServerEvent.ChunkClosed(told, EventJson.path("file", file));
          case "deleted" -> new ServerEvent.ChunkDeleted(told, EventJson.path("file", file));
          default -> throw new InputFailure("\"state\" is none that is known; allowed: closed, updated, deleted");
        });
  }

  @Override
  public EventAnswer taken(EventRequest request) {
    return EventAnswer.json(202, "{}\n");
  }
}
