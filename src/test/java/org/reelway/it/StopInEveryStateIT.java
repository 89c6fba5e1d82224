package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

/** SIGTERM while a request of each kind is under way, and while a recording waits: what is left goes on later. */
@Tag("campaign")
class StopInEveryStateIT {
  private static final int BY_SIGTERM = 143;
  private static final int SMALL = 200_000;
  private static final int LARGE = 16 * Recordings.MIB;
  private static final int PARTS = 4;
  private static final String PROBE = ".reelway-probe/";

  @TempDir Path folder;

  /** The request that waits for its answer when the signal comes. */
  private record State(String name, Operation operation, boolean ofProbe, int size) {
    boolean is(StoreRequest request) {
      return request.operation() == operation && request.key().startsWith(PROBE) == ofProbe;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Each state once, with an answer in time or without; all of both with {@code -Dreelway.faults=long}. */
  static Stream<Arguments> states() {
    AtomicInteger number = new AtomicInteger();
    boolean all = "long".equals(System.getProperty("reelway.faults"));
    return Stream.of(
            new State("probing", Operation.PUT, true, SMALL),
            new State("a single put", Operation.PUT, false, SMALL),
            new State("creating", Operation.CREATE, false, LARGE),
            new State("sending a part", Operation.PART, false, LARGE),
            new State("completing", Operation.COMPLETE, false, LARGE),
            new State("verifying", Operation.HEAD, false, LARGE))
        .flatMap(state -> Stream.of(Arguments.of(state, true), Arguments.of(state, false)))
        // One of each pair, the first and the second by turns.
        .filter(each -> all || List.of(0, 3).contains(number.getAndIncrement() % 4));
  }

  @ParameterizedTest(name = "{0}, answered in time: {1}")
  @MethodSource("states")
  void aStopLosesNothingAndSendsAtMostThePartsUnderWayAgain(State state, boolean answered) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger parts = new AtomicInteger();
    try (TestStore store = TestStore.start(folder.resolve("store"));
        FaultyStore wire = FaultyStore.before(store.endpoint())) {
      wire.onRequest(request -> {
        if (request.operation() == Operation.PART && !request.key().startsWith(PROBE)) {
          parts.incrementAndGet();
        }
        // Before the first part, the key is looked at.
        boolean isLook = request.operation() == Operation.HEAD && parts.get() == 0;
        if (state.is(request) && !isLook && answer.getCount() > 0) {
          reached.countDown();
          await(answer);
        }
      });
      Path file = new Recordings(folder.resolve("recordings")).random("cam1.mp4", state.size(), 1);
      byte[] content = Recordings.bytes(file);
      Recordings.mark(file);
      var sidecar = ChildReelway.sidecar(folder, wire.endpoint())
          .set("reelway.recordings.tidy", "delete")
          .set("reelway.transfer.parts-at-once", 2)
          .set("reelway.shutdown.drain-time", answered ? "25s" : "1s");

      try (ChildReelway child = sidecar.startReady()) {
        child.await("it is " + state, () -> reached.getCount() == 0);
        child.terminate();
        child.awaitLog("stopping: ");
        if (answered) {
          answer.countDown();
        }
        assertThat(child.awaitExit()).isEqualTo(BY_SIGTERM);
        assertThat(child.err()).contains("stopped").doesNotContain("ERROR", "Exception");
      }
      answer.countDown();
      assertThat(Files.exists(file) || store.has("cam1.mp4")).as("the file or its object").isTrue();

      try (ChildReelway child = sidecar.startReady()) {
        child.await("all is done", () -> !Recordings.isMarked(file));
      }
      assertThat(file).doesNotExist();
      assertThat(store.bytes("cam1.mp4")).isEqualTo(content);
      assertThat(store.keys()).filteredOn(key -> !key.startsWith(PROBE)).containsExactly("cam1.mp4");
      assertThat(parts.get()).as("parts sent").isLessThanOrEqualTo(state.size() == LARGE ? PARTS + 2 : 0);
    }
  }

  @Test
  void aStopDoesNotWaitForTheNextTryOfARequestNorOfARecording() {
    try (TestStore store = TestStore.start(folder.resolve("store"));
        FaultyStore wire = FaultyStore.before(store.endpoint())) {
      wire.failAlways(Operation.PART, StoreFault.refusal(503, "SlowDown"));
      Path file = new Recordings(folder.resolve("recordings")).random("cam1.mp4", LARGE, 1);
      byte[] content = Recordings.bytes(file);
      Recordings.mark(file);
      // Between two tries of a request, and of a recording, are up to ten seconds and more: longer than the drain time.
      var sidecar = ChildReelway.sidecar(folder, wire.endpoint())
          .set("reelway.transfer.retry-first", "1h")
          .set("reelway.transfer.retry-max", "1h")
          .set("reelway.transfer.attempts", 20);

      try (ChildReelway child = sidecar.startReady()) {
        child.await("requests are repeated", () -> wire.seen(Operation.PART) > 8);
        child.terminate();
        assertThat(child.awaitExit()).isEqualTo(BY_SIGTERM);
        assertThat(child.err()).contains("stopped").doesNotContain("ERROR");
      }
      assertThat(Recordings.bytes(file)).isEqualTo(content);
      wire.heal();
      try (ChildReelway child = sidecar.startReady()) {
        child.await("the marker is gone", () -> !Recordings.isMarked(file));
      }
      assertThat(store.bytes("cam1.mp4")).isEqualTo(content);
      assertThat(store.uploads()).isEmpty();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
