package org.reelway.camel.api;

import org.apache.camel.Header;
import org.reelway.failure.InputFailure;
import org.reelway.settings.BandwidthPlan;
import org.reelway.transfer.bandwidth.Bandwidth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /bandwidth} and {@code PUT /bandwidth?rate=…}. */
public final class BandwidthApi {
  private static final Logger LOG = LoggerFactory.getLogger(BandwidthApi.class);

  private final Bandwidth bandwidth;

  public BandwidthApi(Bandwidth bandwidth) {
    this.bandwidth = bandwidth;
  }

  /** @param bandwidth rate or timetable; @param bytesPerSecond 0 for no limit; @param configured what the settings say */
  public record BandwidthNow(
      String bandwidth, long bytesPerSecond, String configured, boolean lostAtRestart, long bytesSent) {}

  public BandwidthNow show() {
    return new BandwidthNow(
        bandwidth.plan().toString(), bandwidth.limit(), bandwidth.configured().toString(), bandwidth.isChanged(),
        bandwidth.sent());
  }

  /** @param rate a rate, a timetable, or {@code default} for what the settings say */
  public BandwidthNow change(@Header("rate") String rate) {
    if (rate == null || rate.isBlank()) {
      throw new InputFailure(
          "no rate is given; ask for PUT /bandwidth?rate=20MiB/s, ?rate=0 (no limit) or ?rate=default (the settings')");
    }
    if (rate.strip().equals("default")) {
      bandwidth.useConfigured();
    } else {
      bandwidth.use(BandwidthPlan.parse(rate.strip()));
    }
    LOG.info("bandwidth is now {}{}", bandwidth.plan(), bandwidth.isChanged() ? ", until the next start" : "");
    return show();
  }
}
