package org.reelway.camel;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.state.BackupCopies;
import org.reelway.transfer.store.Store;

/**
 * Tells what waits in the backup. Waiting there is no illness of its own, for the store that is away is told by its own
 * check; one that cannot be brought back is.
 */
final class BackupHealth extends GuardedHealth {
  private final BackupCopies copies;
  private final Optional<Store> store;
  private final String bucket;
  private final Clock clock;

  BackupHealth(BackupCopies copies, Optional<Store> store, String bucket, Clock clock) {
    super("backup", Scope.READY);
    this.copies = copies;
    this.store = store;
    this.bucket = bucket;
    this.clock = clock;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    BackupCopies.Waiting waiting = copies.waiting();
    if (store.isEmpty() && waiting.recordings() == 0) {
      builder.detail("backup", "off").up();
      return;
    }
    store.ifPresent(there -> builder.detail("backup.address", there.address()).detail("backup.bucket", bucket));
    builder
        .detail("backup.recordings", waiting.recordings())
        .detail("backup.bytes", waiting.bytes())
        .detail("backup.problems", waiting.problems());
    if (waiting.oldest() != null) {
      builder
          .detail("backup.since", waiting.oldest().toString())
          .detail("backup.oldest-seconds", Duration.between(waiting.oldest(), clock.instant()).toSeconds());
    }
    if (store.isEmpty()) {
      builder
          .message(
              waiting.recordings() + " recordings wait in a backup store that the settings do not name any more; set"
                  + " reelway.backup.bucket again until they are back")
          .down();
    } else if (waiting.problems() > 0) {
      builder
          .message(waiting.problems() + " recordings could not be brought back; `reelway backup` tells why")
          .down();
    } else {
      builder.up();
    }
  }
}
