package org.reelway.stream.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.InputFailure;
import org.reelway.state.ServerEventLog;
import org.reelway.state.ServerStreams;
import org.reelway.state.StateDatabase;
import org.reelway.state.StateWriter;
import org.reelway.state.TestState;

class EventInboxTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private StateWriter writer;
  private StreamRegistry registry;
  private EventInbox inbox;
  private Instant now = Instant.parse("2026-11-21T18:00:00Z");
  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() {
    open();
    inbox.listen(recorder());
    inbox.recover();
    inbox.begin();
  }

  private void open() {
    StateDatabase database = TestState.open(folder, Clock.systemUTC());
    writer = new StateWriter(database.jdbi());
    registry = new StreamRegistry(new ServerStreams(database.jdbi(), writer, "here"), Clock.systemUTC());
    inbox =
        new EventInbox(
            new ServerEventLog(database.jdbi(), writer, Clock.systemUTC(), "here"), registry, (event, lag) -> {},
            Clock.systemUTC());
  }

  private StreamListener recorder() {
    return change -> told.add((change.started() ? "+" : "-") + change.stream().id().name() + change.stream().session());
  }

  @AfterEach
  void stop() {
    inbox.close();
    writer.close();
  }

  private EventOrigin told(String id) {
    now = now.plusMillis(100);
    return new EventOrigin("srs", "s1", "x", ServerTime.received(now), now, id);
  }

  private static StreamFacts stream(String name, String session) {
    return new StreamFacts(name, "live", session, "in", "192.0.2.7", Map.of());
  }

  private ServerEvent started(String name, String session) {
    return new ServerEvent.StreamStarted(told(""), stream(name, session));
  }

  private ServerEvent ended(String name, String session) {
    return new ServerEvent.StreamEnded(told(""), stream(name, session));
  }

  private void accept(ServerEvent... events) {
    for (ServerEvent event : events) {
      assertThat(inbox.accept(event, false)).succeedsWithin(PATIENCE);
    }
    settled();
  }

  private void settled() {
    await().atMost(PATIENCE).until(() -> inbox.waiting() == 0);
  }

  @Test
  void aStreamBeginsAndEndsOnceWhateverIsRepeated() {
    accept(started("a", "1"), started("a", "1"), ended("a", "1"), ended("a", "1"), started("a", "2"), ended("a", ""));

    assertThat(told).containsExactly("+a1", "-a1", "+a2", "-a2");
    assertThat(registry.live()).isEmpty();
    assertThat(registry.all()).singleElement().satisfies(stream -> assertThat(stream.endedBy()).isEqualTo("x"));
  }

  @Test
  void theLateEndOfARunBeforeDoesNotEndTheRunThatIsOn() {
    accept(started("a", "1"), started("a", "2"), ended("a", "1"));

    assertThat(told).containsExactly("+a1", "-a1", "+a2");
    assertThat(registry.live()).singleElement().satisfies(stream -> assertThat(stream.session()).isEqualTo("2"));
  }

  @Test
  void aStartThatIsTimedBeforeTheEndOfItsRunCameLateAndBeginsNothing() {
    ServerEvent start = started("a", "1");
    accept(started("a", "1"), ended("a", "1"), start);

    assertThat(told).containsExactly("+a1", "-a1");
  }

  @Test
  void aSignOfLifeMakesALostStartGoodAndOneThatCrossedTheEndDoesNot() {
    ServerEvent crossing = new ServerEvent.StreamSeen(told(""), stream("a", "1"));
    inbox.tell(new ServerEvent.StreamSeen(told(""), stream("a", "1")));
    accept(ended("a", "1"));
    inbox.tell(crossing);
    settled();

    assertThat(told).containsExactly("+a1", "-a1");
  }

  @Test
  void aServerThatBeganAnewHasNoneOfItsStreamsAnyMore() {
    accept(started("a", "1"), started("b", "2"));
    accept(new ServerEvent.StreamStarted(
        new EventOrigin("srs", "s2", "x", ServerTime.received(now), now), stream("a", "9")));
    accept(new ServerEvent.ServerStarted(told("")));

    assertThat(registry.live()).extracting(stream -> stream.id().server()).containsExactly("s2");
    assertThat(told).contains("-a1", "-b2").doesNotContain("-a9");
  }

  @Test
  void anEventOfTheSameIdIsTakenOnceAlsoAfterARestart() {
    AtomicInteger timers = new AtomicInteger();
    inbox.listen((ServerEventListener) event -> timers.incrementAndGet());
    ServerEvent timer = new ServerEvent.TimerFired(told("17"), "3", 2, Map.of("_x", "y"));

    assertThat(inbox.accept(timer, false)).succeedsWithin(PATIENCE).isEqualTo(true);
    assertThat(inbox.accept(timer, false)).succeedsWithin(PATIENCE).isEqualTo(false);
    settled();
    stop();
    open();
    inbox.listen((ServerEventListener) event -> timers.incrementAndGet());
    inbox.recover();
    inbox.begin();
    assertThat(inbox.accept(timer, false)).succeedsWithin(PATIENCE).isEqualTo(false);
    settled();

    assertThat(timers).hasValue(1);
  }

  @Test
  void whatWasStoredAndNotActedOnIsActedOnAfterTheNextStart() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    inbox.listen(
        (ServerEventListener)
            event -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(inbox.accept(started("a", "1"), false)).succeedsWithin(PATIENCE);
    assertThat(inbox.accept(new ServerEvent.MultiRecordingAdded(told(""), "u", "1", "f"), false)).succeedsWithin(PATIENCE);
    await().atMost(PATIENCE).until(() -> told.contains("+a1"));
    EventInbox killed = inbox;
    List<String> after = new CopyOnWriteArrayList<>();
    open();
    inbox.listen(recorder());
    inbox.listen((ServerEventListener) event -> after.add(event.kind().word()));
    inbox.recover();
    inbox.begin();
    settled();

    assertThat(after).containsExactlyInAnyOrder("stream-started", "multi-recording-added");
    assertThat(told).as("listeners are told once more").containsExactly("+a1", "+a1");
    assertThat(registry.live()).hasSize(1);
    never.countDown();
    killed.close();
  }

  @Test
  void eventsOfOneStreamKeepTheirOrderAndStreamsDoNotWaitForEachOther() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    List<String> order = new CopyOnWriteArrayList<>();
    inbox.listen(
        (ServerEventListener)
            event -> {
              if (event instanceof ServerEvent.StreamStarted started && started.stream().name().equals("slow")) {
                try {
                  assertThat(slow.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
              if (event instanceof ServerEvent.StreamStarted started) {
                order.add(started.stream().name() + started.stream().session());
              }
            });
    List<CompletableFuture<Boolean>> stored = new ArrayList<>();
    stored.add(inbox.accept(started("slow", "0"), false));
    for (int i = 0; i < 200; i++) {
      stored.add(inbox.accept(started("s" + i % 10, String.valueOf(i)), false));
    }
    await().atMost(PATIENCE).until(() -> order.size() == 200);
    slow.countDown();
    settled();

    for (int stream = 0; stream < 10; stream++) {
      String name = "s" + stream;
      int first = stream;
      assertThat(order.stream().filter(text -> text.matches(name + "\\d+") && text.length() > 2))
          .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> name + (first + 10 * i)).toList());
    }
    assertThat(stored).allSatisfy(each -> assertThat(each).isCompletedWithValue(true));
  }

  @Test
  void aListenerThatFailsIsToldAgainAndTheOthersNotTwice() {
    AtomicInteger tries = new AtomicInteger();
    inbox.listen(
        (ServerEventListener)
            event -> {
              if (tries.incrementAndGet() < 3) {
                throw new DestinationFailure("not yet");
              }
              throw new InputFailure("never");
            });
    List<String> last = new CopyOnWriteArrayList<>();
    inbox.listen((ServerEventListener) event -> last.add("told"));
    accept(started("a", "1"));

    assertThat(tries).hasValue(3);
    assertThat(told).containsExactly("+a1");
    assertThat(last).containsExactly("told");
  }

  @Test
  void aListenerThatFailsHoldsUpNoOther() {
    List<String> others = new CopyOnWriteArrayList<>();
    List<String> first = new CopyOnWriteArrayList<>();
    inbox.listen(
        (ServerEventListener)
            event -> {
              if (others.isEmpty()) {
                throw new DestinationFailure("not before the others");
              }
              first.add("told");
            });
    inbox.listen((ServerEventListener) event -> others.add("told"));
    accept(started("a", "1"));

    assertThat(others).containsExactly("told");
    assertThat(first).containsExactly("told");
  }

  @Test
  void aListenerThatEndsWithAnErrorIsToldAgainAndLeavesNothingThatWaits() {
    AtomicInteger tries = new AtomicInteger();
    inbox.listen(
        (ServerEventListener)
            event -> {
              if (tries.incrementAndGet() < 3) {
                throw new NoClassDefFoundError("a component of a route");
              }
            });
    List<String> last = new CopyOnWriteArrayList<>();
    inbox.listen((ServerEventListener) event -> last.add("told"));

    accept(started("a", "1"));

    assertThat(tries).hasValue(3);
    assertThat(last).containsExactly("told");
  }

  @Test
  void anEventThatCannotEvenBeHandedToTheWriterTakesNoRoomAndMayComeAgain() {
    StateDatabase database = TestState.open(folder, Clock.systemUTC());
    try (EventInbox withoutWriter =
        new EventInbox(
            new ServerEventLog(database.jdbi(), null, Clock.systemUTC(), "here"), registry, (event, lag) -> {}, Clock.systemUTC())) {
      withoutWriter.begin();
      ServerEvent timer = new ServerEvent.TimerFired(told("17"), "3", 2, Map.of());

      for (boolean anyway : new boolean[] {false, false, true}) {
        assertThat(withoutWriter.accept(timer, anyway)).isCompletedExceptionally();
        await().atMost(PATIENCE).until(() -> withoutWriter.waiting() == 0);
      }
    }
  }

  @Test
  void theRegistryIsKnownAfterARestart() {
    accept(started("a", "1"), started("b", "2"), ended("b", "2"));
    List<RegisteredStream> before = registry.all();
    stop();
    open();

    assertThat(registry.all()).isEqualTo(before).hasSize(2);
    assertThat(registry.live()).extracting(stream -> stream.id().name()).containsExactly("a");
  }
}
