package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.StateDatabase;
import org.reelway.state.TestState;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.services.s3.model.Part;

/** SIGTERM finishes the parts under way and loses nothing; a store that is away stops neither a start nor a stop. */
class StopIT {
  /** What a JVM that SIGTERM ended answers after its shutdown hooks: 128 + 15, as shells and init systems expect. */
  private static final int BY_SIGTERM = 143;

  private static final int SIZE = 40 * Recordings.MIB;
  private static final long OVERHEAD = 256 * 1024;

  @TempDir Path folder;

  @Test
  void partsUnderWayAreFinishedAndNoneIsSentTwice() {
    try (TestStore store = TestStore.start(folder.resolve("store"));
        SlowWire wire = SlowWire.to(store.endpoint(), 12L * Recordings.MIB)) {
      Path file = new Recordings(folder.resolve("recordings")).random("cam1.mp4", SIZE, 1);
      Recordings.mark(file);
      var sidecar = ChildReelway.sidecar(folder, wire.endpoint()).set("reelway.transfer.parts-at-once", 2);

      List<Part> stored;
      try (ChildReelway child = sidecar.startReady()) {
        child.await("two parts are under way", () -> wire.passed() > 11_900L * 1024);
        child.terminate();
        child.awaitLog("stopping: ");
        wire.allowAll();
        assertThat(child.awaitExit()).isEqualTo(BY_SIGTERM);
        assertThat(child.err()).contains("stopped").doesNotContain("ERROR", "WARN", "Exception");
        String upload = store.uploadOf("cam1.mp4", List.of()).orElseThrow();
        stored = store.parts("cam1.mp4", upload);
      }
      // Two parts were whole before the signal, and one or two under way: those and no others are there.
      assertThat(stored).hasSizeBetween(3, 4);
      assertThat(Recordings.text(Recordings.marker(file))).contains("\"multipartUploadId\"");
      assertThat(wire.passed()).isLessThan(stored.size() * (long) Recordings.PART + OVERHEAD);

      long before = wire.passed();
      try (ChildReelway child = sidecar.startReady()) {
        child.await("the marker is gone", () -> !Recordings.isMarked(file));
        child.terminate();
        assertThat(child.awaitExit()).as("at rest").isEqualTo(BY_SIGTERM);
        assertThat(child.err()).doesNotContain("ERROR", "WARN", "Exception");
      }
      long left = SIZE - stored.size() * (long) Recordings.PART;
      assertThat(wire.passed() - before).isBetween(left, left + OVERHEAD);
      assertThat(store.bytes("cam1.mp4")).isEqualTo(Recordings.bytes(file));
    }
  }

  @Test
  void aSignalBeforeItIsReadyEndsItAtOnceAndNothingIsSent() throws Exception {
    Path file = new Recordings(folder.resolve("recordings")).random("cam1.mp4", 1000, 4);
    Recordings.mark(file);
    int port = FreePort.any();
    try (TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway child = ChildReelway.sidecar(folder, store.endpoint()).set("reelway.http.port", port).start()) {
      // It listens long before its routes stand.
      child.await("it listens", () -> FreePort.isTaken(port));
      child.terminate();
      assertThat(child.awaitExit()).isEqualTo(BY_SIGTERM);
      assertThat(child.err()).doesNotContain("ERROR", "WARN", "Exception", "ready: ");
      assertThat(store.keys()).isEmpty();
      assertThat(Recordings.isMarked(file)).isTrue();
    }
  }

  @Test
  void aDatabaseWhoseDriverCannotBeUnpackedIsLeftAsItIs() throws Exception {
    assumeFalse(TestState.isOnPostgres(folder), "the driver of the embedded state");
    Path state = folder.resolve("state");
    StateDatabase.open(state, Clock.systemUTC());
    byte[] before = Files.readAllBytes(state.resolve("reelway.db"));
    // Nobody can make a file there, root neither.
    for (Path library : Files.list(state.resolve("native")).toList()) {
      Files.delete(library);
    }
    Files.delete(state.resolve("native"));
    Files.createSymbolicLink(state.resolve("native"), Path.of("/proc"));

    ChildReelway.Finished run =
        ChildReelway.sidecar(folder, URI.create("http://127.0.0.1:9")).java("-Djava.io.tmpdir=/proc").finish();

    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains("reelway: SQLite's library can be unpacked neither into ", "the state is left as it is")
        .doesNotContain("\tat ");
    assertThat(Files.readAllBytes(state.resolve("reelway.db"))).isEqualTo(before);
    assertThat(Files.list(state).filter(file -> file.toString().contains("damaged"))).isEmpty();
  }

  @Test
  void aStoreThatIsAwayStopsNeitherStartNorStopAndRecordingsAreSentWhenItComes() {
    int port = FreePort.any();
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    Path file = recordings.random("cam1.mp4", 6 * Recordings.MIB, 3);
    Recordings.mark(file);

    try (ChildReelway child = ChildReelway.sidecar(folder, URI.create("http://127.0.0.1:" + port)).startReady()) {
      child.awaitLog("recordings stay where they are and are tried again until they are sent");
      try (TestStore store = TestStore.start(folder.resolve("store"), port)) {
        child.await("the marker is gone", () -> !Recordings.isMarked(file));
        assertThat(store.bytes("cam1.mp4")).isEqualTo(Recordings.bytes(file));
      }
      // The outage was said once, and its end once.
      assertThat(child.err()).containsOnlyOnce("are tried again until they are sent")
          .containsOnlyOnce("the store takes recordings again after");

      Path next = recordings.random("cam2.mp4", 6 * Recordings.MIB, 4);
      Recordings.mark(next);
      child.await("it is away again", () -> child.err().split("are tried again until they are sent", -1).length == 3);
      child.terminate();
      assertThat(child.awaitExit()).isEqualTo(BY_SIGTERM);
      assertThat(Recordings.isMarked(next)).isTrue();
    }
  }
}
