package org.reelway.camel.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Header;
import org.reelway.callback.Outbox;
import org.reelway.callback.Receivers;
import org.reelway.failure.NotFound;
import org.reelway.state.CallbackRow;
import org.reelway.state.StoredCallbacks;

/** {@code GET /callbacks}, {@code GET /callbacks/{id}}, {@code POST /callbacks/{id}/replay}, and their housekeeping. */
public final class CallbacksApi {
  private static final List<String> STATES =
      List.of(CallbackRow.WAITING, CallbackRow.DELIVERED, CallbackRow.DEAD);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Outbox outbox;
  private final Receivers receivers;

  public CallbacksApi(Outbox outbox, Receivers receivers) {
    this.outbox = outbox;
    this.receivers = receivers;
  }

  /** The counts, and the newest callbacks. */
  public record CallbackList(long waiting, long delivered, long dead, List<Callback> callbacks) {}

  /** @param type such as recording.finished; @param lastStatus absent where nobody answered */
  @JsonInclude(Include.NON_NULL)
  public record Callback(
      String id, String type, String receiver, String about, String state, Instant createdAt, int tries,
      Instant lastTryAt, Integer lastStatus, String problem, Instant nextTryAt, Instant doneAt) {
    static Callback of(CallbackRow row) {
      return new Callback(
          row.id(), row.kind(), row.receiver(), row.about(), row.state(), row.createdAt(), row.tries(), row.triedAt(),
          row.status() == 0 ? null : row.status(), row.problem(), row.dueAt(), row.doneAt());
    }
  }

  /** @param body as it is posted */
  public record OneCallback(@JsonUnwrapped Callback callback, JsonNode body) {}

  /** Newest first; those of one recording in their order. */
  public CallbackList list(
      @Header("state") String state, @Header("recording") String recording, @Header("limit") String limit) {
    StoredCallbacks.Counts counts = outbox.counts();
    Optional<String> only = QueryWords.state(state, STATES);
    int most = QueryWords.limit(limit);
    List<CallbackRow> found =
        QueryWords.words(recording) == null
            ? outbox.list(only.orElse(null), most)
            : outbox.ofRecording(receivers.names(), recording.strip()).stream()
                .filter(row -> only.isEmpty() || only.get().equals(row.state())).limit(most).toList();
    return new CallbackList(
        counts.waiting(), counts.delivered(), counts.dead(), found.stream().map(Callback::of).toList());
  }

  public OneCallback one(@Header("id") String id) {
    CallbackRow row = outbox.find(id).orElseThrow(() -> unknown(id));
    return new OneCallback(Callback.of(row), json(row.body()));
  }

  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(body);
    }
  }

  /** Delivers it once more, with the same id; one that waits is tried now. */
  public Callback replay(@Header("id") String id) {
    return outbox.replay(id).map(Callback::of).orElseThrow(() -> unknown(id));
  }

  /** Forgets what was delivered long ago. */
  public void forgetDelivered() {
    outbox.forgetDelivered();
  }

  /** Lets go on what waits behind a callback that is not there any more. */
  public void mendQueues() {
    outbox.mendQueues();
  }

  private static NotFound unknown(String id) {
    return new NotFound("no callback has the id \"" + id + "\"; GET /callbacks lists them");
  }
}
