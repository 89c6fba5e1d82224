package org.reelway.stream.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reelway.failure.OurFailure;
import org.reelway.media.process.Orphans;
import org.reelway.transfer.Backoff;

/** With runs that fare as the test says and a clock that it turns; nothing waits. */
class SupervisorTest {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final Duration STALL_AFTER = Duration.ofSeconds(10);
  private static final Duration HEALTHY_AFTER = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofSeconds(8);
  private static final int MOST = 20;

  private final HandClock clock = new HandClock();
  private final List<ScriptedRun> runs = new ArrayList<>();
  private Consumer<ScriptedRun> script = run -> {};
  private final Supervisor supervisor =
      new Supervisor(
          "tasks", new Orphans("test"),
          new Limits(
              MOST, STALL_AFTER, Duration.ofSeconds(2), new Backoff(Duration.ofSeconds(1), LONGEST), HEALTHY_AFTER),
          clock);

  private static final class HandClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private void start(String id) {
    supervisor.start(new Task(id, "stream-" + id, "target", "group", now -> {
      ScriptedRun run = new ScriptedRun(now);
      runs.add(run);
      script.accept(run);
      return run;
    }));
  }

  private void pass(Duration time) {
    for (Instant end = clock.now.plus(time); clock.now.isBefore(end); clock.now = clock.now.plus(STEP)) {
      supervisor.look();
    }
  }

  private void look() {
    pass(STEP);
  }

  private TaskStatus status(String id) {
    return supervisor.status(id).orElseThrow();
  }

  private ScriptedRun last() {
    return runs.get(runs.size() - 1);
  }

  /** From one beginning to the next. */
  private List<Duration> pauses() {
    return IntStream.range(1, runs.size())
        .mapToObj(i -> Duration.between(runs.get(i - 1).began, runs.get(i).began)).toList();
  }

  @Test
  void aTargetThatIsDeadIsTriedAfterPausesThatDoubleToTheLongestWithoutEnd() {
    script = run -> run.alive = false;
    start("a");

    pass(Duration.ofMinutes(10));

    List<Duration> pauses = pauses();
    assertThat(pauses.size()).isGreaterThan(60);
    for (int i = 0; i < pauses.size(); i++) {
      Duration whole = Duration.ofSeconds(Math.min(LONGEST.toSeconds(), 1L << Math.min(i, 10)));
      // A look is up to two steps late: it sees the end, and then that the time has come.
      assertThat(pauses.get(i)).as("pause " + i).isBetween(whole.dividedBy(2), whole.plus(STEP.multipliedBy(3)));
    }
    assertThat(pauses.stream().skip(10).distinct().count()).as("drawn at random").isGreaterThan(5);
    assertThat(status("a").trouble()).isEqualTo("it broke");
    assertThat(status("a").state()).isEqualTo("waiting");
  }

