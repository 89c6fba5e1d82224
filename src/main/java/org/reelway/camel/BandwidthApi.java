package org.reelway.camel;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.reelway.failure.InputFailure;
import org.reelway.settings.BandwidthPlan;
import org.reelway.transfer.bandwidth.Bandwidth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /bandwidth} and {@code PUT /bandwidth?rate=…}. */
public final class BandwidthApi {
  private static final Logger LOG = LoggerFactory.getLogger(BandwidthApi.class);

  private final Bandwidth bandwidth;

  BandwidthApi(Bandwidth bandwidth) {
    this.bandwidth = bandwidth;
  }

  public void show(Exchange exchange) {
    ApiAnswer.give(exchange, 200, this::state);
  }

  /** {@code ?rate=} a rate, a timetable, or {@code default} for what the settings say. */
  public void change(Exchange exchange) {
    String rate = exchange.getMessage().getHeader("rate", String.class);
    ApiAnswer.give(
        exchange,
        200,
        () -> {
          use(rate);
          return state();
        });
  }

  private void use(String rate) {
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
  }

  private Map<String, Object> state() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("bandwidth", bandwidth.plan().toString());
    answer.put("bytesPerSecond", bandwidth.limit());
    answer.put("configured", bandwidth.configured().toString());
    answer.put("lostAtRestart", bandwidth.isChanged());
    answer.put("bytesSent", bandwidth.sent());
    return answer;
  }
}
