package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/**
 * {@code reelway.recordings.on-restart} where it is not its default: what becomes of transfers that were under way, and of nobody
 * else's. KillAndResumeIT and MarkersIT have what goes on.
 */
class RestartPolicyIT {
  private static final int SIZE = 20 * Recordings.MIB;
  private static final long OVERHEAD = 512 * 1024;

  @TempDir Path folder;
  private TestStore store;
  private SlowWire wire;
  private Path ours;
  private Path wowzas;
  private String ourUpload;
  private String wowzasUpload;
  private String foreign;

  /** One upload of ours, killed after a part; one that the Wowza module began; one that no marker names. */
  @BeforeEach
  void interrupted() {
    store = TestStore.start(folder.resolve("store"));
    wire = SlowWire.to(store.endpoint(), 7L * Recordings.MIB);
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    ours = recordings.random("ours.mp4", SIZE, 1);
    wowzas = recordings.random("wowzas.mp4", SIZE, 2);
    foreign = store.beginUpload("ours.mp4");
    Recordings.mark(ours);
    var sidecar = ChildReelway.sidecar(folder, wire.endpoint()).set("reelway.transfer.parts-at-once", 1);
    try (ChildReelway child = sidecar.start()) {
      child.await("a part is in the store", () -> {
        var begun = store.uploadOf("ours.mp4", List.of(foreign));
        return begun.isPresent() && !store.parts("ours.mp4", begun.get()).isEmpty();
      });
      child.kill();
      wire.cut();
    }
    ourUpload = store.uploadOf("ours.mp4", List.of(foreign)).orElseThrow();
    wowzasUpload = store.beginUpload("wowzas.mp4");
    store.storePart("wowzas.mp4", wowzasUpload, 1, Arrays.copyOf(Recordings.bytes(wowzas), Recordings.PART));
    Recordings.mark(wowzas, """
        {"pauseType":"upload","bucketName":"%s","key":"wowzas.mp4","file":"x","multipartUploadId":"%s",\
        "partSize":%d,"mutlipartUploadThreshold":16777216}"""
        .formatted(TestStore.BUCKET, wowzasUpload, Recordings.PART));
    wire.allowAll();
  }

  @AfterEach
  void stop() {
    wire.close();
    store.close();
  }

  private ChildReelway.CommandLine sidecar(String onRestart) {
    return ChildReelway.sidecar(folder, wire.endpoint()).set("reelway.recordings.on-restart", onRestart);
  }

  private void awaitBothSent(ChildReelway child) {
    child.await("both markers are gone", () -> !Recordings.isMarked(ours) && !Recordings.isMarked(wowzas));
    assertThat(store.bytes("ours.mp4")).isEqualTo(Recordings.bytes(ours));
    assertThat(store.bytes("wowzas.mp4")).isEqualTo(Recordings.bytes(wowzas));
  }

  @Test
  void restartAbortsOurUploadOnlyAndSendsBothFromTheStart() {
    long before = wire.passed();
    try (ChildReelway child = sidecar("restart").startReady()) {
      awaitBothSent(child);
      assertThat(child.err())
          .contains("reelway.recordings.on-restart=restart: " + ours + " is sent from its start")
          .contains("reelway.recordings.on-restart=restart: " + wowzas + " is sent from its start")
          .contains("aborted our unfinished upload of recordings/ours.mp4: on-restart for " + ours)
          .contains("the unfinished upload " + wowzasUpload
              + " of recordings/wowzas.mp4 was begun by another program and is left alone");
    }
    assertThat(wire.passed() - before).isBetween(2L * SIZE, 2L * SIZE + OVERHEAD);
    assertThat(store.uploads()).containsExactlyInAnyOrder(foreign, wowzasUpload);
  }

  @Test
  void discardAbortsOurUploadOnlyKeepsTheFilesAndSaysWhich() {
    byte[] before = Recordings.bytes(ours);
    try (ChildReelway child = sidecar("discard").startReady()) {
      assertThat(Recordings.isMarked(ours)).isFalse();
      assertThat(Recordings.isMarked(wowzas)).isFalse();
      assertThat(child.err())
          .contains("reelway.recordings.on-restart=discard: the marker of " + ours
              + " is removed, the file stays and is not sent")
          .contains("reelway.recordings.on-restart=discard: the marker of " + wowzas
              + " is removed, the file stays and is not sent");
      child.await("our upload is aborted", () -> !store.uploads().contains(ourUpload));
      // A new marker is a new order.
      Recordings.mark(ours);
      child.await("the new order is done", () -> !Recordings.isMarked(ours));
    }
    assertThat(store.uploads()).containsExactlyInAnyOrder(foreign, wowzasUpload);
    assertThat(store.bytes("ours.mp4")).isEqualTo(before);
    assertThat(store.has("wowzas.mp4")).isFalse();
    assertThat(wowzas).exists();
  }
}
