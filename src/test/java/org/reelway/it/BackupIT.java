package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.TestStore;

/** The packaged program with a primary that goes away and comes back, a backup, and kill -9 on the way back. */
class BackupIT {
  private static final int LARGE = 24 * Recordings.MIB;
  /** Of the way back. */
  private static final int RANGE = 8 * Recordings.MIB;

  @TempDir Path folder;
  private TestStore primary;
  private TestStore backup;
  private FaultyStore primaryWire;
  private FaultyStore backupWire;
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private Recordings recordings;

  @BeforeEach
  void start() {
    primary = TestStore.start(folder.resolve("primary"));
    backup = TestStore.start(folder.resolve("backup"));
    primaryWire = FaultyStore.before(primary.endpoint());
    backupWire = FaultyStore.before(backup.endpoint());
    recordings = new Recordings(folder.resolve("recordings"));
  }

  @AfterEach
  void stop() {
    primaryWire.close();
    backupWire.close();
    primary.close();
    backup.close();
  }

  private ChildReelway.CommandLine sidecar() {
    return ChildReelway.sidecar(folder, primaryWire.endpoint())
        .set("reelway.node", "studio-1")
        .set("reelway.recordings.tidy", "delete")
        .set("reelway.transfer.attempts", 1)
        .set("reelway.transfer.bandwidth", "0")
        .set("reelway.backup.endpoint", backupWire.endpoint())
        .set("reelway.backup.bucket", TestStore.BUCKET)
        .set("reelway.backup.prefix", "shelter")
        .set("reelway.backup.access-key", TestStore.ACCESS_KEY)
        .set("reelway.backup.secret-key", TestStore.SECRET_KEY)
        .set("reelway.backup.after", "2s");
  }

  @Test
  void recordingsGoToTheBackupAndComeBackOverAKillAndALostState() throws Exception {
    Path large = recordings.random("studio/cam1.mp4", LARGE, 1);
    Path small = recordings.random("studio/cam2.mp4", 5000, 2);
    String sha256 = sha256(Recordings.bytes(large));
    primaryWire.direct(request -> StoreFault.refusal(503, "ServiceUnavailable"));
    ChildReelway.CommandLine sidecar = sidecar();
    try (ChildReelway child = sidecar.startReady()) {
      Recordings.mark(large);
      Recordings.mark(small);
      child.await("both are in the backup", () -> waiting(child).path("recordings").asInt() == 2);
      child.await("their files are tidied", () -> !Files.exists(large) && !Files.exists(small));
      child.await("their stories end", () -> child.http().get("/recordings").json().at("/counts/done").asInt() == 2);

      JsonNode story = story(child, "studio/cam1.mp4");
      assertThat(story.at("/backup/state").asText()).isEqualTo("waiting");
      assertThat(story.at("/backup/in/key").asText()).isEqualTo("shelter/studio/cam1.mp4");
      assertThat(story.at("/backup/belongs/key").asText()).isEqualTo("studio/cam1.mp4");
      assertThat(story.at("/backup/belongs/store").asText()).isEqualTo(primaryWire.endpoint().toString());
      assertThat(child.management().get("/observe/metrics").body())
          .contains("reelway_backup_recordings 2.0", "reelway_backup_bytes 2.5170824E7");
      JsonNode health = child.management().get("/observe/health?data=true").json();
      assertThat(health.toString()).contains("\"backup.recordings\":");
      assertThat(child.management().get("/observe/health/ready").status()).as("the primary is down").isEqualTo(503);
      assertThat(primary.keys()).isEmpty();
    }
    deleteFolder(folder.resolve("state"));
    primaryWire.direct(request -> null);
    CountDownLatch killed = new CountDownLatch(1);
    backupWire.onRequest(request -> holdLaterRanges(request, killed));
    Path spool = folder.resolve("state/backup/spool");
    try (ChildReelway child = sidecar.startReady()) {
      child.await("the first range of the large one is back on the disk", () -> size(spool) == RANGE);
      child.kill();
    }
    killed.countDown();
    assertThat(backup.has("shelter/studio/cam1.mp4")).isTrue();
    ranges.clear();
    try (ChildReelway child = sidecar.startReady()) {
      child.await("both are brought back", () -> waiting(child).path("recordings").asInt() == 0);
      child.await("the backup is empty", () -> backup.keys().isEmpty());

      JsonNode story = story(child, "studio/cam1.mp4");
      assertThat(story.at("/backup/state").asText()).isEqualTo("brought-back");
      assertThat(story.at("/backup/in/key").asText()).isEqualTo("shelter/studio/cam1.mp4");
      assertThat(story.path("key").asText()).isEqualTo("studio/cam1.mp4");
    }
    assertThat(ranges.get(0)).as("where it went on").startsWith(RANGE + "-");
    assertThat(ranges).hasSize(2);
    assertThat(primary.keys()).containsExactlyInAnyOrder("studio/cam1.mp4", "studio/cam2.mp4");
    assertThat(sha256(primary.bytes("studio/cam1.mp4"))).isEqualTo(sha256);
    assertThat(primary.uploads()).isEmpty();
    assertThat(backup.uploads()).isEmpty();
  }

  /** Also notes down which ranges of the large recording are asked for. */
  private void holdLaterRanges(StoreRequest request, CountDownLatch killed) {
    String range =
        request.head().stream()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("range: bytes="))
            .map(line -> line.substring("range: bytes=".length()))
            .findFirst()
            .orElse("");
    if (!request.key().endsWith("cam1.mp4") || range.isEmpty()) {
      return;
    }
    ranges.add(range);
    if (!range.startsWith("0-")) {
      try {
        killed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static JsonNode waiting(ChildReelway child) {
    return child.http().get("/backup").json();
  }

  private static JsonNode story(ChildReelway child, String path) {
    JsonNode all = child.http().get("/recordings").json().path("recordings");
    for (JsonNode recording : all) {
      if (recording.path("path").asText().equals(path)) {
        return child.http().get("/recordings/" + recording.path("id").asText()).json().path("recording");
      }
    }
    throw new AssertionError(path + " is not in " + all);
  }

  private static long size(Path spool) throws IOException {
    if (!Files.isDirectory(spool)) {
      return 0;
    }
    try (var files = Files.list(spool)) {
      long all = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all += Files.size(file);
      }
      return all;
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (Path path : List.copyOf(all.sorted(java.util.Comparator.reverseOrder()).toList())) {
        Files.delete(path);
      }
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
