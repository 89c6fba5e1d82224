package org.reelway.camel;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.transfer.flow.BucketCheck;
import org.reelway.transfer.flow.StoreOutlook;
import org.reelway.transfer.store.Store;

/**
 * Ready only while the store takes recordings: from what transfers met, or, as long as none was tried, by asking for the
 * bucket. Not part of liveness: a restart brings no store back.
 */
final class StoreHealth extends GuardedHealth {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final StoreOutlook outlook;
  private final Store store;
  private final String bucket;
  private final Optional<BucketCheck> check;

  /** @param check asks for the bucket as long as no transfer was tried; empty where that is not wished */
  StoreHealth(String name, StoreOutlook outlook, Store store, String bucket, Optional<BucketCheck> check) {
    super(name, Scope.READY);
    this.check = check;
    this.outlook = outlook;
    this.store = store;
    this.bucket = bucket;
  }

  /** The store's own limits end what hangs. */
  @Override
  long patienceSeconds() {
    return 120;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    builder.detail("store.address", store.address()).detail("store.bucket", bucket);
    Optional<String> error = outlook.error().or(() -> askIfUntried(builder));
    if (error.isPresent()) {
      outlook.failingSince().ifPresent(since -> builder.detail("store.failing-since", since.toString()));
      builder.message(error.get()).down();
    } else {
      builder.up();
    }
  }

  private Optional<String> askIfUntried(HealthCheckResultBuilder builder) {
    if (check.isEmpty() || outlook.lastSuccess().isPresent()) {
      return Optional.empty();
    }
    BucketCheck.Answer answer = check.get().last(PATIENCE);
    answer.denied().ifPresent(denied -> builder.detail("store.bucket-denied", denied));
    return answer.problem();
  }
}
