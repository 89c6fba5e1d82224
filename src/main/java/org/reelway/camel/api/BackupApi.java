package org.reelway.camel.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.state.BackupCopies;
import org.reelway.transfer.backup.BringBack;
import org.reelway.transfer.backup.BroughtBack;
import org.reelway.transfer.flow.AbortQueue;

/** {@code GET /backup}, {@code POST /backup/bring-back}, and the rounds that bring recordings back. */
public final class BackupApi {
  private static final int MOST = 1000;

  private final BackupCopies copies;
  private final Optional<BringBack> bringBack;
  private final Optional<AbortQueue> aborts;
  private final Clock clock;

  public BackupApi(BackupCopies copies, Optional<BringBack> bringBack, Optional<AbortQueue> aborts, Clock clock) {
    this.copies = copies;
    this.bringBack = bringBack;
    this.aborts = aborts;
    this.clock = clock;
  }

  /** @param oldestSeconds absent where none waits; @param waiting oldest first, at most 1000 */
  public record BackupNow(
      boolean on, long recordings, long bytes, long problems, @JsonInclude(Include.NON_NULL) Long oldestSeconds,
      List<Waiting> waiting) {}

  /** A recording that waits in the backup. */
  public record Waiting(String id, long size, @JsonUnwrapped Places places) {}

  /**
   * Both places of a recording that is or was in the backup.
   *
   * @param state waiting or brought-back
   */
  @JsonInclude(Include.NON_NULL)
  public record Places(
      String state, Instant since, Place in, Place belongs, String problem, Instant broughtBackAt) {
    static Places of(BackupCopies.Copy copy) {
      Optional<BackupCopies.Returned> back = Optional.ofNullable(copy.returned());
      return new Places(
          back.isEmpty() ? "waiting" : "brought-back", copy.since(), new Place(copy.store(), copy.bucket(), copy.key()),
          new Place(copy.homeStore(), copy.homeBucket(), back.map(BackupCopies.Returned::key).orElse(copy.homeKey())),
          back.isEmpty() ? copy.problem() : null, back.map(BackupCopies.Returned::at).orElse(null));
    }
  }

  public record Place(String store, String bucket, String key) {}

  public BackupNow show() {
    BackupCopies.Waiting waiting = copies.waiting();
    return new BackupNow(
        bringBack.isPresent(), waiting.recordings(), waiting.bytes(), waiting.problems(),
        waiting.oldest() == null ? null : Duration.between(waiting.oldest(), clock.instant()).toSeconds(),
        copies.waiting(null, null, MOST).stream().map(copy -> new Waiting(copy.id(), copy.size(), Places.of(copy))).toList());
  }

  /** The next round begins within seconds. */
  public BackupNow soon() {
    bringBack.orElseThrow(() -> new InputFailure("there is no backup; set reelway.backup.bucket")).soon();
    return show();
  }

  /** Of our own uploads to the backup those that were given up. */
  public void abortOwnUploads() {
    aborts.ifPresent(AbortQueue::work);
  }

  /** Those that are back by this round, mostly none. */
  public List<BroughtBack> work() {
    return bringBack.map(BringBack::work).orElse(List.of());
  }
}
