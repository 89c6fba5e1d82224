package org.reelway.stream.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.BadRequest;
import org.reelway.failure.Conflict;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListFull;
import org.reelway.failure.NotFound;
import org.reelway.state.WorkflowNoticeRow;
import org.reelway.stream.workflow.StreamDriver.RunningCost;
import org.reelway.stream.workflow.WantedStream.Wanted;
import org.reelway.stream.workflow.archive.SplitRequest;
import org.slf4j.LoggerFactory;

class LiveWorkflowTest {
  private static final Duration FAILING = Duration.ofMinutes(2);

  @TempDir Path folder;
  private WorkflowFixture it;

  @BeforeEach
  void open() {
    it = new WorkflowFixture(folder);
  }

  @AfterEach
  void close() {
    it.close();
  }

  private static SplitRequest request(String session) {
    return new SplitRequest(List.of(new SplitRequest.Stamps("1", "2")), session, "m", null, null);
  }

  private List<String> kinds() {
    return it.told.stream().map(WorkflowNoticeRow::kind).toList();
  }

  @Test
  void aStreamLivesFromItsMakingToItsDeletion() {
    StreamView made = it.created();
    String id = made.row().id();
    assertThat(made.state()).isEqualTo(StreamState.STOPPED);
    assertThat(made.trouble()).isEmpty();
    assertThat(made.facts().get(StreamFacts.RTMP1)).contains("rtmp://127.0.0.1/live/key1-" + id);

    StreamView started = it.started(id);
    String session = started.row().sessionId();
    assertThat(started.state()).isEqualTo(StreamState.STARTED);
    assertThat(started.archives()).containsExactly(
        Map.entry(session, "s3://bkt/pre/2026/11/30/" + id + "-" + it.clock.instant().getEpochSecond() + "/"));
    assertThat(it.workflow.live(id, true).facts().get(StreamFacts.IS_PUBLIC)).contains("true");

    it.clock.forward(Duration.ofMinutes(5));
    StreamView stopped = it.workflow.stop(id);
    assertThat(stopped.state()).isEqualTo(StreamState.STOPPED);
    assertThat(stopped.row().sessionId()).as("is kept").isEqualTo(session);
    assertThat(it.driver.asked.get(it.driver.asked.size() - 1).session()).as("the one to close").isPresent();

    assertThat(it.workflow.delete(id).state()).isEqualTo(StreamState.DELETING);
    assertThatThrownBy(() -> it.workflow.one(id)).isInstanceOf(NotFound.class)
        .hasMessage("no stream has the id \"" + id + "\"; GET /streams lists them");
    assertThat(it.driver.there).containsEntry(id, Wanted.DELETED);
    await().until(() -> kinds().equals(List.of(SessionNotice.OPENED, SessionNotice.CLOSED)));
    assertThat(SessionNotice.data(it.told.get(1))).containsEntry("session_id", session)
        .containsEntry("archive", started.archives().get(session)).containsEntry("stopped_at", "2026-11-30T12:05:00Z");
  }

  @Test
  void withoutAnyStreamNothingIsBegun() {
    assertThat(it.driver.begun()).isZero();
    assertThat(it.workflow.threads()).isZero();
    assertThat(it.workflow.troubles()).isEmpty();
  }

