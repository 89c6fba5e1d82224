package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.reelway.recording.FolderFixture.fillUp;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.TestState;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SmallDisk;
import org.reelway.testkit.TestStore;

/** The packaged program while the disk of its state, or of the recordings, has no byte left. Needs root. */
class FullDiskIT {
  private static final String JSON = "application/json";
  private static final int SMALL = 100_000;
  private static final int LARGE = 11_000_000;
  private static final int FILES = 6;
  private static final int INODES = 5000;

  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void start() {
    store = TestStore.start(folder.resolve("store"));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private ChildReelway.CommandLine sidecar() {
    return ChildReelway.sidecar(folder, store.endpoint()).set("reelway.recordings.tidy", "delete");
  }

  private SmallDisk disk(String name, int mebibytes) throws Exception {
    return SmallDisk.mount(folder.resolve(name), mebibytes, INODES);
  }

  private static Answer started(HttpCalls http, String stream) {
    return http.post("/hooks/event", JSON, "{\"event\": \"stream-started\", \"stream\": \"" + stream + "\"}");
  }

  private static void marked(HttpCalls http, Path file) {
    Answer answer = http.post("/hooks/recorded", JSON, "{\"file\": \"" + file + "\"}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
  }

  private void awaitSent(ChildReelway child, Path file) {
    child.await("it is sent and deleted", () -> store.has(file.getFileName().toString()) && !Files.exists(file));
  }

  /** A failure is one line, and comes once. */
  private static void assertSaidOnce(ChildReelway child) {
    List<String> kinds =
        child.err().lines().filter(line -> line.contains(" ERROR ") || line.contains(" WARN "))
            .map(line -> line.replaceFirst("^.{24}", "").replaceFirst("(?<=(ERROR|WARN ) ).{21}", "").replaceFirst("(?<=^.{60}).*", ""))
            .toList();
    assertThat(kinds).as(child.err()).doesNotHaveDuplicates();
    assertThat(child.err()).doesNotContain("\tat ");
  }

  @Test
  void aFullDiskOfTheStateIsSaidOnceHoldsUpNoRecordingAndIsOverWhenThereIsRoom() throws Exception {
    assumeFalse(TestState.isOnPostgres(folder), "the state is not in the folder");
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    try (SmallDisk disk = disk("state", 20); ChildReelway child = sidecar().startReady()) {
      HttpCalls http = child.http();
      HttpCalls management = child.management();
      Path ballast = fillUp(disk.folder());
      List<Path> files = new ArrayList<>();
      for (int i = 0; i < FILES; i++) {
        files.add(recordings.random("a" + i + ".mp4", i == 1 ? LARGE : SMALL, i));
        marked(http, files.get(i));
        Answer event = started(http, "s" + i);
        assertThat(event.status()).as(event.body()).isEqualTo(503);
        assertThat(event.error()).contains("give reelway.state.folder room");
        assertThat(management.get("/observe/health").status()).isIn(200, 503);
        assertThat(management.get("/observe/health/live").status()).isEqualTo(200);
        assertThat(management.get("/observe/health/ready").status()).isIn(200, 503);
        assertThat(management.get("/observe/metrics").body()).contains("reelway_");
        assertThat(http.get("/recordings").status()).isIn(200, 503);
      }

      files.forEach(file -> awaitSent(child, file));
      Answer health = management.get("/observe/health");
      assertThat(health.status()).isEqualTo(503);
      assertThat(health.body()).contains("\"name\":\"state\",\"status\":\"DOWN\"", "the state cannot be written");
      assertSaidOnce(child);

      Files.delete(ballast);
      child.await("all is well", () -> management.get("/observe/health").status() == 200);
      assertThat(started(http, "after").status()).isEqualTo(202);
      assertThat(http.get("/recordings").status()).isEqualTo(200);
      child.awaitLog("the history of recordings is written again");
      assertSaidOnce(child);
    }
  }

  @Test
  void aStartOnAFullDiskSendsWhatWaitsOrEndsInOneLine() throws Exception {
    assumeFalse(TestState.isOnPostgres(folder), "the state is not in the folder");
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    try (SmallDisk disk = disk("state", 20)) {
      try (ChildReelway first = sidecar().startReady()) {
        fillUp(disk.folder());
        first.kill();
      }
      Path late = recordings.random("late.mp4", SMALL, 1);
      Recordings.mark(late);
      try (ChildReelway again = sidecar().start()) {
        awaitSent(again, late);
        assertSaidOnce(again);
        again.terminate();
        again.awaitExit();
      }
      for (Path each : Files.list(disk.folder()).filter(Files::isRegularFile).toList()) {
        Files.delete(each);
      }
      fillUp(disk.folder());

      ChildReelway.Finished none = sidecar().finish();

      assertThat(none.code()).isNotZero();
      assertThat(none.err()).contains("reelway: the state ", "cannot be opened", "room").doesNotContain("\tat ");
    }
  }

  @Test
  void aFullDiskOfTheRecordingsIsEmptied() throws Exception {
    try (SmallDisk disk = disk("recordings", 20); ChildReelway child = sidecar().startReady()) {
      Recordings recordings = new Recordings(disk.folder());
      Path told = recordings.random("told.mp4", SMALL, 1);
      Path large = recordings.random("large.mp4", LARGE, 2);
      Path byCommand = recordings.random("by-command.mp4", SMALL, 3);
      fillUp(disk.folder());

      marked(child.http(), told);
      awaitSent(child, told);
      fillUp(disk.folder());
      marked(child.http(), large);
      awaitSent(child, large);
      fillUp(disk.folder());
      ChildReelway.Finished hook =
          ChildReelway.command(folder, "hook", "recorded", byCommand.toString())
              .set("reelway.recordings.folder", disk.folder()).set("reelway.state.folder", folder.resolve("state")).finish();
      assertThat(hook.code()).as(hook.err()).isZero();
      awaitSent(child, byCommand);

      assertSaidOnce(child);
      assertThat(child.management().get("/observe/health/live").status()).isEqualTo(200);
    }
  }
}
