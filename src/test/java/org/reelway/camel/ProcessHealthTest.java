package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;

class ProcessHealthTest {
  private static final int MB = 1 << 20;

  /** As a JVM tells of its old generation after a collection. */
  private static MemoryPoolMXBean oldGeneration(long usedMegabytes) {
    return (MemoryPoolMXBean)
        Proxy.newProxyInstance(
            MemoryPoolMXBean.class.getClassLoader(), new Class<?>[] {MemoryPoolMXBean.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getType" -> MemoryType.HEAP;
                  case "isUsageThresholdSupported" -> true;
                  case "getCollectionUsage" -> new MemoryUsage(0, usedMegabytes * MB, 100L * MB, 100L * MB);
                  default -> throw new AssertionError(method);
                });
  }

  @Test
  void aHeapThatACollectionLeavesFullIsDown() {
    assertThat(new ProcessHealth(() -> true, List.of(oldGeneration(96))).call().getState()).isEqualTo(HealthCheck.State.UP);
    HealthCheck.Result full = new ProcessHealth(() -> true, List.of(oldGeneration(98))).call();
    assertThat(full.getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(full.getMessage().orElseThrow()).contains("REELWAY_JAVA_OPTS");
  }

  @Test
  void aStateThatNobodyWritesAnyMoreIsDownAndPartOfLiveness() {
    ProcessHealth health = new ProcessHealth(() -> false);

    assertThat(health.call().getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(health.isLiveness()).isTrue();
    assertThat(new ProcessHealth(() -> true).call().getState()).as("this very JVM").isEqualTo(HealthCheck.State.UP);
  }
}