  @Test
  void whatIsAskedForInTheWrongStateIsRefusedAndChangesNothing() {
    String id = it.created().row().id();
    assertThatThrownBy(() -> it.workflow.stop(id)).isInstanceOf(Conflict.class).hasMessageContaining("is not started: it is stopped");
    it.started(id);
    assertThatThrownBy(() -> it.started(id)).isInstanceOf(Conflict.class).hasMessageContaining("is started; stop it first");
    assertThatThrownBy(() -> it.workflow.delete(id)).isInstanceOf(Conflict.class).hasMessageContaining("is started; stop it first");
    assertThatThrownBy(() -> it.workflow.describe(id, Optional.empty(), Optional.empty(), Optional.of(10L))).isInstanceOf(Conflict.class)
        .hasMessageContaining("\"segment_length\"");
    assertThat(it.workflow.describe(id, Optional.of("two"), Optional.empty(), Optional.of(300L)).row().name()).isEqualTo("two");

    it.driver.script = (stream, facts) -> Reached.waiting(Duration.ofHours(1), "the last segment");
    StreamView stopping = it.workflow.stop(id);
    assertThat(stopping.state()).isEqualTo(StreamState.STOPPING);
    assertThat(stopping.trouble()).contains("the last segment");
    assertThatThrownBy(() -> it.started(id)).isInstanceOf(Conflict.class).hasMessageContaining("is stopping; start it once its state is stopped");
    assertThatThrownBy(() -> it.workflow.stop(id)).isInstanceOf(Conflict.class);

    assertThat(it.workflow.delete(id).state()).isEqualTo(StreamState.DELETING);
    assertThat(it.driver.asked(id)).as("a session is closed first").doesNotContain(Wanted.DELETED);
    assertThat(it.workflow.delete(id).state()).as("once more is fine").isEqualTo(StreamState.DELETING);
    assertThatThrownBy(() -> it.started(id)).isInstanceOf(Conflict.class).hasMessageContaining("is being deleted");
    assertThatThrownBy(() -> it.workflow.live(id, true)).isInstanceOf(Conflict.class).hasMessageContaining("is being deleted");
    it.driver.script = ScriptedDriver::facts;
    it.driver.wake(id);
    await().until(() -> it.workflow.list("", 10).isEmpty());
    assertThat(it.driver.asked(id)).endsWith(Wanted.STOPPED, Wanted.DELETED);
  }

