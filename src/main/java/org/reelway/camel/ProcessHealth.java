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
  private static final int FULL_PERCENT = 95;

  private final List<MemoryPoolMXBean> pools;
  private final BooleanSupplier writes;

  /** @param writes whether the state's writer lives */
  ProcessHealth(BooleanSupplier writes) {
    this(writes, ManagementFactory.getMemoryPoolMXBeans());
  }

  ProcessHealth(BooleanSupplier writes, List<MemoryPoolMXBean> pools) {
    super("process", Scope.LIVE);
    this.writes = writes;
    this.pools = pools.stream().filter(pool -> pool.getType() == MemoryType.HEAP).toList();
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    if (!writes.getAsBoolean()) {
      builder.message("the state is not written any more: its thread has ended, or another sidecar has had it; start Reelway again").down();
    } else if (isFull()) {
      builder.message(
          "the heap is full after each collection; start Reelway again, and give it more by REELWAY_JAVA_OPTS=-Xmx…").down();
    } else {
      builder.up();
    }
  }

  /**
   * After the last collection: what is garbage does not count. All pools together, for a collection fills the old generation
   * to its last byte before it leaves anything in the young one.
   */
  private boolean isFull() {
    long used = 0;
    long most = 0;
    for (MemoryPoolMXBean pool : pools) {
      MemoryUsage left = pool.getCollectionUsage();
      // Without a maximum of its own, it shares that of another.
      if (left != null && left.getMax() > 0) {
        used += left.getUsed();
        most += left.getMax();
      }
    }
    return most > 0 && used * 100 >= most * FULL_PERCENT;
  }
}
