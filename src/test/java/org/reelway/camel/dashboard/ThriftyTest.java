package org.reelway.camel.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThriftyTest {
  private static final long MILLI = 1_000_000;

  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();

  private Thrifty<Integer> taking(long nanos) {
    return new Thrifty<>(
        () -> {
          clock.addAndGet(nanos);
          return asked.incrementAndGet();
        },
        clock::get);
  }

  @Test
  void anAnswerIsKept200TimesAsLongAsItTook() {
    Thrifty<Integer> counts = taking(10 * MILLI);

    assertThat(counts.get()).isEqualTo(1);
    clock.addAndGet(1999 * MILLI);
    assertThat(counts.get()).isEqualTo(1);
    clock.addAndGet(MILLI);
    assertThat(counts.get()).isEqualTo(2);
  }

  @Test
  void butNoLongerThanTenSeconds() {
    Thrifty<Integer> counts = taking(1000 * MILLI);

    counts.get();
    clock.addAndGet(10_000 * MILLI);
    assertThat(counts.get()).isEqualTo(2);
  }
}
