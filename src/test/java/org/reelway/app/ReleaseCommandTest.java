package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;
import org.reelway.state.RecordingState;
import org.reelway.state.RecordingStory;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.LogLines;

/** With a real sidecar and a real store. */
class ReleaseCommandTest {
  @TempDir Path folder;

  private SidecarFixture fixture;

  @BeforeEach
  void startStore() throws Exception {
    fixture = new SidecarFixture(folder);
    fixture.settings.put("reelway.store.max-object-size", "1GiB");
    fixture.store.createBucket(SidecarFixture.BUCKET);
  }

  @AfterEach
  void stopStore() {
    fixture.close();
  }

  /** A recording that the store does not take is its own fault; it needs no room on the disk. */
  private RecordingStory setAside(Sidecar sidecar, String name) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(fixture.recordings.resolve(name).toFile(), "rw")) {
      file.setLength((1L << 30) + 1);
    }
    Files.createFile(fixture.recordings.resolve(name + ".upload"));
    await().until(() -> story(sidecar, RecordingState.SET_ASIDE, name), Optional::isPresent);
    return story(sidecar, RecordingState.SET_ASIDE, name).orElseThrow();
  }

  private static Optional<RecordingStory> story(Sidecar sidecar, RecordingState state, String name) {
    return sidecar.history().list(Optional.of(state), 100).stream()
        .filter(story -> story.path().equals(name))
        .findFirst();
  }

  @Test
  void aRecordingWhoseFaultWasMendedIsSentAndItsOldStorySaysWhereItWentOn() throws Exception {
    try (Sidecar running = fixture.started()) {
      RecordingStory wrong = setAside(running, "mended.mp4");
      fixture.file("mended.mp4", "it was cut");

      assertThat(fixture.command("release", wrong.id())).as(fixture.said()).isZero();

      assertThat(fixture.said()).contains("released " + wrong.file());
      await().until(() -> story(running, RecordingState.DONE, "mended.mp4"), Optional::isPresent);
      RecordingStory sent = story(running, RecordingState.DONE, "mended.mp4").orElseThrow();
      assertThat(sent.foundBy()).isEqualTo("released");
      RecordingStory old = running.history().find(wrong.id()).orElseThrow();
      assertThat(old.state()).isEqualTo("discarded");
      assertThat(old.events()).extracting(RecordingStory.Event::what)
          .anyMatch(what -> what.contains("released") && what.contains(sent.id()));
    }
  }

  @Test
  void allAreReleasedButForThoseThatCannotBe() throws Exception {
    try (Sidecar running = fixture.started()) {
      setAside(running, "one.mp4");
      setAside(running, "two.mp4");
      setAside(running, "missing.mp4");
      HttpCalls management = new HttpCalls(running.management());
      assertThat(management.get("/observe/metrics").body()).contains("reelway_recordings_set_aside 3.0");
      assertThat(management.get("/observe/health?data=true").body())
          .contains("3 recordings are set aside; GET ", "\"recordings.set-aside\":3");
      Files.delete(fixture.recordings.resolve("missing.mp4"));
      fixture.file("one.mp4", "1");
      fixture.file("two.mp4", "2");

      assertThat(fixture.command("release", "--all")).as("nothing more can be done").isZero();

      assertThat(fixture.said()).contains("one.mp4", "two.mp4").containsPattern("not released: .*missing.mp4 is not there");
      for (String name : List.of("one.mp4", "two.mp4")) {
        await().until(() -> story(running, RecordingState.DONE, name), Optional::isPresent);
      }
      RecordingStory missing = story(running, RecordingState.SET_ASIDE, "missing.mp4").orElseThrow();
      assertThat(fixture.command("release", missing.id())).as("asked for by name").isEqualTo(2);
    }
  }

  @Test
  void whatIsNotSetAsideOrUnknownIsToldSo() throws Exception {
    try (Sidecar running = fixture.started()) {
      fixture.file("sent.mp4", "sent");
      Files.createFile(fixture.recordings.resolve("sent.mp4.upload"));
      await().until(() -> story(running, RecordingState.DONE, "sent.mp4"), Optional::isPresent);
      String id = story(running, RecordingState.DONE, "sent.mp4").orElseThrow().id();

      assertThat(fixture.command("release", id)).isEqualTo(2);
      assertThat(fixture.said()).contains("is done, not set aside");
      assertThat(fixture.command("release", "no/such id")).isEqualTo(2);
      assertThat(fixture.said()).contains("no recording has the id \"no/such id\"");
      assertThat(fixture.command("release")).isEqualTo(2);
      assertThat(fixture.command("release", "--all")).isZero();
      assertThat(fixture.said()).contains("nothing is set aside");
    }
    assertThat(fixture.command("release", "x")).isEqualTo(1);
    assertThat(fixture.said()).contains("no answer from http://127.0.0.1:", "does the sidecar run?");
  }

  @Test
  void healthAnswersWithOneLineInTheLogForEachCheckWhenTheDatabaseIsBroken() throws Exception {
    try (Sidecar running = fixture.started();
        LogLines log = new LogLines("org.reelway")) {
      HttpCalls management = new HttpCalls(running.management());
      assertThat(management.get("/observe/health").status()).isEqualTo(200);
      Path database = folder.resolve("state/reelway.db");
      Files.delete(folder.resolve("state/reelway.db-wal"));
      Files.write(database, new byte[(int) Files.size(database)]);

      for (int time = 0; time < 3; time++) {
        HttpCalls.Answer answer = management.get("/observe/health?data=true");
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).contains("what callbacks asks fails", "what backlog asks fails");
        assertThat(management.get("/observe/health/live").status()).isEqualTo(200);
        assertThat(management.get("/observe/metrics").body()).contains("reelway_recordings_set_aside NaN");
      }

      assertThat(log.all()).filteredOn(line -> line.startsWith("ERROR health: "))
          .doesNotHaveDuplicates().noneMatch(line -> line.contains("\n"));
    }
  }
}
