package org.reelway.transfer.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;
import org.reelway.media.repair.RepairReport.Method;

/** Counts recordings whose writer died. */
public final class RepairMetrics {
  private final MeterRegistry registry;

  public RepairMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Method method : Method.values()) {
      counter(method);
    }
  }

  private Counter counter(Method method) {
    return Counter.builder("reelway.recordings.recovered")
        .description("Recordings whose writer died, by what could be made of them")
        .tag("result", word(method))
        .register(registry);
  }

  private static String word(Method method) {
    return switch (method) {
      case REMUX -> "remuxed";
      case REBUILD -> "rebuilt";
      case NONE -> "raw-only";
    };
  }

  public void recovered(Method method) {
    counter(method).increment();
  }

  /** @param unfinished counts the files that are watched, repaired or sent now */
  public void watch(IntSupplier unfinished) {
    Gauge.builder("reelway.recordings.unfinished", unfinished, IntSupplier::getAsInt)
        .description("Files that no writer seems to finish: watched, waiting, being repaired or sent")
        .strongReference(true)
        .register(registry);
  }
}
