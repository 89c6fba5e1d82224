package org.reelway.stream.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reelway.failure.InputFailure;

class BegunDriverTest {
  @Test
  void whatCostsMoneyIsLookedForAgainWhereTheDriverCannotBeMadeYet() {
    AtomicInteger tries = new AtomicInteger();
    ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(1);
    try {
      BegunDriver driver = new BegunDriver(
          () -> {
            tries.incrementAndGet();
            throw new InputFailure("a template is missing");
          },
          id -> {}, id -> Optional.empty(), threads);
      driver.watchCosts();

      await().until(() -> tries.get() == 1 && threads.getActiveCount() == 0);
      assertThat(threads.getQueue()).as("the next look").hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }
}
