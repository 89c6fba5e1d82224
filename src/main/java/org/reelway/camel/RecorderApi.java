package org.reelway.camel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.reelway.failure.InputFailure;
import org.reelway.failure.NotFound;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.settings.RotationLimit;
import org.reelway.stream.recorder.Recorders;
import org.reelway.stream.recorder.Rotation;
import org.reelway.stream.recorder.ServersThatRecord;

/**
 * {@code GET /recorders}, and the recording calls of Flashphoner WCS's REST API: {@code /rest-api/stream/startRecording}
 * and {@code /stopRecording} (or {@code /rest-api/recorder/startup}, {@code /terminate}, {@code /find_all}), with its
 * members and status codes: 200 without a body, 404 where there is no such stream.
 */
public final class RecorderApi {
  private final Recorders recorders;
  private final ServersThatRecord servers;
  private final Consumer<Exchange> list;

  RecorderApi(Recorders recorders, ServersThatRecord servers, Consumer<Exchange> list) {
    this.recorders = recorders;
    this.servers = servers;
    this.list = list;
  }

  /** Now and then: recordings of media servers that nobody wants any more end, finished files are looked for. */
  public void tend() {
    servers.tend();
  }

  /** {@code GET /recorders}. */
  public void list(Exchange exchange) {
    list.accept(exchange);
  }

  /**
   * {@code {"mediaSessionId": …, "config": {"fileTemplate": …, "rotation": …}}}; older: {@code fileName} for a fixed name.
   * A stream that is being recorded goes on in a new recording.
   */
  public void start(Exchange exchange) {
    answer(
        exchange,
        body -> {
          JsonNode config = body.path("config");
          String fixed = fixedName(body, config);
          String template = fixed.isEmpty() ? WcsCalls.text(config, "fileTemplate") : fixed;
          String rotation = WcsCalls.word(config, "rotation");
          recorders.start(
              session(body),
              template.isEmpty() ? null : RecordingNameTemplate.parse(template),
              rotation.isEmpty() ? null : RecorderParts.rotation(RotationLimit.parse(rotation)));
          return Optional.empty();
        });
  }

  /** With the extension that we add, where it has it already. */
  private static String fixedName(JsonNode body, JsonNode config) {
    String name = WcsCalls.text(body, "fileName").isEmpty() ? WcsCalls.text(config, "fileName") : WcsCalls.text(body, "fileName");
    return name.endsWith(".mp4") ? name.substring(0, name.length() - ".mp4".length()) : name;
  }

  public void stop(Exchange exchange) {
    answer(
        exchange,
        body -> {
          if (!recorders.stop(session(body))) {
            throw new NotFound("no stream with this mediaSessionId or name is being recorded");
          }
          return Optional.empty();
        });
  }

  public void findAll(Exchange exchange) {
    answer(
        exchange,
        body -> {
          List<Map<String, String>> all =
              recorders.running().stream()
                  .map(each -> Map.of(
                      "fileName", each.file() == null ? "" : each.file().name(),
                      "mediaSessionId", session(each)))
                  .toList();
          if (all.isEmpty()) {
            throw new NotFound("nothing is being recorded");
          }
          return Optional.of(all);
        });
  }

  private static String session(Recorders.Running running) {
    return running.stream().session().isEmpty() ? running.stream().name() : running.stream().session();
  }

  private static String session(JsonNode body) {
    String session = WcsCalls.text(body, "mediaSessionId");
    if (session.isEmpty()) {
      throw new InputFailure("\"mediaSessionId\" is missing; name the stream's id of its media server, or the stream");
    }
    return session;
  }

  private static void answer(Exchange exchange, Function<JsonNode, Optional<Object>> action) {
    WcsCalls.answer(exchange, action);
  }
}
