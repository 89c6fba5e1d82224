package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.ffmpeg.RecordedTestStream;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** A media server that tells nothing: files are taken when they have settled and are whole, and not before. */
class SettledIT {
  @TempDir Path folder;

  private final FfmpegPrograms programs = FfmpegPrograms.bundled(Path.of("target", "ffmpeg"));

  /** A live stream as a media server records it: written as time goes by. */
  private Process liveRecording(Path file) throws IOException {
    return new ProcessBuilder(
            programs.ffmpeg().toString(), "-v", "error", "-nostdin", "-re",
            "-f", "lavfi", "-i", "testsrc2=size=192x108:rate=25", "-t", "60",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-flush_packets", "1", file.toString())
        .inheritIO()
        .start();
  }

  @Test
  void aWholeFileIsTakenWhileAnotherStillGrowsAndNothingElseIs() throws Exception {
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    Path whole = folder.resolve("recordings/studio/whole.mp4");
    Files.createDirectories(whole.getParent());
    new RecordedTestStream(programs).record(whole, Duration.ofSeconds(2), 1_000_000, share -> {});
    byte[] content = Recordings.bytes(whole);
    Path cut = recordings.file("cut.mp4", Arrays.copyOf(content, content.length / 2));
    Path mixed = recordings.file("whole_mixed.mp4", content);
    Path temporary = recordings.file("next.mp4.tmp", content);
    Path growing = folder.resolve("recordings/live.flv");
    Process live = liveRecording(growing);
    try (TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway child = ChildReelway.sidecar(folder, store.endpoint())
            .set("reelway.recordings.settle-time", "2s")
            .set("reelway.recordings.rescan-every", "1s")
            .startReady()) {
      child.await("the whole file is sent", () -> store.has("studio/whole.mp4"));
      assertThat(live.isAlive()).as("the other one still grows").isTrue();
      assertThat(store.keys()).containsExactly("studio/whole.mp4");
      assertThat(store.bytes("studio/whole.mp4")).isEqualTo(content);

      // As a media server ends a recording: asked to, so that the container gets its end.
      live.destroy();
      live.waitFor();
      child.await("the grown file is sent", () -> store.has("live.flv"));
      child.await("both stories end", () -> child.http().get("/recordings").json().at("/counts/done").asInt() == 2);
      assertThat(store.bytes("live.flv")).isEqualTo(Recordings.bytes(growing));
      assertThat(store.keys()).containsExactlyInAnyOrder("studio/whole.mp4", "live.flv");
      child.http().get("/recordings").json().path("recordings")
          .forEach(one -> assertThat(one.path("foundBy").asText()).isEqualTo("settled"));
    } finally {
      live.destroyForcibly();
    }
    assertThat(List.of(cut, mixed, temporary)).allSatisfy(file -> {
      assertThat(file).exists();
      assertThat(Recordings.isMarked(file)).isFalse();
    });
  }
}
