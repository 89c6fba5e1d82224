package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingId;
import org.reelway.recording.SetClock;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreHabit;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.ProbedCapabilities;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.StoreProbe;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Store;

/** Stores whose conditions are refused although they are true, whatever was remembered of them. */
class ConditionsThatFailTest {
  private static final int SMALL = 1000;
  private static final int LARGE = 12 * Recordings.MIB;
  private static final StoreCapabilities ALL = new StoreCapabilities(ChecksumKind.CRC32C, true, true, true);

  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private ProbedCapabilities remembered;

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void empty() {
    server.keys().forEach(key -> server.client().deleteObject(delete -> delete.bucket(TestStore.BUCKET).key(key)));
  }

  /** Remembers wrongly that the store keeps every condition. */
  private FlowFixture wronglyRemembered(FaultyStore wire) throws Exception {
    Store store = FlowFixture.connect(wire.endpoint(), Duration.ofSeconds(20));
    Path file = temp.resolve("state/store-probe.json");
    FlowFixture.rememberAll(file, store);
    remembered =
        new ProbedCapabilities(
            bucket -> new StoreProbe(store, bucket, "", Optional.of(ChecksumKind.CRC32C)), store.address(), "", file,
            new SetClock(FlowFixture.START));
    assertThat(remembered.apply(TestStore.BUCKET)).isEqualTo(ALL);
    assertThat(wire.seen(Operation.BUCKET)).as("remembered, not probed").isZero();
    return new FlowFixture(temp, temp.resolve("recordings"), store, remembered);
  }

  private static String send(FlowFixture parts, String name, int size, int seed, OnExisting onExisting) {
    Path file = parts.recordings.random(name, size, seed);
    Recordings.mark(file);
    RecordingWork work = parts.inHand(parts.found(file));
    String key =
        parts.flow.transfer(work, new TransferTarget(TestStore.BUCKET, "", "", onExisting)).key();
    parts.flow.tidy(work, Tidy.KEEP, null);
    parts.flow.ended(work, null);
    assertThat(server.bytes(key)).isEqualTo(Recordings.bytes(file));
    return key;
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void aRecordingReplacesTheOneOfItsNameWhereAnEtagIsComparedToTheLetter(int size) throws Exception {
    try (FaultyStore wire = FaultyStore.before(server.endpoint());
        FlowFixture parts = wronglyRemembered(wire)) {
      wire.direct(StoreHabit.comparesEtagsToTheLetter());
      send(parts, "a.mp4", size, 1, OnExisting.OVERWRITE);
      AtomicInteger partsSent = new AtomicInteger();
      wire.onRequest(request -> partsSent.addAndGet(request.part() > 0 && request.key().equals("a.mp4") ? 1 : 0));

      assertThat(send(parts, "a.mp4", size, 2, OnExisting.OVERWRITE)).isEqualTo("a.mp4");

      assertThat(partsSent).as("each once").hasValue(size == LARGE ? 3 : 0);
      StoreCapabilities now = remembered.apply(TestStore.BUCKET);
      assertThat(List.of(now.putIfMatch(), now.completeIfMatch())).as("what is remembered now").containsOnly(false);
      assertThat(List.of(now.putIfAbsent(), now.completeIfAbsent())).containsOnly(true);
      assertThat(server.uploads()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {SMALL, LARGE})
  void whereNothingIsEverAbsentARecordingOverwritesOrTakesTheNameOfItsOwn(int size) throws Exception {
    try (FaultyStore wire = FaultyStore.before(server.endpoint());
        FlowFixture parts = wronglyRemembered(wire)) {
      wire.direct(StoreHabit.refusesConditions(Operation.PUT, Operation.COMPLETE));

      assertThat(send(parts, "over.mp4", size, 1, OnExisting.OVERWRITE)).isEqualTo("over.mp4");

      String key = send(parts, "version.mp4", size, 2, OnExisting.VERSION);
      Path file = parts.recordings.folder().resolve("version.mp4");
      assertThat(key).isEqualTo("version_" + RecordingId.of(file, FileIdentity.of(file)) + ".mp4");
      assertThat(remembered.apply(TestStore.BUCKET))
          .isEqualTo(new StoreCapabilities(ChecksumKind.CRC32C, false, false, false));
      assertThat(server.uploads()).isEmpty();
    }
  }

  @Test
  void aConditionThatAnotherWriterMadeFalseForAMomentIsStillUsed() throws Exception {
    try (FaultyStore wire = FaultyStore.before(server.endpoint());
        FlowFixture parts = wronglyRemembered(wire)) {
      wire.fail(Operation.COMPLETE, StoreFault.refusal(412, "PreconditionFailed"), 1);
      send(parts, "a.mp4", LARGE, 1, OnExisting.OVERWRITE);
      assertThat(wire.seen(Operation.PART)).as("sent once").isEqualTo(3);
      assertThat(remembered.apply(TestStore.BUCKET)).isEqualTo(ALL);
      assertThat(wire.seen(Operation.BUCKET)).as("no probe").isZero();
    }
  }
}
