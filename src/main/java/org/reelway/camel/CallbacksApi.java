package org.reelway.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.reelway.callback.Outbox;
import org.reelway.failure.InputFailure;
import org.reelway.failure.NotFound;
import org.reelway.state.CallbackRow;
import org.reelway.state.StoredCallbacks;

/** {@code GET /callbacks}, {@code GET /callbacks/{id}}, {@code POST /callbacks/{id}/replay}, and their housekeeping. */
public final class CallbacksApi {
  private static final int LIMIT = 100;
  private static final int LARGEST_LIMIT = 1000;
  private static final List<String> STATES =
      List.of(CallbackRow.WAITING, CallbackRow.DELIVERED, CallbackRow.DEAD);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Outbox outbox;

  CallbacksApi(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Newest first; {@code ?state=} waiting, delivered or dead, {@code ?limit=} 1 to 1000 (100). */
  public void list(Exchange exchange) {
    String state = exchange.getMessage().getHeader("state", String.class);
    String limit = exchange.getMessage().getHeader("limit", String.class);
    ApiAnswer.give(
        exchange,
        200,
        () -> {
          StoredCallbacks.Counts counts = outbox.counts();
          Map<String, Object> answer = new LinkedHashMap<>();
          answer.put("waiting", counts.waiting());
          answer.put("delivered", counts.delivered());
          answer.put("dead", counts.dead());
          answer.put("callbacks", outbox.list(state(state), limit(limit)).stream().map(CallbacksApi::json).toList());
          return answer;
        });
  }

  private static String state(String word) {
    if (word == null || word.isBlank()) {
      return null;
    }
    if (!STATES.contains(word)) {
      throw new InputFailure("state is \"" + word + "\"; allowed are " + STATES);
    }
    return word;
  }

  private static int limit(String text) {
    if (text == null || text.isBlank()) {
      return LIMIT;
    }
    if (text.matches("\\d{1,4}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= LARGEST_LIMIT) {
      return Integer.parseInt(text);
    }
    throw new InputFailure("limit is \"" + text + "\"; allowed are 1 to " + LARGEST_LIMIT);
  }

  /** With its body. */
  public void one(Exchange exchange) {
    String id = exchange.getMessage().getHeader("id", "", String.class);
    ApiAnswer.give(exchange, 200, () -> whole(outbox.find(id).orElseThrow(() -> unknown(id))));
  }

  /** Delivers it once more, with the same id; one that waits is tried now. */
  public void replay(Exchange exchange) {
    String id = exchange.getMessage().getHeader("id", "", String.class);
    ApiAnswer.give(exchange, 202, () -> json(outbox.replay(id).orElseThrow(() -> unknown(id))));
  }

  /** Forgets what was delivered long ago. */
  public void clean() {
    outbox.clean();
  }

  private static NotFound unknown(String id) {
    return new NotFound("no callback has the id \"" + id + "\"; GET /callbacks lists them");
  }

  private static Map<String, Object> whole(CallbackRow row) {
    Map<String, Object> json = json(row);
    try {
      json.put("body", JSON.readTree(row.body()));
    } catch (JsonProcessingException e) {
      json.put("body", row.body());
    }
    return json;
  }

  private static Map<String, Object> json(CallbackRow row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", row.id());
    json.put("type", row.kind());
    json.put("receiver", row.receiver());
    json.put("about", row.about());
    json.put("state", row.state());
    json.put("createdAt", row.createdAt());
    json.put("tries", row.tries());
    json.put("lastTryAt", row.triedAt());
    json.put("lastStatus", row.status() == 0 ? null : row.status());
    json.put("problem", row.problem());
    json.put("nextTryAt", row.dueAt());
    json.put("doneAt", row.doneAt());
    json.values().removeIf(java.util.Objects::isNull);
    return json;
  }
}
