package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.ffmpeg.MediaProbe;
import org.reelway.media.repair.BrokenRecordings;
import org.reelway.media.repair.BrokenRecordings.Writer;
import org.reelway.media.container.ContainerCheck;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** Recorders that died: what they left is in the store as it was and as it plays, and living recorders are left alone. */
class RepairIT {
  @TempDir Path folder;

  private Path recordingsFolder() throws IOException {
    return Files.createDirectories(folder.resolve("recordings"));
  }

  private ChildReelway.CommandLine sidecar(TestStore store) {
    return ChildReelway.sidecar(folder, store.endpoint())
        .set("reelway.recordings.settle-time", "1s")
        .set("reelway.repair.after", "3s");
  }

  private Path stored(TestStore store, String key) throws IOException {
    return Files.write(folder.resolve("stored-" + key.replace('/', '_')), store.bytes(key));
  }

  private void requirePlays(Path file) throws Exception {
    assertThat(new ContainerCheck().check(file).isWhole()).isTrue();
    assertThat(new MediaProbe(BrokenRecordings.PROGRAMS).probe(file).duration()).isPositive();
  }

  private static Map<String, String> metadata(TestStore store, String key) {
    return store.client().headObject(head -> head.bucket(TestStore.BUCKET).key(key)).metadata();
  }

  @Test
  void deadRecordersAreRepairedAndALivingOneIsNot() throws Exception {
    BrokenRecordings recordings = new BrokenRecordings(recordingsFolder());
    Path srs = recordings.killed("live.mp4.tmp", Writer.FRAGMENTED_MP4, 1, 200_000);
    recordings.finished("cam-1.mp4", Writer.MP4, 4, 2);
    Path withoutIndex = recordings.killed("cam-2.mp4", Writer.MP4, 3, 300_000);
    Files.createDirectories(folder.resolve("recordings/alone"));
    Path hopeless = recordings.killed("alone/cam-3.mp4", Writer.MP4, 6, 200_000);
    byte[] hopelessBytes = Recordings.bytes(hopeless);
    byte[] srsBytes = Recordings.bytes(srs);
    byte[] withoutIndexBytes = Recordings.bytes(withoutIndex);
    Files.writeString(folder.resolve("recordings/notes.tmp"), "no media at all, only text ".repeat(100));
    Process living = recordings.live("now.flv.tmp", Writer.FLV, 4);
    try (TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway child = sidecar(store).startReady()) {
      List<String> expected = List.of(
          "alone/cam-3.mp4.raw", "cam-1.mp4", "cam-2.mp4.raw", "cam-2.recovered.mp4", "live.mp4.tmp.raw", "live.recovered.mp4");
      child.await("all is sent", () -> store.keys().containsAll(expected));
      child.await("the stories end", () -> recovered(child).count() == 5);

      assertThat(srs).hasBinaryContent(srsBytes);
      assertThat(withoutIndex).hasBinaryContent(withoutIndexBytes);
      assertThat(store.keys()).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(store.bytes("live.mp4.tmp.raw")).isEqualTo(srsBytes);
      assertThat(store.bytes("alone/cam-3.mp4.raw")).isEqualTo(hopelessBytes);
      assertThat(metadata(store, "alone/cam-3.mp4.raw").get("reelway-recovered-what"))
          .contains("no finished MP4 lies beside");
      assertThat(store.bytes("cam-2.mp4.raw")).isEqualTo(withoutIndexBytes);
      requirePlays(stored(store, "live.recovered.mp4"));
      requirePlays(stored(store, "cam-2.recovered.mp4"));
      assertThat(metadata(store, "live.recovered.mp4"))
          .containsEntry("reelway-recovered", "true")
          .containsEntry("reelway-recovered-from", "live.mp4.tmp");
      assertThat(metadata(store, "cam-2.mp4.raw")).containsEntry("reelway-recovered", "raw");
      assertThat(metadata(store, "cam-1.mp4")).doesNotContainKey("reelway-recovered");

      assertThat(living.isAlive()).isTrue();
      assertThat(folder.resolve("recordings/now.flv.tmp")).exists();
      assertThat(folder.resolve("recordings/notes.tmp")).exists();
      String metrics = child.management().get("/observe/metrics").body();
      assertThat(metrics)
          .contains("reelway_recordings_recovered_total{result=\"remuxed\"} 1.0")
          .contains("reelway_recordings_recovered_total{result=\"rebuilt\"} 1.0")
          .contains("reelway_recordings_recovered_total{result=\"raw-only\"} 1.0");
      assertThat(child.err()).contains("live.mp4.tmp was left unfinished by its writer");
      assertThat(files(folder.resolve("state/repair/out"))).isEmpty();
      assertThat(files(folder.resolve("state/repair/work"))).isEmpty();
    } finally {
      living.destroyForcibly();
    }
  }

