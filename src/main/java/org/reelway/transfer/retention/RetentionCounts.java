package org.reelway.transfer.retention;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What retention does, for Prometheus. */
final class RetentionCounts {
  private final Counter deleted;
  private final Counter deletedBytes;
  private final AtomicInteger objectsMissing = new AtomicInteger();

  RetentionCounts(MeterRegistry registry, DiskLevels levels) {
    this.deleted = counter(registry, "reelway.retention.deleted", "Files of verified recordings that were deleted");
    this.deletedBytes = counter(registry, "reelway.retention.deleted.bytes", "Their bytes");
    gauge(registry, "reelway.retention.objects.missing", "Files kept as their objects are gone", objectsMissing);
    Gauge.builder("reelway.disk.critical", levels, all -> all.all().stream().filter(DiskLevels.Disk::critical).count())
        .description("Disks of recordings that are nearly full")
        .register(registry);
    Gauge.builder("reelway.disk.free.bytes", levels, RetentionCounts::leastFree)
        .description("Free bytes of the fullest disk of recordings")
        .register(registry);
  }

  private static double leastFree(DiskLevels levels) {
    return levels.all().stream().mapToLong(DiskLevels.Disk::freeBytes).min().orElse(0);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private static void gauge(MeterRegistry registry, String name, String description, AtomicInteger value) {
    Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
  }

  void deleted(long bytes) {
    deleted.increment();
    deletedBytes.increment(bytes);
  }

  void objectsMissing(int count) {
    objectsMissing.set(count);
  }
}
