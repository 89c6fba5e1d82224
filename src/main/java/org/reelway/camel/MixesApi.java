package org.reelway.camel;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.reelway.callback.MixedRecording;
import org.reelway.conference.mixer.MixJob;
import org.reelway.failure.InputFailure;
import org.reelway.failure.NotFound;
import org.reelway.media.tracks.MovieTime;

/** {@code GET /mixes}, {@code POST /mixes}, {@code POST /mixes/{id}/cancel} and {@code /retry}, {@code DELETE /mixes/{id}}. */
public final class MixesApi {
  private static final int LONGEST_URI = 1000;

  private final MixerParts mixer;

  MixesApi(MixerParts mixer) {
    this.mixer = mixer;
  }

  /** All that are not done, the oldest recording first. */
  public void list(Exchange exchange) {
    ApiAnswer.give(
        exchange,
        200,
        () -> {
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("mixes", mixer.jobs().all().stream().map(MixesApi::json).toList());
          json.put("awaitingUpload", mixer.awaitingUpload().stream().map(MixesApi::json).toList());
          return json;
        });
  }

  private static Map<String, Object> json(MixedRecording mixed) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("recorderUri", mixed.recorderUri());
    json.put("recording", mixed.recording().file());
    json.put("mix", mixed.mix().file());
    return json;
  }

  /** Now and then: what is left to be told of mixes. */
  public void tend() {
    mixer.tend();
  }

  private static Map<String, Object> json(MixJob job) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", job.id());
    json.put("recording", job.recording().toString());
    json.put("recorderUri", job.recorderUri());
    json.put("created", job.created());
    json.put("durationMs", job.length().toMillis());
    json.put("state", job.state().word());
    json.put("tries", job.tries());
    json.put("trouble", job.trouble());
    if (job.progress() != null) {
      json.put("percent", Math.round(job.progress().share() * 1000) / 10.0);
      json.put("secondsLeft", job.progress().left().map(Duration::toSeconds).orElse(null));
    }
    return json;
  }

  /**
   * {@code {"file": …, "creationTime": …, "durationMs": …, "recorderUri": …}}: the arguments of Flashphoner's
   * {@code on_multiple_record_hook.sh}, of which only the first has to be there; {@code creationTime} counts seconds from
   * 1904.
   */
  public void add(Exchange exchange) {
    WcsCalls.answer(
        exchange,
        body -> {
          String id =
              mixer.add(
                  file(WcsCalls.text(body, "file")), recorderUri(body),
                  number(body, "creationTime").map(MovieTime::at), number(body, "durationMs").map(Duration::ofMillis));
          return Optional.of(Map.of("id", id));
        });
  }

  private static String recorderUri(JsonNode body) {
    String uri = WcsCalls.text(body, "recorderUri");
    if (uri.length() > LONGEST_URI) {
      throw new InputFailure("\"recorderUri\" has " + uri.length() + " characters; at most " + LONGEST_URI);
    }
    return uri;
  }

  private static Path file(String text) {
    try {
      Path file = Path.of(text);
      if (text.isEmpty() || !file.isAbsolute()) {
        throw new InputFailure("\"file\" is \"" + text + "\"; name a recording by its whole path");
      }
      return file.normalize();
    } catch (InvalidPathException e) {
      throw new InputFailure("\"file\" is no path: " + e.getReason());
    }
  }

  private static Optional<Long> number(JsonNode body, String member) {
    String text = WcsCalls.word(body, member);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.matches("\\d{1,12}")) {
      throw new InputFailure("\"" + member + "\" is \"" + text + "\"; it is a whole number");
    }
    return Optional.of(Long.parseLong(text));
  }

  /** Ends one; it can be tried again. */
  public void cancel(Exchange exchange) {
    String id = exchange.getMessage().getHeader("id", "", String.class);
    ApiAnswer.give(exchange, 202, () -> known(id, mixer.jobs().cancel(id)));
  }

  /** Tries one again that failed, was cancelled, or waits for room. */
  public void retry(Exchange exchange) {
    String id = exchange.getMessage().getHeader("id", "", String.class);
    ApiAnswer.give(exchange, 202, () -> known(id, mixer.jobs().retry(id)));
  }

  /** Drops one, and the room that it holds; a recording whose mix is dropped, or done, is mixed when it is ordered anew. */
  public void drop(Exchange exchange) {
    String id = exchange.getMessage().getHeader("id", "", String.class);
    ApiAnswer.give(exchange, 200, () -> known(id, mixer.jobs().drop(id)));
  }

  private static Map<String, Object> known(String id, boolean known) {
    if (!known) {
      throw new NotFound("no mix has the id \"" + id + "\"; GET /mixes lists them");
    }
    return Map.of("id", id);
  }
}