  private static Stream<JsonNode> recovered(ChildReelway child) {
    JsonNode all = child.http().get("/recordings").json().path("recordings");
    return java.util.stream.StreamSupport.stream(all.spliterator(), false)
        .filter(one -> one.path("recovered").asBoolean() && one.path("state").asText().equals("done"));
  }

  private static List<Path> files(Path root) throws IOException {
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).filter(file -> !file.endsWith(".reelway.lock")).toList();
    }
  }

  @Test
  void aSidecarThatIsKilledAtAnyPointOfARepairSendsBothOnceAndWhole() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed + " of kills during a repair");
    Random random = new Random(seed);
    Path broken = new BrokenRecordings(recordingsFolder()).killed("live.mkv.tmp", Writer.MKV, 5,
        1_500_000);
    byte[] bytes = Recordings.bytes(broken);
    try (TestStore store = TestStore.start(folder.resolve("store"))) {
      ChildReelway.CommandLine command = sidecar(store).set("reelway.recordings.tidy", "delete");
      for (int i = 0; i < 2; i++) {
        try (ChildReelway child = command.startReady()) {
          // Somewhere between the file's being watched and its objects' being there.
          int looks = random.nextInt(40);
          for (int look = 0; look < looks || !child.http().get("/repairs").body().contains("live.mkv.tmp"); look++) {
            if (store.has("live.mkv.tmp.raw") || look > 2000) {
              break;
            }
            child.http().get("/repairs");
          }
          child.kill();
        }
        if (Files.exists(broken)) {
          assertThat(broken).hasBinaryContent(bytes);
        } else {
          assertThat(store.keys()).containsExactlyInAnyOrder("live.recovered.mkv", "live.mkv.tmp.raw");
        }
      }
      try (ChildReelway child = command.startReady()) {
        child.await("the raw file is let go of", () -> !Files.exists(broken));
        assertThat(store.keys()).containsExactlyInAnyOrder("live.recovered.mkv", "live.mkv.tmp.raw");
        assertThat(store.bytes("live.mkv.tmp.raw")).isEqualTo(bytes);
        requirePlays(stored(store, "live.recovered.mkv"));
      }
    }
  }

  @Test
  void byHandItTellsWhatItRecovered() throws Exception {
    BrokenRecordings recordings = new BrokenRecordings(recordingsFolder());
    Path broken = recordings.killed("live.flv", Writer.FLV, 7, 200_000);
    Path out = folder.resolve("mended.flv");
    ChildReelway.Finished done =
        ChildReelway.command(folder, "repair", broken.toString(), "--out", out.toString()).finish();
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out()).contains(out.toString(), "FLV, ", "h264 video", "aac audio", "bytes used");
    requirePlays(out);

    ChildReelway.Finished again =
        ChildReelway.command(folder, "repair", broken.toString(), "--out", out.toString()).finish();
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("is there already");

    Path hopeless = recordings.killed("alone.mp4", Writer.MP4, 8, 200_000);
    ChildReelway.Finished not = ChildReelway.command(folder, "repair", hopeless.toString()).finish();
    assertThat(not.code()).isEqualTo(1);
    assertThat(not.err()).contains("not repaired", "no finished MP4 lies beside it");
  }
}
