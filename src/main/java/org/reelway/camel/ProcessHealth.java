package org.reelway.camel;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Part of liveness: down where nothing works any more, and only a restart can help. That is a heap that a collection leaves
 * full (the JVM collects all the time then, and ends only when an allocation fails), or a writer of the state that has ended.
 */
final class ProcessHealth extends GuardedHealth {
  private static final int FULL_PERCENT = 97;

  private final List<MemoryPoolMXBean> pools;
  private final BooleanSupplier writes;

  /** @param writes whether the state's writer lives */
  ProcessHealth(BooleanSupplier writes) {
    this(writes, ManagementFactory.getMemoryPoolMXBeans());
  }

  ProcessHealth(BooleanSupplier writes, List<MemoryPoolMXBean> pools) {
    super("reelway", "process");
    this.writes = writes;
    // Not what is for young objects only.
    this.pools =
        pools.stream().filter(pool -> pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported()).toList();
  }

  @Override
  public boolean isLiveness() {
    return true;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    if (!writes.getAsBoolean()) {
      builder.message("the state is not written any more: its thread has ended; start Reelway again").down();
    } else if (!pools.isEmpty() && pools.stream().allMatch(ProcessHealth::isFull)) {
      builder.message(
          "the heap is full after each collection; start Reelway again, and give it more by REELWAY_JAVA_OPTS=-Xmx…").down();
    } else {
      builder.up();
    }
  }

  /** After the last collection: what is garbage does not count. */
  private static boolean isFull(MemoryPoolMXBean pool) {
    MemoryUsage left = pool.getCollectionUsage();
    return left != null && left.getMax() > 0 && left.getUsed() * 100 >= left.getMax() * FULL_PERCENT;
  }
}
