package org.reelway.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The events of all streams in numbers. */
public final class LiveMetrics implements LiveEvent.Listener {
  private final Timer chunkDelay;
  private final Timer playlistLag;
  private final Map<LiveEvent.Kind, Counter> counters = new EnumMap<>(LiveEvent.Kind.class);

  public LiveMetrics(MeterRegistry metrics) {
    this.chunkDelay =
        timer("reelway.live.chunk.delay", "From a chunk's last write to its being verified in the store", metrics);
    this.playlistLag =
        timer("reelway.live.playlist.lag", "From a playlist's last write to its being readable in the store", metrics);
    for (LiveEvent.Kind kind : LiveEvent.Kind.values()) {
      counters.put(
          kind,
          Counter.builder("reelway.live.events")
              .tag("what", kind.word())
              .description("What happened to live streams")
              .register(metrics));
    }
  }

  private static Timer timer(String name, String description, MeterRegistry metrics) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(
            Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
            Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5),
            Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(1))
        .register(metrics);
  }

  @Override
  public void happened(LiveEvent event) {
    counters.get(event.kind()).increment();
    if (event.kind() == LiveEvent.Kind.CHUNK) {
      chunkDelay.record(event.delay());
    } else if (event.kind() == LiveEvent.Kind.PLAYLIST) {
      playlistLag.record(event.delay());
    }
  }
}
