package org.reelway.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.ZoneId;
import org.reelway.settings.Settings;
import org.reelway.settings.TransferSettings;
import org.reelway.transfer.bandwidth.Bandwidth;
import org.reelway.transfer.observe.BandwidthView;

/** The budget of bytes a second, as settings, metrics and JMX see it. */
final class BandwidthParts implements AutoCloseable {
  private final Bandwidth bandwidth;
  private final BandwidthView view;

  BandwidthParts(Settings settings, MeterRegistry metrics) {
    ZoneId zone = settings.get(TransferSettings.BANDWIDTH_ZONE);
    this.bandwidth =
        new Bandwidth(
            settings.get(TransferSettings.BANDWIDTH), Clock.system(zone == null ? ZoneId.systemDefault() : zone));
    this.view = BandwidthView.show(bandwidth);
    FunctionCounter.builder("reelway.bandwidth.bytes", bandwidth, Bandwidth::sent)
        .description("Bytes of bodies that went out to any store, repeated ones included")
        .register(metrics);
    Gauge.builder("reelway.bandwidth.limit.bytes", bandwidth, Bandwidth::limit)
        .description("Bytes a second that may go out now; 0 for no limit")
        .register(metrics);
  }

  Bandwidth bandwidth() {
    return bandwidth;
  }

  @Override
  public void close() {
    bandwidth.close();
    view.close();
  }
}
