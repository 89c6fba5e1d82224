package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.recording.SetClock;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreHabit;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.ProbedCapabilities;
import org.reelway.transfer.StoreProbe;
import org.reelway.transfer.store.Store;

/** Recordings into stores that refuse a checksum somewhere, found by a probe or remembered wrongly. */
class PickyStoresTest {
  private static final int SMALL = 1000;
  private static final int LARGE = 12 * Recordings.MIB;
  private static final int MOST_TRIES = 3;
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private final SetClock clock = new SetClock(FlowFixture.START);

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private FlowFixture probed(FaultyStore wire, boolean remembered) throws Exception {
    Store store = FlowFixture.connect(wire.endpoint(), Duration.ofSeconds(20));
    Path file = temp.resolve("state/store-probe.json");
    if (remembered) {
      FlowFixture.rememberAll(file, store);
    }
    ProbedCapabilities capabilities =
        new ProbedCapabilities(
            bucket -> new StoreProbe(store, bucket, "", Optional.empty()), store.address(), "", file, clock);
    return new FlowFixture(temp, temp.resolve("recordings"), store, capabilities);
  }

  /** @return what it was verified by */
  private String send(FlowFixture parts, int size) throws Exception {
    String name = "picky-" + NAMES.incrementAndGet() + ".mp4";
    Path file = parts.recordings.random(name, size, name.hashCode());
    Recordings.mark(file);
    return goOn(parts, file);
  }

  private String goOn(FlowFixture parts, Path file) throws Exception {
    for (int tries = 1; ; tries++) {
      RecordingWork work = parts.inHand(parts.found(file));
      try {
        String evidence = parts.flow.transfer(work, FlowFixture.target()).evidence();
        parts.flow.tidy(work, Tidy.KEEP, null);
        parts.flow.ended(work, null);
        assertThat(server.bytes(file.getFileName().toString())).isEqualTo(Recordings.bytes(file));
        return evidence;
      } catch (org.reelway.failure.Failure failure) {
        parts.flow.ended(work, failure);
        assertThat(tries).as("after %s", failure).isLessThan(MOST_TRIES);
        parts.clock.forward(FlowFixture.BACKOFF.most());
        clock.forward(FlowFixture.BACKOFF.most());
      }
    }
  }

  static Stream<Arguments> habits() {
    return Stream.of(
        arguments("HEAD", StoreHabit.refusesChecksums(400, "InvalidArgument", Operation.HEAD), "crc32c:", "crc32c of every request"),
        arguments("creation", StoreHabit.refusesCrcs(400, "InvalidRequest", Operation.CREATE), "crc32c:", "crc32c of every request"),
        arguments("parts", StoreHabit.refusesCrcs(400, "BadDigest", Operation.PART), "crc32c:", "md5:"),
        arguments("completion", StoreHabit.refusesCrcs(400, "InvalidPart", Operation.COMPLETE), "crc32c:", "crc32c of every request"),
        arguments("all", StoreHabit.refusesAllChecksums(), "md5:", "md5:"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("habits")
  void recordingsAreSentAndProvedWithWhatTheStoreTakes(String where, StoreHabit habit, String small, String large)
      throws Exception {
    try (FaultyStore wire = FaultyStore.before(server.endpoint());
        FlowFixture parts = probed(wire, false)) {
      wire.direct(habit);
      assertThat(send(parts, SMALL)).startsWith(small);
      assertThat(send(parts, LARGE)).startsWith(large);
      assertThat(server.uploads()).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("habits")
  void whatWasRememberedWronglyIsFoundAnew(String where, StoreHabit habit, String small, String large) throws Exception {
    try (FaultyStore wire = FaultyStore.before(server.endpoint());
        FlowFixture parts = probed(wire, true)) {
      wire.direct(habit);
      assertThat(send(parts, LARGE)).startsWith(large);
      assertThat(send(parts, SMALL)).startsWith(small);
    }
  }

  @Test
  void anUploadThatWasBegunWithWhatIsNotTakenAnyMoreIsBegunAnew() throws Exception {
    try (FaultyStore wire = FaultyStore.before(server.endpoint());
        FlowFixture parts = probed(wire, true)) {
      wire.fail(Operation.PART, StoreFault.refusal(403, "AccessDenied"), 1);
      Path file = parts.recordings.random("upgraded.mp4", LARGE, 5);
      Recordings.mark(file);
      RecordingWork work = parts.inHand(parts.found(file));
      try {
        parts.flow.transfer(work, FlowFixture.target());
      } catch (org.reelway.failure.Failure refused) {
        parts.flow.ended(work, refused);
      }
      wire.direct(StoreHabit.refusesCrcs(400, "InvalidRequest", Operation.CREATE, Operation.PART));

      parts.clock.forward(FlowFixture.BACKOFF.most());
      goOn(parts, file);

      assertThat(server.uploads()).isEmpty();
    }
  }
}
