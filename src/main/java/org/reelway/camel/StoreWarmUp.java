package org.reelway.camel;

import org.reelway.failure.Failure;
import org.reelway.transfer.ProbedCapabilities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes the store in the background right after the start, where that was not done before, so that the first recording
 * need not wait for it. A failure is told by the first transfer, and by health.
 */
final class StoreWarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(StoreWarmUp.class);

  private final ProbedCapabilities capabilities;
  private final String bucket;

  StoreWarmUp(ProbedCapabilities capabilities, String bucket) {
    this.capabilities = capabilities;
    this.bucket = bucket;
  }

  /** Returns at once. */
  void begin() {
    Thread thread = new Thread(this::run, "store-warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      capabilities.apply(bucket);
    } catch (Failure e) {
      LOG.debug("the store is not ready yet: {}", e.toString());
    } catch (RuntimeException stopping) {
      LOG.debug("no warm-up: {}", stopping.toString());
    }
  }
}
