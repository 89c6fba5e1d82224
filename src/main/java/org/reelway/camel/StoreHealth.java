package org.reelway.camel;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.reelway.failure.DestinationFailure;
import org.reelway.flow.StoreOutlook;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;

/**
 * Ready only while the store takes recordings: from what transfers met, or, as long as none was tried, by asking for the
 * bucket. Not part of liveness: a restart brings no store back.
 */
final class StoreHealth extends AbstractHealthCheck {
  private final StoreOutlook outlook;
  private final Store store;
  private final String bucket;
  private final boolean asks;

  /** @param asks for the bucket as long as no transfer was tried */
  StoreHealth(StoreOutlook outlook, Store store, String bucket, boolean asks) {
    super("reelway", "store");
    this.asks = asks;
    this.outlook = outlook;
    this.store = store;
    this.bucket = bucket;
  }

  @Override
  public boolean isLiveness() {
    return false;
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
    if (!asks || outlook.lastSuccess().isPresent()) {
      return Optional.empty();
    }
    try {
      store.headBucket(bucket);
      return Optional.empty();
    } catch (StoreFailure e) {
      // Credentials that may only write are refused here and still send recordings.
      if (e.status() == 403) {
        builder.detail("store.bucket-denied", e.getMessage());
        return Optional.empty();
      }
      return Optional.of(e.getMessage());
    } catch (DestinationFailure noCredentials) {
      return Optional.of(noCredentials.getMessage());
    }
  }
}