  @Test
  void ofConcurrentStartsOneOpensASessionAndLooksAtAStreamNeverOverlap() throws Exception {
    String id = it.created().row().id();
    int callers = 8;
    it.driver.script = (stream, facts) -> {
      Thread.onSpinWait();
      return ScriptedDriver.facts(stream, facts);
    };
    CyclicBarrier together = new CyclicBarrier(callers);
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<Future<StreamView>> calls = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        calls.add(threads.submit((Callable<StreamView>) () -> {
          together.await();
          return it.started(id);
        }));
      }
      int refused = 0;
      for (Future<StreamView> call : calls) {
        try {
          call.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          assertThat(e.getCause()).isInstanceOf(Conflict.class);
          refused++;
        }
      }
      assertThat(refused).isEqualTo(callers - 1);
    } finally {
      threads.shutdownNow();
    }
    assertThat(it.workflow.one(id).archives()).hasSize(1);
    assertThat(it.driver.overlaps).hasValue(0);
  }

  @Test
  void aStreamThatHangsHoldsUpNoOther() throws Exception {
    String slow = it.created().row().id();
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(1);
    it.driver.script = (stream, facts) -> {
      if (stream.id().equals(slow)) {
        hanging.countDown();
        awaitQuietly(released);
      }
      return ScriptedDriver.facts(stream, facts);
    };
    Thread caller = new Thread(() -> it.started(slow));
    caller.start();
    hanging.await();
    assertThat(it.created().state()).isEqualTo(StreamState.STOPPED);
    // Another call for the very stream is taken, and brought about next.
    Thread stopping = new Thread(() -> it.workflow.stop(slow));
    stopping.start();
    await().until(() -> it.workflow.one(slow).state() == StreamState.STOPPING);
    released.countDown();
    caller.join();
    stopping.join();
    await().until(() -> it.workflow.one(slow).state() == StreamState.STOPPED);
    await().until(() -> kinds().equals(List.of(SessionNotice.OPENED, SessionNotice.CLOSED)));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatWasWantedBeforeAKillIsBroughtAboutAfterIt() {
    String id = it.created().row().id();
    // Killed after the wish is on disk, before the driver has done anything.
    it.driver.script = (stream, facts) -> {
      throw new DestinationFailure("not yet");
    };
    String session = it.started(id).row().sessionId();
    it.killed();

    it.open();
    await().until(() -> it.workflow.one(id).state() == StreamState.STARTED);
    assertThat(it.workflow.one(id).row().sessionId()).isEqualTo(session);
    assertThat(it.driver.asked.get(0).session()).hasValueSatisfying(open -> {
      assertThat(open.id()).isEqualTo(session);
      assertThat(open.archive()).isEqualTo(it.workflow.one(id).archives().get(session));
    });
    assertThat(it.workflow.one(id).facts().get(StreamFacts.RTMP1)).as("facts outlive a kill").isPresent();

    it.driver.script = (stream, facts) -> {
      throw new DestinationFailure("not yet");
    };
    it.workflow.stop(id);
    it.workflow.delete(id);
    it.killed();

    it.route = it.told::add;
    it.open();
    await().until(() -> it.workflow.list("", 10).isEmpty());
    assertThat(it.driver.asked(id)).containsExactly(Wanted.STOPPED, Wanted.DELETED);
    await().until(() -> kinds().contains(SessionNotice.CLOSED));
  }

  @Test
  void anEventComesAgainUntilARouteHasTakenItAlsoAfterAKillAndInOrder() {
    AtomicInteger tries = new AtomicInteger();
    it.route = notice -> {
      tries.incrementAndGet();
      throw new DestinationFailure("the outbox is full");
    };
    String id = it.created().row().id();
    it.started(id);
    it.workflow.stop(id);
    await().until(() -> tries.get() >= 2);
    assertThat(it.workflow.noticesWaiting()).isEqualTo(2);
    it.clock.forward(FAILING);
    assertThat(it.workflow.troubles()).singleElement().asString()
        .isEqualTo("what happened to streams is not told: session-opened of the stream " + id + ": the outbox is full");
    it.killed();

    it.route = it.told::add;
    it.open();
    await().until(() -> it.workflow.noticesWaiting() == 0);
    assertThat(kinds()).containsExactly(SessionNotice.OPENED, SessionNotice.CLOSED);
  }

  @Test
  void anEventOfOneStreamThatIsNotTakenHoldsUpNoOtherStreams() {
    String bad = it.created().row().id();
    it.route = notice -> {
      if (notice.streamId().equals(bad)) {
        throw new InputFailure("a step of the operator's");
      }
      it.told.add(notice);
    };
    it.started(bad);
    String good = it.created().row().id();
    it.started(good);
    await().until(() -> it.told.stream().anyMatch(notice -> notice.streamId().equals(good)));
    await().until(() -> it.workflow.noticesWaiting() == 1);
  }

  @Test
  void aFailureIsTriedAgainUntilItIsOver() {
    AtomicInteger tries = new AtomicInteger();
    it.driver.script = (stream, facts) -> {
      if (tries.incrementAndGet() < 3) {
        throw new DestinationFailure("MediaLive throttles");
      }
      return ScriptedDriver.facts(stream, facts);
    };
    StreamView made = it.created();
    assertThat(made.state()).isEqualTo(StreamState.CREATING);
    assertThat(made.trouble()).contains("MediaLive throttles");
    assertThat(it.workflow.troubles()).as("a matter of moments").isEmpty();
    it.clock.forward(FAILING);
    assertThat(it.workflow.troubles()).singleElement().asString().contains("is creating: MediaLive throttles");
    await().until(() -> it.workflow.one(made.row().id()).state() == StreamState.STOPPED);
    assertThat(it.workflow.one(made.row().id()).trouble()).isEmpty();
    assertThat(it.workflow.troubles()).isEmpty();
    assertThat(it.workflow.failures(FailureClass.DESTINATION)).isEqualTo(2);
  }

  @Test
  void whatCanNeverSucceedIsToldAndTriedAgainOnceSomethingElseIsWanted() {
    it.driver.script = (stream, facts) -> {
      if (stream.name().equals("away")) {
        throw new DestinationFailure("MediaLive is away");
      }
      throw new InputFailure("the template of channels has no output");
    };
    StreamView made = it.created();
    String id = made.row().id();
    assertThat(made.state()).isEqualTo(StreamState.FAILED);
    assertThat(made.trouble()).contains("the template of channels has no output");
    assertThat(it.workflow.troubles()).singleElement().asString().contains("is failed: the template of channels has no output");
    String away = it.workflow.create(new NewStream("away", "", 1, 0, 1)).row().id();
    await().until(() -> it.driver.asked(away).size() == 3);
    assertThat(it.driver.asked(id)).as("while another one was tried three times").hasSize(1);

    it.driver.script = ScriptedDriver::facts;
    assertThat(it.started(id).state()).isEqualTo(StreamState.STARTED);
    await().until(() -> it.workflow.troubles().isEmpty());
  }

  @Test
  void aDriverWithABugFailsItsStreamAlone() {
    it.driver.script = (stream, facts) -> {
      if (stream.name().equals("one")) {
        throw new NullPointerException("a bug");
      }
      return ScriptedDriver.facts(stream, facts);
    };
    assertThat(it.created().trouble()).hasValueSatisfying(why -> assertThat(why).contains("a bug"));
    assertThat(it.workflow.create(new NewStream("two", "", 1, 0, 1)).state()).isEqualTo(StreamState.STOPPED);
    assertThat(it.workflow.failures(FailureClass.OURS)).isEqualTo(1);
  }

  @Test
  void whatIsAmissBesideASessionIsToldAndHoldsUpNeitherItsBeginningNorItsEnd() {
    it.driver.script = (stream, facts) -> Reached.doneBut(Duration.ofMillis(20), "the distribution refuses");
    StreamView made = it.created();
    it.started(made.row().id());

    assertThat(it.workflow.one(made.row().id()).state()).isEqualTo(StreamState.STARTED);
    assertThat(it.workflow.one(made.row().id()).trouble()).contains("the distribution refuses");
    it.clock.forward(FAILING);
    assertThat(it.workflow.troubles()).singleElement().asString().contains("is started: the distribution refuses");

    it.workflow.stop(made.row().id());
    assertThat(it.workflow.one(made.row().id()).state()).isEqualTo(StreamState.STOPPED);
    await().until(() -> it.told.size() == 2);

    it.driver.script = ScriptedDriver::facts;
    await().until(() -> it.workflow.one(made.row().id()).trouble().isEmpty());
  }

  @Test
  void aDriverThatWaitsIsCalledAgainWhenItSaysAndWhenItWakes() {
    AtomicInteger calls = new AtomicInteger();
    it.driver.script = (stream, facts) -> calls.incrementAndGet() < 3
        ? Reached.waiting(Duration.ofMillis(30), "MediaLive channel 1, CREATING") : ScriptedDriver.facts(stream, facts);
    StreamView made = it.created();
    assertThat(made.state()).isEqualTo(StreamState.CREATING);
    assertThat(made.trouble()).contains("MediaLive channel 1, CREATING");
    await().until(() -> it.workflow.one(made.row().id()).state() == StreamState.STOPPED);
    it.driver.wake(made.row().id());
    await().until(() -> calls.get() == 4);
    it.driver.wake("of nobody");
  }

  @Test
  void aRowThatCannotBeReadIsSetAsideAndTheOthersGoOn() {
    String good = it.created().row().id();
    String bad = it.created().row().id();
    String noSession = it.created().row().id();
    it.started(noSession);
    it.stop();
    it.jdbi.useHandle(handle -> {
      handle.execute("UPDATE workflow_stream SET wanted = 'sideways' WHERE id = ?", bad);
      handle.execute("UPDATE workflow_stream SET session_id = 'lost' WHERE id = ?", noSession);
      handle.execute("INSERT INTO workflow_notice (id, seq, kind, stream_id, content, at) VALUES ('n', 0, 'split', ?, '{', 1)", good);
    });

    it.open();
    await().until(() -> it.workflow.one(good).state() == StreamState.STOPPED);
    assertThatThrownBy(() -> it.workflow.one(bad)).isInstanceOf(NotFound.class);
    await().until(() -> it.workflow.one(noSession).state() == StreamState.FAILED);
    assertThat(it.workflow.one(noSession).trouble()).hasValueSatisfying(why -> assertThat(why).contains("lost"));
    assertThat(it.workflow.stop(noSession).state()).isEqualTo(StreamState.STOPPED);
    assertThat(it.workflow.troubles()).anyMatch(trouble -> trouble.contains("the stream " + bad + " cannot be read from the state"));
    it.told.clear();
    it.started(good);
    await().until(() -> kinds().contains(SessionNotice.OPENED));
    assertThat(kinds()).as("one that cannot be read holds up none").doesNotContain(SessionNotice.SPLIT);
  }

  @Test
  void aStreamWhoseSessionIsLostCanBeDeleted() {
    String id = it.created().row().id();
    it.started(id);
    it.driver.script = (stream, facts) -> Reached.waiting(Duration.ofHours(1), "the last segment");
    it.workflow.stop(id);
    it.stop();
    it.jdbi.useHandle(handle -> handle.execute("UPDATE workflow_stream SET session_id = 'lost'"));

    it.open();
    it.workflow.delete(id);
    await().atMost(Duration.ofSeconds(5)).until(() -> it.workflow.list("", 10).isEmpty());
  }

  @Test
  void whoeverAsksForAStreamThatGoesMeanwhileIsAnsweredAtOnce() throws Exception {
    String id = it.created().row().id();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch let = new CountDownLatch(1);
    it.driver.script = (stream, facts) -> {
      inside.countDown();
      awaitQuietly(let);
      return Reached.done();
    };
    Thread first = new Thread(() -> it.workflow.delete(id));
    first.start();
    inside.await();
    Thread second = new Thread(() -> it.workflow.delete(id));
    second.start();
    await().until(() -> second.getState() == Thread.State.TIMED_WAITING);
    let.countDown();
    first.join(5_000);
    second.join(5_000);
    assertThat(second.isAlive()).isFalse();
  }

  @Test
  void archivesNeverMeet() {
    String first = it.created().row().id();
    String other = it.created().row().id();
    it.workflow.start(first, Optional.of("s3://bkt/shows/monday"), Optional.empty(), Optional.empty());
    assertThat(it.workflow.one(first).archives()).containsValue("s3://bkt/shows/monday/");
    for (String taken : List.of("s3://bkt/shows/monday/", "s3://bkt/shows/", "s3://bkt/shows/monday/late/")) {
      assertThatThrownBy(() -> it.workflow.start(other, Optional.of(taken), Optional.empty(), Optional.empty()))
          .isInstanceOf(Conflict.class).hasMessageContaining("the archive of another session is at s3://bkt/shows/monday/");
    }
    for (String wrong : List.of(
        "s3://bkt/", "s3://bkt", "http://bkt/x/", "shows", "", "s3://other/x/", "s3://bkt/../x/", "s3://bkt/a//b/", "s3://bkt/./",
        "s3://bkt/pre/", "s3://bkt/pre/viewer/", "s3://bkt/pre/viewer/x/", "s3://bkt/a\u0001/", "s3://bkt/a\\b/", "s3://bkt/" + "x".repeat(901) + "/")) {
      assertThatThrownBy(() -> it.workflow.start(other, Optional.of(wrong), Optional.empty(), Optional.empty()))
          .as(wrong).isInstanceOf(BadRequest.class).hasMessageContaining("\"path\" is");
    }
    assertThat(it.workflow.one(other).state()).isEqualTo(StreamState.STOPPED);
    it.workflow.start(other, Optional.of("s3://bkt/shows/monday-late/"), Optional.empty(), Optional.empty());
    it.workflow.stop(other);
    it.workflow.delete(other);
    assertThatThrownBy(() -> it.workflow.start(
        it.created().row().id(), Optional.of("s3://bkt/shows/monday-late/"), Optional.empty(), Optional.empty()))
        .as("archives of deleted streams stay").isInstanceOf(Conflict.class);
    for (int i = 0; i < 3; i++) {
      it.workflow.stop(first);
      it.started(first);
    }
    assertThat(it.workflow.one(first).archives().values()).as("of one second").doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  @Timeout(20)
  void aPathAroundWhereArchivesGoByThemselvesIsRefusedAndOneThatIsThereIsNamed() {
    String id = it.created().row().id();
    for (String around : List.of("s3://bkt/pre/2026/", "s3://bkt/pre/2031/", "s3://bkt/pre/2026/11/", "s3://bkt/pre/2026/11/30/")) {
      assertThatThrownBy(() -> it.workflow.start(id, Optional.of(around), Optional.empty(), Optional.empty()))
          .isInstanceOf(BadRequest.class).hasMessageContaining("\"path\" is").hasMessageContaining("archives without a path");
    }
    it.workflow.start(id, Optional.of("s3://bkt/pre/2026/shows/"), Optional.empty(), Optional.empty());
    it.workflow.stop(id);
    it.stop();
    it.jdbi.useHandle(handle -> handle.execute("UPDATE workflow_session SET archive = 's3://bkt/pre/2026/'"));

    it.open();
    assertThatThrownBy(() -> it.started(id)).isInstanceOf(Conflict.class).hasMessageContaining("s3://bkt/pre/2026/");
  }

  @Test
  void archivesOfAnEarlierRecordCanBeSplitAndNoOtherStreamTakesTheirPlace() {
    String old = "s3://bkt/2025/01/02/0f5b5cbe-1735812000/";
    NewStream order = new NewStream("old", "", 300, 0, 60, Map.of("s-1", old, "s-2", "s3://bkt/custom"));
    String id = it.workflow.create(order).row().id();
    it.killed();
    it.open();

    assertThat(it.workflow.one(id).archives())
        .containsExactlyInAnyOrderEntriesOf(Map.of("s-1", old, "s-2", "s3://bkt/custom/"));
    assertThat(it.workflow.one(id).row().sessionId()).isNull();
    it.workflow.split(id, new SplitRequest(List.of(new SplitRequest.Stamps("0", "1")), "s-1", null, null, null));
    assertThat(it.splits).singleElement().satisfies(source -> {
      assertThat(source.root()).hasToString(old);
      assertThat(source.segmentLength()).isEqualTo(Duration.ofSeconds(300));
    });
    assertThatThrownBy(() -> it.workflow.create(order)).isInstanceOf(Conflict.class).hasMessageContaining("which is known already");
    assertThatThrownBy(() -> it.workflow.create(new NewStream("x", "", 1, 0, 1, Map.of("s-3", old + "deeper/"))))
        .isInstanceOf(Conflict.class).hasMessageContaining("\"archives_path\" is");
    assertThatThrownBy(() -> it.workflow.create(new NewStream("x", "", 1, 0, 1, Map.of("s-3", "s3://other/x/"))))
        .isInstanceOf(BadRequest.class).hasMessageContaining("reelway.store.bucket");
    assertThatThrownBy(
        () -> it.workflow.create(new NewStream("x", "", 1, 0, 1, Map.of("s-3", "s3://bkt/a/", "s-4", "s3://bkt/a/b/"))))
        .isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> it.workflow.create(new NewStream("x", "", 1, 0, 1, Map.of("../s", "s3://bkt/a/"))))
        .isInstanceOf(BadRequest.class);
    assertThat(it.workflow.list("", 10)).hasSize(1);
  }

  @Test
  void startTakesAWindowAndARotationThatStayUntilAnotherSays() {
    String id = it.created().row().id();
    it.workflow.start(id, Optional.empty(), Optional.of(3600L), Optional.empty());
    it.workflow.stop(id);
    StreamView again = it.workflow.start(id, Optional.empty(), Optional.empty(), Optional.of(30L));
    assertThat(again.row().startoverWindow()).isEqualTo(3600);
    assertThat(again.row().keyRotation()).isEqualTo(30);
    assertThat(it.driver.asked.get(it.driver.asked.size() - 1)).satisfies(asked -> {
      assertThat(asked.startoverWindow()).isEqualTo(Duration.ofHours(1));
      assertThat(asked.keyRotation()).isEqualTo(Duration.ofSeconds(30));
    });
  }

  @Test
  void ofConcurrentChangesNoneIsLost() throws Exception {
    String id = it.created().row().id();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 20; i++) {
        String words = "round " + i;
        CyclicBarrier together = new CyclicBarrier(2);
        Future<?> name = threads.submit(() -> {
          together.await();
          return it.workflow.describe(id, Optional.of(words), Optional.empty(), Optional.empty());
        });
        Future<?> description = threads.submit(() -> {
          together.await();
          return it.workflow.describe(id, Optional.empty(), Optional.of(words), Optional.empty());
        });
        name.get();
        description.get();
        assertThat(it.workflow.one(id).row()).matches(row -> row.name().equals(words) && row.description().equals(words));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void liveStaysOverSessionsAndCanBeAskedForAgain() {
    String id = it.created().row().id();
    it.workflow.live(id, true);
    it.workflow.live(id, true);
    it.started(id);
    it.workflow.stop(id);
    it.started(id);
    assertThat(it.driver.asked).filteredOn(stream -> stream.wanted() == Wanted.STARTED).allMatch(WantedStream::isLive);
    assertThat(it.workflow.live(id, false).facts().get(StreamFacts.IS_PUBLIC)).contains("false");
  }

  @Test
  void aSplitIsOfASessionOfItsStreamAndIsTold() {
    String id = it.created().row().id();
    String session = it.started(id).row().sessionId();
    assertThat(it.workflow.split(id, request(session)).indexes()).hasSize(1);
    assertThat(it.splits.get(0)).satisfies(source -> {
      assertThat(source.isOpen()).isTrue();
      assertThat(source.root().toString()).isEqualTo(it.workflow.one(id).archives().get(session));
      assertThat(source.segmentLength()).isEqualTo(Duration.ofMinutes(5));
    });
    it.workflow.stop(id);
    it.workflow.split(id, request(session));
    assertThat(it.splits.get(1).isOpen()).isFalse();
    await().until(() -> kinds().contains(SessionNotice.SPLIT));
    WorkflowNoticeRow notice = it.told.stream().filter(each -> each.kind().equals(SessionNotice.SPLIT)).findFirst().orElseThrow();
    assertThat(SessionNotice.data(notice)).containsEntry("id", id).containsEntry("name", "one").containsEntry("session_id", session)
        .containsEntry("format", "m3u8").containsKey("indexes");
    String other = it.created().row().id();
    assertThatThrownBy(() -> it.workflow.split(other, request(session))).isInstanceOf(NotFound.class)
        .hasMessageContaining("\"session_id\" is \"" + session + "\"");
    assertThatThrownBy(() -> it.workflow.split("none", request(session))).isInstanceOf(NotFound.class);
  }

  @Test
  void thereAreNoMoreStreamsThanTheSettingsLet() {
    for (int i = 0; i < it.most; i++) {
      it.created();
    }
    assertThatThrownBy(() -> it.created()).isInstanceOf(ListFull.class)
        .hasMessage("the list of workflow-streams has 5 streams, and 5 is the most; delete some, or set reelway.workflow.most to more");
    assertThat(it.workflow.bounds().get(0).isFull()).isTrue();
    it.workflow.delete(it.workflow.list("", 1).get(0).row().id());
    it.created();
  }

  @Test
  void pagesGoByIds() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(it.created().row().id());
    }
    List<String> paged = new ArrayList<>();
    for (List<StreamView> page = it.workflow.list("", 2); !page.isEmpty(); page = it.workflow.list(paged.get(paged.size() - 1), 2)) {
      page.forEach(stream -> paged.add(stream.row().id()));
      // The last one of a page may be gone when the next is asked for.
      it.workflow.delete(paged.get(paged.size() - 1));
    }
    assertThat(paged).containsExactlyElementsOf(ids.stream().sorted().toList());
  }

  @Test
  void whatRunsThatNobodyWantsIsATrouble() {
    it.created();
    it.driver.costs.add(new RunningCost("x", "MediaLive channel 7, RUNNING", false));
    assertThat(it.workflow.costs()).hasSize(1);
    assertThat(it.workflow.troubles()).singleElement().asString().startsWith("MediaLive channel 7, RUNNING runs, and nobody wants it");
    it.driver.costs.clear();
    it.workflow.costs();
    assertThat(it.workflow.troubles()).isEmpty();
  }

  @Test
  void whatCostsMoneyIsLookedForAlsoWithoutAnyStream() {
    it.stop();
    it.costsMoney = true;
    ScriptedDriver driver = new ScriptedDriver();
    driver.costs.add(new RunningCost("gone", "MediaLive channel 7, RUNNING", false));
    it.open(driver);
    await().until(() -> it.workflow.troubles().size() == 1);
  }

  @Test
  void whatStillRunsWhileAStreamIsStoppingIsNoTrouble() {
    String id = it.created().row().id();
    it.started(id);
    it.driver.script = (stream, facts) -> Reached.waiting(Duration.ofHours(1), "MediaLive channel 7, STOPPING");
    it.workflow.stop(id);
    it.driver.costs.add(new RunningCost(id, "MediaLive channel 7, STOPPING", false));
    it.workflow.costs();
    assertThat(it.workflow.troubles()).isEmpty();
    it.clock.forward(Duration.ofMinutes(16));
    assertThat(it.workflow.troubles()).singleElement().asString().contains("is stopping: MediaLive channel 7, STOPPING");
  }

  @Test
  void noKeyIsToldWithAFailure() {
    String id = it.created().row().id();
    it.driver.script = (stream, facts) -> {
      throw new DestinationFailure("ffmpeg: " + facts.get(StreamFacts.RTMP2).orElseThrow() + ": refused");
    };
    assertThat(it.started(id).trouble()).contains("ffmpeg: rtmp://127.0.0.1/live/*****: refused");
    it.driver.script = (stream, facts) -> Reached.waiting(Duration.ofHours(1), facts.get(StreamFacts.RTMP1).orElseThrow());
    assertThat(it.workflow.stop(id).trouble()).contains("rtmp://127.0.0.1/live/*****");

    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    ((Logger) LoggerFactory.getLogger(Reconciler.class)).addAppender(log);
    it.driver.script = (stream, facts) -> {
      throw new IllegalStateException("a bug", new IllegalArgumentException("odd: " + facts.get(StreamFacts.RTMP1).orElseThrow()));
    };
    it.workflow.live(id, true);
    ((Logger) LoggerFactory.getLogger(Reconciler.class)).detachAppender(log);
    assertThat(log.list).singleElement().satisfies(event -> assertThat(
        event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()))
        .contains("rtmp://127.0.0.1/live/*****", "LiveWorkflowTest").doesNotContain("key1-"));
  }

  @Test
  void atTheEndTheDriverEndsAndNothingIsBegunAnyMore() {
    String id = it.created().row().id();
    it.workflow.close();
    assertThat(it.driver.isClosed()).isTrue();
    int asked = it.driver.asked.size();
    assertThat(it.started(id).state()).as("is wanted, and brought about after the next start").isEqualTo(StreamState.STARTING);
    assertThat(it.driver.asked).hasSize(asked);
  }
}
