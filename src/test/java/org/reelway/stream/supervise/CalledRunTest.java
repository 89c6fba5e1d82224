package org.reelway.stream.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reelway.failure.DestinationFailure;
import org.reelway.media.process.StuckSockets;

/** What a media server does itself, with calls that are answered when the test says so. */
class CalledRunTest {
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private CalledRun.Answer answer = CalledRun.Answer.nothing("not there yet");
  private RuntimeException failure;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final CalledRun run = CalledRun.start(new Calls(), waiting::add, now);

  private final class Calls implements CalledRun.Calls {
    @Override
    public void begin() {
      tell("begin");
    }

    @Override
    public CalledRun.Answer ask() {
      tell("ask");
      return answer;
    }

    @Override
    public void end() {
      tell("end");
    }

    private void tell(String what) {
      told.add(what);
      if (failure != null) {
        throw failure;
      }
    }
  }

  private void answered() {
    while (!waiting.isEmpty()) {
      waiting.remove().run();
    }
    run.listen(now);
  }

  private void later(int seconds) {
    now = now.plusSeconds(seconds);
    run.listen(now);
  }

  @Test
  void isThroughOnceTheServerSaysThatBytesWent() {
    answered();
    later(1);
    answered();
    assertThat(run.isThrough()).isFalse();
    answer = new CalledRun.Answer(true, 5, 1000, "");
    later(1);
    answered();
    assertThat(run.isThrough()).isTrue();
    assertThat(run.frames()).isEqualTo(5);
    assertThat(run.bytes()).isEqualTo(1000);
    assertThat(told).containsExactly("begin", "ask", "ask");
  }

  @Test
  void asksOneThingAtATimeWhileTheServerDoesNotAnswer() {
    answered();
    later(1);
    later(1);
    later(5);
    assertThat(waiting).hasSize(1);
    assertThat(run.isAlive()).isTrue();
    assertThat(run.stalled(now, StuckSockets.NONE)).as("of the media nothing is known").isZero();
  }

  @Test
  void hasStalledWhenTheServerSaysThatNoMoreBytesWent() {
    answered();
    answer = new CalledRun.Answer(true, 5, 1000, "");
    later(1);
    answered();
    later(4);
    answered();
    assertThat(run.stalled(now, StuckSockets.NONE)).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void isLeftAloneWhereTheServerCannotBeAskedForLonger() {
    answered();
    answer = new CalledRun.Answer(true, 5, 1000, "");
    later(1);
    answered();
    failure = new DestinationFailure("nothing listens");
    for (int i = 0; i < 3; i++) {
      assertThat(run.isAlive()).isTrue();
      later(1);
      answered();
    }
    assertThat(run.isAlive()).isFalse();
    assertThat(run.ending()).isEqualTo("nothing listens");
    run.end(now, GRACE);
    answered();
    assertThat(told).as("it may well go on").doesNotContain("end");
  }

  @Test
  void hasEndedWhenTheServerGivesItUpBeforeItWasThere() {
    answered();
    later(1);
    answered();
    assertThat(run.isAlive()).isTrue();
    assertThat(run.trouble()).isEqualTo("not there yet");
    answer = CalledRun.Answer.over("no such stream");
    later(1);
    answered();
    assertThat(run.isAlive()).isFalse();
    assertThat(run.ending()).isEqualTo("no such stream");
  }

  @Test
  void hasEndedWhenTheServerDoesNotTakeIt() {
    failure = new DestinationFailure("EMS says FAIL");
    answered();
    assertThat(run.isAlive()).isFalse();
    assertThat(run.ending()).isEqualTo("EMS says FAIL");
  }

  @Test
  void hasEndedWhenTheServerDoesNotHaveItAnyMore() {
    answered();
    answer = new CalledRun.Answer(true, 5, 1000, "");
    later(1);
    answered();
    answer = CalledRun.Answer.nothing("connection refused");
    later(1);
    answered();
    assertThat(run.isAlive()).isFalse();
    assertThat(run.ending()).isEqualTo("connection refused");
    assertThat(run.bytes()).isEqualTo(1000);
  }

  @Test
  void goesOnWhileTheServerCannotBeAskedForAMoment() {
    answered();
    failure = new DestinationFailure("nothing listens");
    later(1);
    answered();
    assertThat(run.isAlive()).isTrue();
    failure = null;
    answer = new CalledRun.Answer(true, 5, 1000, "");
    later(1);
    answered();
    assertThat(run.isThrough()).isTrue();
  }

  @Test
  void isEndedAfterItsBeginningWasAnswered() {
    run.end(now, GRACE);
    answered();
    assertThat(told).containsExactly("begin", "end");
    assertThat(run.isAlive()).isFalse();
  }

  @Test
  void isEndedAgainAndAgainWhileTheServerIsAwayButNotForEver() {
    answered();
    failure = new DestinationFailure("nothing listens");
    run.end(now, GRACE);
    answered();
    later(1);
    run.end(now, GRACE);
    answered();
    assertThat(run.isAlive()).isTrue();
    later(6);
    run.end(now, GRACE);
    assertThat(run.isAlive()).isFalse();
    assertThat(told).containsExactly("begin", "end", "end");
  }
}
