package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;
import org.reelway.testkit.HttpCalls;

class LonelyMarkerTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void aMarkerWhoseRecordingIsNotThereIsSeenUntilItComes() throws Exception {
    try (SidecarFixture fixture = new SidecarFixture(folder)) {
      fixture.store.createBucket(SidecarFixture.BUCKET);
      fixture.settings.put("reelway.recordings.settle-time", "1s");
      fixture.settings.put("reelway.recordings.rescan-every", "1s");
      try (Sidecar sidecar = fixture.started()) {
        HttpCalls management = new HttpCalls(sidecar.management());
        assertThat(management.get("/observe/metrics").body()).contains("reelway_markers_without_recording 0.0");
        Path marker = Files.createFile(fixture.recordings.resolve("lost.mp4.upload"));

        await().atMost(SOON).until(
            () -> management.get("/observe/metrics").body().contains("reelway_markers_without_recording 1.0"));
        assertThat(management.get("/observe/health").body()).contains("1 marker is without recording: " + marker + "; put the file there");
        assertThat(management.get("/observe/health/ready").status()).as("other recordings travel").isEqualTo(200);
        assertThat(new HttpCalls(sidecar.http()).get("/dashboard/now").body()).contains("1 marker is without recording");

        fixture.file("lost.mp4", "it came");
        await().atMost(SOON).until(() -> management.get("/observe/health").status() == 200);
        assertThat(management.get("/observe/metrics").body()).contains("reelway_markers_without_recording 0.0");
      }
    }
  }
}
