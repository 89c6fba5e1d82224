package org.reelway.camel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.reelway.conference.multirecorder.MultiRecorders;
import org.reelway.failure.InputFailure;
import org.reelway.failure.NotFound;

/**
 * {@code GET /multirecorders}, and the calls {@code /rest-api/multipleRecorder/startup}, {@code /add}, {@code /find_all},
 * {@code /remove} and {@code /terminate} of Flashphoner WCS's REST API, with its members and status codes: 200 without a
 * body, 404 for what is not there, 409 for what is there already.
 */
public final class MultiRecorderApi {
  private static final Pattern SOURCE = Pattern.compile("(rtmps?|rtsps?|srt|https?)://([^%\\s\\p{Cntrl}]|%[0-9A-Fa-f]{2}){1,500}");
  private static final int LONGEST_URI = 1000;

  private final MultiRecorders recorders;
  private final Consumer<Exchange> list;

  MultiRecorderApi(MultiRecorders recorders, Consumer<Exchange> list) {
    this.recorders = recorders;
    this.list = list;
  }

  /** {@code GET /multirecorders}. */
  public void list(Exchange exchange) {
    list.accept(exchange);
  }

  /** {@code {"uri": "multi-recorder://name"}}; older: {@code name}. */
  public void startup(Exchange exchange) {
    answer(exchange, body -> {
      recorders.startup(uri(body));
      return Optional.empty();
    });
  }

  /** {@code {"uri": …, "mediaSessionId": …}}; our own: {@code source}, the URI where the stream is read. */
  public void add(Exchange exchange) {
    answer(exchange, body -> {
      String source = WcsCalls.text(body, "source");
      if (!source.isEmpty() && !SOURCE.matcher(source).matches()) {
        throw new InputFailure("\"source\" is no rtmp, rtmps, rtsp, rtsps, srt, http or https URI; write a space as %20, and % as %25");
      }
      recorders.add(uri(body), session(body), source.isEmpty() ? null : source);
      return Optional.empty();
    });
  }

  public void remove(Exchange exchange) {
    answer(exchange, body -> {
      recorders.remove(uri(body), session(body));
      return Optional.empty();
    });
  }

  public void terminate(Exchange exchange) {
    answer(exchange, body -> {
      recorders.terminate(uri(body));
      return Optional.empty();
    });
  }

  /** The member of the sessions is written as WCS writes it. */
  public void findAll(Exchange exchange) {
    answer(exchange, body -> {
      List<Map<String, Object>> all = recorders.running().stream().map(MultiRecorderApi::json).toList();
      if (all.isEmpty()) {
        throw new NotFound("no multi-recording goes on");
      }
      return Optional.of(all);
    });
  }

  private static Map<String, Object> json(MultiRecorders.Running running) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mediaSessionsId", running.streams().stream().map(MultiRecorders.Joined::mediaSessionId).toList());
    json.put("uri", running.uri());
    json.put("fileName", running.fileName());
    return json;
  }

  private static String uri(JsonNode body) {
    String uri = WcsCalls.text(body, "uri");
    uri = uri.isEmpty() ? WcsCalls.text(body, "name") : uri;
    if (uri.isBlank() || uri.length() > LONGEST_URI) {
      throw new InputFailure(
          "\"uri\" is " + (uri.isBlank() ? "missing" : uri.length() + " characters long") + "; give the multi-recording a name of"
              + " at most " + LONGEST_URI + " characters, such as multi-recorder://room-1");
    }
    return uri;
  }

  private static String session(JsonNode body) {
    String session = WcsCalls.text(body, "mediaSessionId");
    if (session.isEmpty() || session.length() > LONGEST_URI) {
      throw new InputFailure(
          "\"mediaSessionId\" is " + (session.isEmpty() ? "missing" : session.length() + " characters long, more than "
              + LONGEST_URI) + "; name the stream's id of its media server, or the stream");
    }
    return session;
  }

  private static void answer(Exchange exchange, Function<JsonNode, Optional<Object>> action) {
    WcsCalls.answer(exchange, action);
  }
}
