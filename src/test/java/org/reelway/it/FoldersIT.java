package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** How folders are watched is told by API, health, metrics and JMX; a marked file waits for the delay. */
class FoldersIT {
  @TempDir static Path folder;
  private static TestStore store;
  private static ChildReelway child;
  private static Recordings recordings;

  @BeforeAll
  static void start() throws Exception {
    store = TestStore.start(folder.resolve("store"));
    recordings = new Recordings(folder.resolve("recordings"));
    child =
        ChildReelway.sidecar(folder, store.endpoint(), "--create-folders")
            .set("reelway.recordings.rescan-every", "1h")
            .set("reelway.recordings.delay", "2s")
            .startReady();
    // The folder is there by now: it was to be made.
    Files.createDirectory(folder.resolve("recordings/studio"));
  }

  @AfterAll
  static void stop() {
    child.close();
    store.close();
  }

  private static JsonNode seen() {
    return child.http().get("/folders").json().path("folders").path(0);
  }

  private static void awaitMode(String mode) {
    child.await("the folder's mode is " + mode, () -> seen().path("mode").asText().equals(mode));
  }

  @Test
  void aFolderIsToldOfEverywhereAlsoWhileItIsMissing() throws Exception {
    Path root = recordings.folder();
    awaitMode("events");
    child.await("both folders are watched", () -> seen().path("watched").asInt() == 2);
    assertThat(seen().path("folder").asText()).isEqualTo(root.toRealPath().toString());
    assertThat(seen().path("subfolders").asInt()).isEqualTo(2);
    child.awaitLog(root.toRealPath() + " is watched by events");
    assertThat(child.management().get("/observe/metrics").body())
        .contains("reelway_folders{mode=\"events\"} 1.0", "reelway_folders{mode=\"missing\"} 0.0");
    String mbean = child.management().get("/observe/jolokia/read/org.reelway:type=Folder,*").body();
    assertThat(mbean).contains("\"Mode\":\"events\"", "\"Watched\":2");

    Files.move(root, folder.resolve("away"));
    awaitMode("missing");
    assertThat(child.management().get("/observe/health").status()).isEqualTo(503);
    assertThat(child.management().get("/observe/health/ready").body())
        .as("the path as it is, escaped once").contains(root + " is missing: the folder is not there");
    assertThat(child.management().get("/observe/health/live").status()).isEqualTo(200);
    Files.move(folder.resolve("away"), root);
    awaitMode("events");
    child.await("it is healthy again", () -> child.management().get("/observe/health").status() == 200);

    Path late = recordings.random("studio/late.mp4", 1000, 1);
    Recordings.mark(late);
    child.await("it is found without the schedule", () -> !Recordings.isMarked(late));
  }

  @Test
  void aFolderThatIsNotThereAtStartIsNotMadeButWaitedFor() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Recordings late = new Recordings(other.resolve("recordings"));
    Path live = Files.writeString(other.resolve("live"), "a file");
    try (ChildReelway waiting = ChildReelway.sidecar(other, store.endpoint())
        .set("reelway.recordings.create-folders", false)
        .set("reelway.live.folder", live)
        .startReady()) {
      waiting.awaitLog(other.toRealPath().resolve("recordings")
          + " is missing: the folder is not there; it is waited for");
      waiting.awaitLog("live is missing: what is there is no folder; it is waited for");
      assertThat(waiting.management().get("/observe/health").status()).isEqualTo(503);
      assertThat(waiting.management().get("/observe/health/ready").body())
          .contains("recordings is missing: the folder is not there", "live is missing: what is there is no folder");
      assertThat(late.folder()).doesNotExist();

      Path file = late.random("at-last.mp4", 1000, 4);
      Recordings.mark(file);
      Files.delete(live);
      Files.createDirectory(live);
      waiting.await("the recording is sent", () -> !Recordings.isMarked(file));
      waiting.await("it is healthy", () -> waiting.management().get("/observe/health").status() == 200);
    }
  }

  @Test
  void aMarkedRecordingWaitsUntilItIsNotModifiedAnyMore() {
    Path file = recordings.random("waits.mp4", 1000, 2);
    Recordings.mark(file);
    child.await("its story says so", () -> child.http().get("/recordings?state=waiting").body().contains("waits.mp4"));
    assertThat(store.has("waits.mp4")).isFalse();
    recordings.random("waits.mp4", 5000, 3);

    child.await("it is sent", () -> !Recordings.isMarked(file));
    assertThat(store.bytes("waits.mp4")).isEqualTo(Recordings.bytes(file));
    String id = child.http().get("/recordings").json().path("recordings").findParents("path").stream()
        .filter(one -> one.path("path").asText().equals("waits.mp4"))
        .map(one -> one.path("id").asText())
        .reduce("", (first, other) -> other);
    assertThat(child.http().get("/recordings/" + id).body()).contains("reelway.recordings.delay");
  }
}
