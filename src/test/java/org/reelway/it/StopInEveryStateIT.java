package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
    boolean is(StoreRequest request, String key) {
      return request.operation() == operation && (ofProbe ? request.key().startsWith(PROBE) : request.key().equals(key));
    }
  }

  /** @param answered in time, or only after the end */
  private record Stop(State state, boolean answered) {}

  /** Each state once, with an answer in time or without; all of both with {@code -Dreelway.faults=long}. */
  static Stream<List<Stop>> walks() {
    // The probe comes first: what it learns is kept.
    List<State> states = List.of(
        new State("probing", Operation.PUT, true, SMALL),
        new State("a single put", Operation.PUT, false, SMALL),
        new State("creating", Operation.CREATE, false, LARGE),
        new State("sending a part", Operation.PART, false, LARGE),
        new State("completing", Operation.COMPLETE, false, LARGE),
        new State("verifying", Operation.HEAD, false, LARGE));
    List<Stop> byTurns = IntStream.range(0, states.size()).mapToObj(i -> new Stop(states.get(i), i % 2 == 0)).toList();
    return "long".equals(System.getProperty("reelway.faults"))
        ? Stream.of(true, false).map(answered -> states.stream().map(state -> new Stop(state, answered)).toList())
        : Stream.of(byTurns);
  }

  /** Holds the request that a stop is to meet. */
  private static final class Moment {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final State state;
    private final String key;
    private final Map<String, AtomicInteger> parts;

    /** @param parts that came, by key */
    Moment(State state, String key, Map<String, AtomicInteger> parts) {
      this.state = state;
      this.key = key;
      this.parts = parts;
    }

    void pass(StoreRequest request) {
      if (request.operation() == Operation.PART) {
        parts.computeIfAbsent(request.key(), each -> new AtomicInteger()).incrementAndGet();
      }
      // Before the first part, the key is looked at.
      boolean isLook = request.operation() == Operation.HEAD && parts() == 0;
      if (state.is(request, key) && !isLook && answer.getCount() > 0) {
        reached.countDown();
        await(answer);
      }
    }

    int parts() {
      return parts.getOrDefault(key, new AtomicInteger()).get();
    }
  }

  /** A stop in each state; each start sends first what the stop before it left. */
  @ParameterizedTest
  @MethodSource("walks")
  void aStopLosesNothingAndSendsAtMostThePartsUnderWayAgain(List<Stop> walk) throws Exception {
    try (TestStore store = TestStore.start(folder.resolve("store"));
        FaultyStore wire = FaultyStore.before(store.endpoint())) {
      Recordings recordings = new Recordings(folder.resolve("recordings"));
      var sidecar = ChildReelway.sidecar(folder, wire.endpoint())
          .set("reelway.recordings.tidy", "delete")
          .set("reelway.transfer.parts-at-once", 2);
      Map<String, AtomicInteger> parts = new ConcurrentHashMap<>();
      Path left = folder.resolve("none");
      Runnable isSent = () -> {};
      for (Stop stop : walk) {
        State state = stop.state();
        String key = state.name().replace(' ', '-') + ".mp4";
        Moment moment = new Moment(state, key, parts);
        wire.onRequest(moment::pass);
        sidecar.set("reelway.shutdown.drain-time", stop.answered() ? "25s" : "1s");
        Path before = left;
        Path file = recordings.folder().resolve(key);
        try (ChildReelway child = sidecar.startReady()) {
          child.await("what was left is sent", () -> !Recordings.isMarked(before));
          isSent.run();
          Recordings.mark(recordings.file(key, content(state)));
          child.await("it is " + state, () -> moment.reached.getCount() == 0);
          child.terminate();
          child.awaitLog("stopping: ");
          if (stop.answered()) {
            moment.answer.countDown();
          }
          assertThat(child.awaitExit()).as("%s", stop).isEqualTo(BY_SIGTERM);
          assertThat(child.err()).as("%s", stop).contains("stopped").doesNotContain("ERROR", "Exception");
        } finally {
          moment.answer.countDown();
        }
        assertThat(Files.exists(file) || store.has(key)).as("the file or its object: %s", stop).isTrue();
        if (state.operation() == Operation.PART && !stop.answered()) {
          assertThat(Recordings.text(Recordings.marker(file))).as("cut off").contains("\"multipartUploadId\"");
        }
        left = file;
        isSent = () -> {
          assertThat(file).doesNotExist();
          assertThat(store.bytes(key)).as("%s", stop).isEqualTo(content(state));
          assertThat(moment.parts()).as("parts sent: %s", stop).isLessThanOrEqualTo(state.size() == LARGE ? PARTS + 2 : 0);
        };
      }
      Path last = left;
      try (ChildReelway child = sidecar.startReady()) {
        child.await("all is done", () -> !Recordings.isMarked(last));
      }
      isSent.run();
      assertThat(store.keys()).filteredOn(key -> !key.startsWith(PROBE)).hasSameSizeAs(walk);
      assertThat(store.uploads()).isEmpty();
    }
  }

  private static byte[] content(State state) {
    byte[] content = new byte[state.size()];
    new SplittableRandom(1).nextBytes(content);
    return content;
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
