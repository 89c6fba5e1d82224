package org.reelway.stream.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.reelway.transfer.Backoff;

class BreakerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Breaker breaker = new Breaker(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(4)));
  private final SupervisedTask one = task("one");
  private final SupervisedTask other = task("other");

  private SupervisedTask task(String id) {
    Limits limits =
        new Limits(
            1, Duration.ofSeconds(1), Duration.ofSeconds(1), new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)),
            Duration.ofSeconds(1));
    return new SupervisedTask(new Task(id, id, id, id, now -> null), limits, breaker, START);
  }

  private void open() {
    for (int i = 0; i < 3; i++) {
      assertThat(breaker.isOpen()).as("after " + i + " failures").isFalse();
      assertThat(breaker.mayStart(i % 2 == 0 ? one : other, START)).isTrue();
      breaker.failed(i % 2 == 0 ? one : other, START);
    }
    assertThat(breaker.isOpen()).isTrue();
  }

  @Test
  void opensAfterThreeFailuresInARowByWhicheverStreams() {
    open();

    assertThat(breaker.mayStart(one, START)).as("the pause has to pass").isFalse();
    assertThat(breaker.nextTry(START)).isAfter(START);
  }

  @Test
  void lessThanThreeInARowDoNotOpenIt() {
    for (int i = 0; i < 10; i++) {
      breaker.failed(one, START);
      breaker.failed(one, START);
      breaker.through(other);
    }

    assertThat(breaker.isOpen()).isFalse();
  }

  @Test
  void halfOpenItLetsOneTryAndNobodyElse() {
    open();
    Instant later = START.plusSeconds(4);

    assertThat(breaker.mayStart(one, later)).isTrue();
    assertThat(breaker.mayStart(other, later)).isFalse();
    assertThat(breaker.mayStart(other, later.plusSeconds(100))).as("while one tries").isFalse();
    assertThat(breaker.nextTry(later)).isEqualTo(later.plusSeconds(1));
  }

  @Test
  void theNextTriesWhenTheOneThatTriedHasFailedAndThePauseHasGrownButNotForEver() {
    open();
    Instant now = START;
    for (int i = 0; i < 20; i++) {
      Instant next = breaker.nextTry(now);
      Duration pause = Duration.between(now, next);
      assertThat(pause).isLessThanOrEqualTo(Duration.ofSeconds(4));
      assertThat(i < 4 || pause.compareTo(Duration.ofSeconds(2)) >= 0).as("pause " + i + ": " + pause).isTrue();
      now = next;
      SupervisedTask turn = i % 2 == 0 ? one : other;
      assertThat(breaker.mayStart(turn, now)).isTrue();
      breaker.failed(turn, now);
    }
  }

  @Test
  void closesForAllWhenOneGotThrough() {
    open();
    Instant later = START.plusSeconds(4);
    breaker.mayStart(one, later);

    breaker.through(one);

    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.mayStart(other, later)).isTrue();
  }

  @Test
  void oneThatTriedAndWasStoppedMakesRoomForTheNext() {
    open();
    Instant later = START.plusSeconds(4);
    breaker.mayStart(one, later);

    breaker.ended(one);

    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.mayStart(other, later)).isTrue();
  }
}