  @Test
  void aRunThatWentThroughForLongMakesTheNextTroubleTheFirst() {
    start("a");
    for (int i = 0; i < 6; i++) {
      fail("a", Duration.ofSeconds(1));
    }
    assertThat(Duration.between(clock.now, status("a").nextTry())).as("short runs do not")
        .isGreaterThan(Duration.ofSeconds(3));

    fail("a", HEALTHY_AFTER.plusSeconds(1));

    assertThat(Duration.between(clock.now, status("a").nextTry())).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  /** Waits for a run, lets it go through for the time, and ends it. */
  private void fail(String id, Duration after) {
    while (status(id).state().equals("waiting")) {
      look();
    }
    last().through = true;
    pass(after);
    assertThat(status(id).state()).isEqualTo("running");
    last().alive = false;
    look();
  }

  @Test
  void noMoreRunThanAreAllowedAndTheNextBeginsWhenOneEnds() {
    script = run -> run.through = true;
    IntStream.rangeClosed(0, MOST).forEach(i -> start("t" + i));
    pass(Duration.ofSeconds(5));
    assertThat(runs).hasSize(MOST);
    assertThat(status("t" + MOST).trouble()).isEqualTo("as many run already as are allowed (20)");

    supervisor.stop("t0");
    pass(Duration.ofSeconds(2));

    assertThat(supervisor.status("t0")).isEmpty();
    assertThat(status("t" + MOST).state()).isEqualTo("running");
    assertThat(status("t" + MOST).trouble()).isEmpty();
  }

  @Test
  void aRestartByRequestBeginsAtOnceAndCountsAsNoFailure() {
    script = run -> run.through = true;
    start("a");
    pass(Duration.ofSeconds(1));
    for (int i = 0; i < 5; i++) {
      assertThat(supervisor.restart("a")).isTrue();
      pass(STEP.multipliedBy(5));
      assertThat(status("a").state()).as("restart " + i).isEqualTo("running");
    }
    assertThat(status("a").runs()).isEqualTo(6);
    assertThat(supervisor.totals().get("group").restarts()).isEqualTo(5);

    last().alive = false;
    look();
    assertThat(Duration.between(clock.now, status("a").nextTry())).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aRestartByRequestDoesNotWaitForThePause() {
    script = run -> run.through = true;
    start("a");
    for (int i = 0; i < 6; i++) {
      fail("a", Duration.ofSeconds(1));
    }
    assertThat(status("a").nextTry()).isAfter(clock.now.plusSeconds(3));

    supervisor.restart("a");
    look();
    look();

    assertThat(status("a").state()).isEqualTo("running");
  }

  @Test
  void whatIsStoppedWhileItBeginsIsEndedAndNotBegunAgain() {
    start("a");
    look();
    assertThat(status("a").state()).isEqualTo("starting");

    supervisor.stop("a");
    look();
    assertThat(status("a").state()).isEqualTo("stopping");
    pass(Duration.ofMinutes(1));

    assertThat(last().endSteps).isEqualTo(2);
    assertThat(supervisor.statuses()).isEmpty();
    assertThat(runs).hasSize(1);
  }

  @Test
  void whatIsWantedAgainWhileItEndsIsBegunAnew() {
    script = run -> run.through = true;
    start("a");
    pass(Duration.ofSeconds(1));

    supervisor.stop("a");
    look();
    start("a");
    pass(Duration.ofSeconds(2));

    assertThat(status("a").state()).isEqualTo("running");
    assertThat(runs).hasSize(2);
  }

  @Test
  void aRunThroughWhichNothingGoesIsEndedAndBegunAnew() {
    script = run -> run.through = true;
    start("a");
    pass(Duration.ofSeconds(1));
    last().silence = STALL_AFTER;
    pass(Duration.ofSeconds(1));
    assertThat(status("a").state()).as("not yet").isEqualTo("running");

    last().silence = STALL_AFTER.plus(STEP);
    look();
    assertThat(status("a").state()).isEqualTo("stopping");
    assertThat(status("a").trouble()).isEqualTo("nothing went through for 10 s");
    pass(Duration.ofSeconds(2));

    assertThat(runs).hasSize(2);
    assertThat(runs.get(0).endSteps).isEqualTo(2);
    assertThat(status("a").state()).isEqualTo("running");
  }

  @Test
  void ofTenStreamsToADeadTargetOneTriesAndAllGoOnceItGotThrough() {
    script = run -> run.alive = false;
    IntStream.range(0, 10).forEach(i -> start("t" + i));
    pass(Duration.ofMinutes(2));
    int before = runs.size();
    script = run -> {};
    pass(Duration.ofSeconds(9));
    assertThat(runs.size() - before).as("runs that begin while the breaker is open").isEqualTo(1);
    pass(Duration.ofMinutes(1));
    assertThat(supervisor.processes()).as("it has not got through yet").hasSize(1);
    assertThat(supervisor.statuses()).filteredOn(each -> each.state().equals("waiting")).hasSize(9);

    last().through = true;
    script = run -> run.through = true;
    pass(LONGEST.plusSeconds(2));

    assertThat(supervisor.count("group", "running")).isEqualTo(10);
  }

  @Test
  void aDeadTargetTakesNothingFromTheOthers() {
    supervisor.start(new Task("dead", "s", "dead", "dead", now -> {
      ScriptedRun run = new ScriptedRun(now);
      run.alive = false;
      return run;
    }));
    script = run -> run.through = true;
    IntStream.range(0, 9).forEach(i -> start("t" + i));

    pass(Duration.ofMinutes(1));

    assertThat(runs).as("each of the others began once").hasSize(9);
    assertThat(supervisor.count("group", "running")).isEqualTo(9);
  }

  @Test
  void troubleOfTheSourceDoesNotCountAgainstTheTarget() {
    script = run -> {
      run.alive = false;
      run.sourceTrouble = true;
    };
    start("bad");
    pass(Duration.ofMinutes(1));
    script = run -> run.through = true;

    start("good");
    look();
    look();

    assertThat(status("good").state()).isEqualTo("running");
  }

  @Test
  void aProgramThatCannotBeStartedIsTroubleLikeAnyOther() {
    List<Instant> tries = new ArrayList<>();
    supervisor.start(new Task("a", "s", "target", "group", now -> {
      tries.add(now);
      throw new OurFailure("no such program");
    }));

    pass(Duration.ofMinutes(5));

    assertThat(tries.size()).isGreaterThan(30);
    assertThat(status("a").trouble()).isEqualTo("no such program");
  }

  @Test
  void framesAndBytesOfAllRunsAreCountedTogether() {
    script = run -> run.through = true;
    start("a");
    look();
    last().framesToHear = 100;
    last().bytesToHear = 5000;
    look();
    last().alive = false;
    pass(Duration.ofSeconds(2));
    last().framesToHear = 1;
    last().bytesToHear = 10;
    look();

    assertThat(status("a").frames()).isEqualTo(101);
    assertThat(status("a").bytes()).isEqualTo(5010);
    assertThat(supervisor.totals().get("group").bytes()).isEqualTo(5010);
  }

  @Test
  void aStreamThatIsKnownToHavePicturesAndSendsNoneIsSeenUntilTheyAreBack() {
    start("a");
    look();
    last().through = true;
    last().video = true;
    last().framesToHear = 7;
    look();
    pass(STALL_AFTER.multipliedBy(3));
    assertThat(status("a").state()).isEqualTo("running");

    pass(STALL_AFTER);

    assertThat(status("a").state()).isEqualTo("incomplete");
    assertThat(status("a").trouble()).isEqualTo("the stream has pictures, and none came for 30 s; its sound goes on");
    assertThat(status("a").behindSince()).isNotNull();
    assertThat(supervisor.count("group", "incomplete")).isOne();
    last().framesToHear = 8;
    look();
    assertThat(status("a").state()).isEqualTo("running");
    assertThat(status("a").behindSince()).isNull();
    assertThat(runs).hasSize(1);
  }

  @Test
  void aStreamOfSoundAloneIsComplete() {
    start("a");
    look();
    last().through = true;

    pass(Duration.ofMinutes(5));

    assertThat(status("a").state()).isEqualTo("running");
  }

  @Test
  void aRunThatLacksATrackIsBegunAnewAtOnce() {
    start("a");
    look();
    last().through = true;
    look();
    last().outdated = "a track came late";

    pass(Duration.ofSeconds(1));

    assertThat(runs).hasSize(2);
    assertThat(runs.get(0).endSteps).isPositive();
    assertThat(status("a").state()).isEqualTo("starting");
  }
}
