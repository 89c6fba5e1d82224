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

  /** A part of the heap, as a JVM tells of it after a collection. */
  private static MemoryPoolMXBean pool(long usedMegabytes, long mostMegabytes) {
    return (MemoryPoolMXBean)
        Proxy.newProxyInstance(
            MemoryPoolMXBean.class.getClassLoader(), new Class<?>[] {MemoryPoolMXBean.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getType" -> MemoryType.HEAP;
                  case "getCollectionUsage" -> new MemoryUsage(0, usedMegabytes * MB, mostMegabytes * MB, mostMegabytes * MB);
                  default -> throw new AssertionError(method);
                });
  }

  @Test
  void aHeapThatACollectionLeavesFullIsDown() {
    HealthCheck.Result full = new ProcessHealth(() -> true, List.of(pool(80, 80), pool(16, 20))).call();
    assertThat(full.getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(full.getMessage().orElseThrow()).contains("REELWAY_JAVA_OPTS");
  }

  @Test
  void anOldGenerationThatACollectionFillsWhileTheYoungOneHasRoomIsWell() {
    assertThat(new ProcessHealth(() -> true, List.of(pool(80, 80), pool(5, 20))).call().getState())
        .isEqualTo(HealthCheck.State.UP);
  }

  @Test
  void aStateThatNobodyWritesAnyMoreIsDownAndPartOfLiveness() {
    ProcessHealth health = new ProcessHealth(() -> false);

    assertThat(health.call().getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(health.isLiveness()).isTrue();
    assertThat(new ProcessHealth(() -> true).call().getState()).as("this very JVM").isEqualTo(HealthCheck.State.UP);
  }
}
