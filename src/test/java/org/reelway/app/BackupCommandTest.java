package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingStory;
import org.reelway.testkit.CallbackReceiver;

/** With a real sidecar, a primary whose bucket is missing at first, and a backup. */
class BackupCommandTest {
  @TempDir Path folder;

  private final CallbackReceiver backend = new CallbackReceiver();
  private SidecarFixture fixture;

  @BeforeEach
  void startStore() throws Exception {
    fixture = new SidecarFixture(folder);
  }

  @AfterEach
  void stopStore() {
    fixture.close();
    backend.close();
  }

  private void withBackup() {
    fixture.store.createBucket("shelter");
    fixture.settings.put("reelway.backup.endpoint", fixture.store.endpoint().toString());
    fixture.settings.put("reelway.backup.bucket", "shelter");
    fixture.settings.put("reelway.backup.access-key", "key");
    fixture.settings.put("reelway.backup.secret-key", "secret-of-the-store");
    fixture.settings.put("reelway.backup.after", "1s");
    fixture.settings.put("reelway.transfer.retry-first", "100ms");
    fixture.settings.put("reelway.transfer.retry-max", "500ms");
    fixture.settings.put("reelway.transfer.attempts", "1");
  }

  @Test
  void whatWaitsIsListedWithBothPlacesAndBroughtBackByCommand() throws Exception {
    withBackup();
    fixture.settings.put("reelway.transfer.manifest", "on");
    fixture.settings.put("reelway.callbacks.url", "cms=" + backend.uri("/"));
    fixture.settings.put("reelway.callbacks.allow-private", "127.0.0.1");
    try (Sidecar sidecar = fixture.started()) {
      assertThat(fixture.command("backup")).isZero();
      assertThat(fixture.said()).contains("nothing waits in the backup");
      fixture.file("cam.mp4", "a recording");
      Files.createFile(fixture.recordings.resolve("cam.mp4.upload"));
      await().atMost(Duration.ofSeconds(60)).until(() -> fixture.command("backup") == 0 && fixture.said().contains("cam"));

      assertThat(fixture.said())
          .contains("shelter/cam.mp4", SidecarFixture.BUCKET + "/cam.mp4", "1 recordings of 11 bytes wait in the backup");

      fixture.store.createBucket(SidecarFixture.BUCKET);
      await().until(() -> Files.notExists(fixture.recordings.resolve("cam.mp4.upload")));
      assertThat(fixture.command("backup", "--bring-back")).isZero();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> fixture.command("backup") == 0 && fixture.said().contains("nothing waits"));
      RecordingHistory history = sidecar.history();
      String id = history.list(Optional.empty(), 1).get(0).id();
      await()
          .untilAsserted(
              () ->
                  assertThat(history.find(id).orElseThrow().events())
                      .extracting(RecordingStory.Event::what)
                      .anyMatch(event -> event.startsWith("manifest written: cam.mp4"))
                      .anyMatch(event -> event.startsWith("brought back from the backup")));
      await().until(() -> backend.received().size() == 2);
      assertThat(backend.received().get(0).body()).contains("\"recording.finished\"", "\"place\":\"backup\"");
      assertThat(backend.received().get(1).body())
          .contains("\"recording.brought-back\"", "\"bucket\":\"recordings\"", "\"backupBucket\":\"shelter\"");
    }
  }

  @Test
  void withoutABackupThereIsNothingToBringBack() throws Exception {
    fixture.store.createBucket(SidecarFixture.BUCKET);
    try (Sidecar sidecar = fixture.started()) {
      assertThat(fixture.command("backup")).isZero();
      assertThat(fixture.said()).contains("there is no backup");
      assertThat(fixture.command("backup", "--bring-back")).isEqualTo(2);
      assertThat(fixture.said()).contains("reelway.backup.bucket");
    }
  }

  @Test
  void theCheckTriesTheBackupToo() {
    withBackup();
    fixture.store.createBucket(SidecarFixture.BUCKET);
    assertThat(fixture.command("check")).as(fixture.said()).isZero();
    assertThat(fixture.said()).contains("backup http").contains("bucket shelter");

    fixture.settings.put("reelway.backup.bucket", "missing");
    assertThat(fixture.command("check")).isEqualTo(1);
    assertThat(fixture.said()).contains("NoSuchBucket");
  }
}
