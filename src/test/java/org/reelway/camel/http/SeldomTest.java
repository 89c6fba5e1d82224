package org.reelway.camel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeldomTest {
  private final AtomicLong now = new AtomicLong(-5);
  private final Seldom seldom = new Seldom(now::get);

  @Test
  void theFirstOfAKindIsToldAtOnceAndTheOthersAreCountedForAMinute() {
    assertThat(seldom.due("a")).isEqualTo(1);
    assertThat(seldom.due("a")).isZero();
    assertThat(seldom.due("a")).isZero();
    assertThat(seldom.due("b")).isEqualTo(1);

    now.addAndGet(Seldom.PAUSE_NANOS);
    assertThat(seldom.due("a")).isEqualTo(3);
    assertThat(seldom.due("a")).isZero();
  }
}
