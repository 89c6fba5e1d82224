package org.reelway.callback;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.state.CallbackRow;
import org.reelway.state.StateDatabase;
import org.reelway.state.StoredCallbacks;

/** Where callbacks are put, and wait until their receivers have them. Safe for several threads. */
public final class Outbox {
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);

  private final StoredCallbacks stored;
  private final Deliveries deliveries;
  private final Duration keep;
  private final Clock clock;

  /** @param keep how long delivered ones are remembered */
  public Outbox(StoredCallbacks stored, Deliveries deliveries, Duration keep, Clock clock) {
    this.stored = stored;
    this.deliveries = deliveries;
    this.keep = keep;
    this.clock = clock;
  }

  /**
   * Puts a callback in for each receiver, on disk before this returns. One that is there already, delivered or not, is
   * left as it is.
   *
   * @throws OurFailure when the state cannot be written: whatever should follow must wait
   */
  public void add(List<String> receivers, Callback callback) {
    List<CompletableFuture<Void>> all =
        receivers.stream()
            .map(
                receiver ->
                    stored.add(
                        CallbackId.of(receiver, callback), callback.kind(), receiver, CallbackId.queue(callback),
                        callback.about(), callback.body()))
            .toList();
    all.forEach(written -> await(written, "the " + callback.kind() + " callback of " + callback.about()));
    receivers.forEach(deliveries::look);
  }

  public void add(String receiver, Callback callback) {
    add(List.of(receiver), callback);
  }

  /**
   * Delivers one once more that was delivered or given up, with the same id; one that waits is tried now.
   *
   * @return as it is then; empty where there is none of the id
   * @throws InputFailure when another of its queue is before it
   */
  public Optional<CallbackRow> replay(String id) {
    Optional<CallbackRow> found = stored.find(id);
    found.ifPresent(this::replay);
    return found.flatMap(row -> stored.find(id));
  }

  private void replay(CallbackRow row) {
    if (row.state().equals(CallbackRow.WAITING)) {
      if (row.dueAt() == null) {
        throw new InputFailure(
            "the callback " + row.id() + " waits behind another one of " + row.about() + "; replay that one");
      }
      await(stored.tryNow(row.receiver()), row.id());
    } else {
      await(stored.again(row), row.id());
    }
    deliveries.tryNow(row.receiver());
  }

  public Optional<CallbackRow> find(String id) {
    return stored.find(id);
  }

  /** Newest first, without bodies. @param state waiting, delivered or dead; null for all */
  public List<CallbackRow> list(String state, int limit) {
    return stored.list(state, limit);
  }

  /** Oldest first, without bodies. */
  public List<CallbackRow> ofRecording(Collection<String> receivers, String recording) {
    return stored.ofQueue(receivers, CallbackId.hash(RecordingCallbacks.queue(recording)));
  }

  public StoredCallbacks.Counts counts() {
    return stored.counts();
  }

  /** For how long the oldest one that waits has waited; 0 when none does. */
  public long oldestSeconds(Instant now) {
    Instant oldest = counts().oldest();
    return oldest == null ? 0 : Math.max(0, Duration.between(oldest, now).toSeconds());
  }

  /** Forgets what was delivered long ago; what waits and what was given up stays. */
  public void forgetDelivered() {
    stored.forgetDelivered(clock.instant().minus(keep));
  }

  /** Lets go on what waits behind a callback that is not there any more. */
  public void mendQueues() {
    stored.mendQueues().thenRun(deliveries::lookAll);
  }

  private static void await(CompletableFuture<Void> written, String what) {
    try {
      written.get(LONGEST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw notWritten(what, e.getCause());
    } catch (TimeoutException e) {
      throw notWritten(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notWritten(what, e);
    }
  }

  private static OurFailure notWritten(String what, Throwable cause) {
    return new OurFailure(
        what + " cannot be written to the state: " + cause
            + "; " + StateDatabase.remedy(cause),
        cause);
  }
}
