package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.services.s3.model.Part;

/** kill -9, at whatever moment: the recording goes on where it was (P1, P2), and nobody else's upload is touched (P6). */
class KillAndResumeIT {
  private static final int SIZE = 40 * Recordings.MIB;
  private static final String KEY = "studio/cam1.mp4";

  /** Heads of requests, the store's probe, and the part bytes that a relay may hold back. */
  private static final long OVERHEAD = 256 * 1024;

  @TempDir Path folder;
  private TestStore store;
  private Recordings recordings;

  @BeforeEach
  void start() {
    store = TestStore.start(folder.resolve("store"));
    recordings = new Recordings(folder.resolve("recordings"));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void anUploadGoesOnWithThePartsThatTheStoreHasAndForeignUploadsStay() throws IOException {
    Path file = recordings.random("studio/cam1.mp4", SIZE, 1);
    List<String> foreign =
        List.of(store.beginUpload(KEY), store.beginUpload("studio/other.mp4"), store.beginUpload("elsewhere.mp4"));
    store.storePart(KEY, foreign.get(0), 1, new byte[] {1, 2, 3});
    try (SlowWire wire = SlowWire.to(store.endpoint(), 17L * Recordings.MIB)) {
      var sidecar = ChildReelway.sidecar(folder, wire.endpoint()).set("reelway.transfer.parts-at-once", 2);

      String upload;
      List<Part> storedBefore;
      try (ChildReelway child = sidecar.startReady()) {
        Recordings.mark(file);
        child.await("two parts are in the store", () -> {
          var begun = store.uploadOf(KEY, foreign);
          return begun.isPresent() && store.parts(KEY, begun.get()).size() >= 2;
        });
        child.kill();
        wire.cut();
        upload = store.uploadOf(KEY, foreign).orElseThrow();
        storedBefore = store.parts(KEY, upload);
      }
      JsonNode marker = JsonMapper.builder().build().readTree(Recordings.text(Recordings.marker(file)));
      assertThat(marker.path("multipartUploadId").asText()).isEqualTo(upload);
      assertThat(marker.path("key").asText()).isEqualTo(KEY);

      long before = wire.passed();
      wire.allowAll();
      try (ChildReelway child = sidecar.startReady()) {
        child.await("the marker is gone", () -> !Recordings.isMarked(file));
        // The story is written behind the work's back.
        child.await("its story ends", () -> child.http().get("/recordings").json().at("/counts/done").asInt() == 1);
        JsonNode story = child.http().get("/recordings").json().path("recordings").path(0);
        assertThat(story.path("partsResumed").asInt()).isEqualTo(storedBefore.size());
        assertThat(story.path("state").asText()).isEqualTo("done");
        assertThat(story.path("tries").asInt()).as("tries that ended").isEqualTo(1);
      }
      long left = SIZE - storedBefore.stream().mapToLong(Part::size).sum();
      assertThat(wire.passed() - before).isBetween(left, left + OVERHEAD);
    }
    assertThat(store.bytes(KEY)).isEqualTo(Recordings.bytes(file));
    assertThat(store.uploads()).containsExactlyInAnyOrderElementsOf(foreign);
    assertThat(store.parts(KEY, foreign.get(0))).hasSize(1);
    assertThat(store.keys()).containsExactly(KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"keep", "delete"})
  void killsAtAnyMomentLoseNothing(String tidy) {
    long seed = Long.getLong("reelway.seed", System.nanoTime());
    System.out.println("kill moments (" + tidy + "): -Dreelway.seed=" + seed);
    Random random = new Random(seed);
    Path file = recordings.random("studio/cam1.mp4", SIZE, seed);
    byte[] content = Recordings.bytes(file);
    Recordings.mark(file);
    try (SlowWire wire = SlowWire.to(store.endpoint(), 0)) {
      var sidecar = ChildReelway.sidecar(folder, wire.endpoint())
          .set("reelway.transfer.parts-at-once", 2)
          .set("reelway.recordings.tidy", tidy);
      for (int kill = 0; kill < 2 && Recordings.isMarked(file); kill++) {
        killAfter(sidecar, wire, wire.passed() + random.nextInt(SIZE / 3), file);
        if (Files.exists(file)) {
          assertThat(Recordings.bytes(file)).isEqualTo(content);
        } else {
          assertThat(store.bytes(KEY)).isEqualTo(content);
        }
      }
      wire.allowAll();
      try (ChildReelway child = sidecar.startReady()) {
        child.await("the marker is gone", () -> !Recordings.isMarked(file));
      }
    }
    assertThat(store.bytes(KEY)).isEqualTo(content);
    assertThat(Files.exists(file)).isEqualTo(tidy.equals("keep"));
    assertThat(store.keys()).containsExactly(KEY);
  }

  /** The moment is a number of bytes on the wire, so that a seed repeats it. */
  private static void killAfter(ChildReelway.CommandLine sidecar, SlowWire wire, long bytes, Path file) {
    wire.stall();
    wire.allow(bytes - wire.passed());
    try (ChildReelway child = sidecar.start()) {
      child.await(bytes + " bytes went to the store",
          () -> wire.passed() >= bytes - 32 * 1024 || !Recordings.isMarked(file));
      child.kill();
      wire.cut();
    }
  }
}
