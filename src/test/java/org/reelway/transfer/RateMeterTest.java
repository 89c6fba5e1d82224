package org.reelway.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateMeterTest {
  private final AtomicLong now = new AtomicLong(-7);
  private final RateMeter meter = new RateMeter(now::get);

  private void secondsOf(int seconds, long bytesPerSecond) {
    for (int tenth = 0; tenth < seconds * 10; tenth++) {
      now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      meter.add(bytesPerSecond / 10);
    }
  }

  @Test
  void aSteadyFlowIsItsRateAndAChangeShowsWithinFiveSeconds() {
    assertThat(meter.bytesPerSecond()).isZero();
    secondsOf(3, 1000);
    assertThat(meter.bytesPerSecond()).isEqualTo(1000);
    secondsOf(20, 50_000);
    assertThat(meter.bytesPerSecond()).isEqualTo(50_000);
  }

  @Test
  void aFlowThatStopsIsZeroAfterFiveSeconds() {
    secondsOf(10, 1000);
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(2500));
    assertThat(meter.bytesPerSecond()).isBetween(400L, 600L);
    now.addAndGet(TimeUnit.SECONDS.toNanos(6));
    assertThat(meter.bytesPerSecond()).isZero();
  }
}
