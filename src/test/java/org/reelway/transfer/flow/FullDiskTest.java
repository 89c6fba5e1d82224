package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.reelway.recording.FolderFixture.fillUp;
import static org.reelway.recording.FolderFixture.remount;
import static org.reelway.recording.FolderFixture.smallDisk;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.OurFailure;
import org.reelway.recording.TidyUp;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.state.TestState;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** Disks without room, and disks that went read-only, under the recordings and under the state. */
class FullDiskTest {
  private static final long DISK = 16L * Recordings.MIB;
  private static final int SMALL = 100_000;
  private static final int LARGE = 6 * Recordings.MIB + 4711;

  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private LogLines log;

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void listen() {
    log = new LogLines("org.reelway");
  }

  @AfterEach
  void listenNoMore() {
    log.close();
  }

  private static RecordingWork marked(FlowFixture parts, String name, int size) {
    Path file = parts.recordings.random(name, size, size);
    Recordings.mark(file);
    return parts.inHand(parts.found(file));
  }

  private static void assertCarried(RecordingWork work, byte[] content) {
    assertThat(work.isConcluded()).isTrue();
    assertThat(work.recording().file()).doesNotExist();
    assertThat(Recordings.isMarked(work.recording().file())).isFalse();
    assertThat(server.bytes(work.recording().path())).isEqualTo(content);
    assertThat(server.uploads()).isEmpty();
  }

  private static TidyUp.Outcome carry(FlowFixture parts, RecordingWork work) {
    parts.flow.transfer(work, FlowFixture.target());
    return parts.flow.tidy(work, Tidy.DELETE, null);
  }

  @Test
  void aFileStaysWhileItsMarkerCannotSayThatItIsVerifiedForAnythingButRoomAndRights() throws Exception {
    smallDisk(temp.resolve("recordings"), DISK, () -> {
      try (FlowFixture parts = new FlowFixture(temp, server)) {
        RecordingWork work = marked(parts, "stays/small.mp4", SMALL);
        byte[] content = Recordings.bytes(work.recording().file());
        parts.flow.transfer(work, FlowFixture.target());
        fillUp(parts.recordings.folder());
        Path shadow = work.recording().folder().shadow();
        Files.createDirectories(shadow.getParent());
        Files.deleteIfExists(shadow);
        Files.createFile(shadow);

        assertThatThrownBy(() -> parts.flow.tidy(work, Tidy.DELETE, null)).hasMessageContaining("cannot be written");
        assertThat(work.recording().file()).exists();

        Files.delete(shadow);
        assertThat(parts.flow.tidy(work, Tidy.DELETE, null)).isEqualTo(TidyUp.Outcome.DELETED);
        assertCarried(work, content);
      }
    });
  }

  @Test
  void aFullDiskOfRecordingsIsEmptiedByMeansOfTheStateFolder() throws Exception {
    smallDisk(temp.resolve("recordings"), DISK, () -> {
      try (FlowFixture parts = new FlowFixture(temp, server)) {
        RecordingWork large = marked(parts, "full/large.mp4", LARGE);
        RecordingWork small = marked(parts, "full/small.mp4", SMALL);
        byte[] largeBytes = Recordings.bytes(large.recording().file());
        byte[] smallBytes = Recordings.bytes(small.recording().file());
        fillUp(parts.recordings.folder());

        assertThat(carry(parts, small)).isEqualTo(TidyUp.Outcome.DELETED);
        assertCarried(small, smallBytes);
        fillUp(parts.recordings.folder());
        parts.flow.transfer(large, FlowFixture.target());
        assertThat(parts.folder.shadowMarker(large.recording().file())).as("how far it is").exists();
        assertThat(parts.flow.tidy(large, Tidy.DELETE, null)).isEqualTo(TidyUp.Outcome.DELETED);

        assertCarried(large, largeBytes);
        assertThat(parts.folder.shadowMarker(large.recording().file())).doesNotExist();
        assertThat(log.of("ERROR")).isEmpty();
      }
    });
  }

  @Test
  void aDiskWithoutAnyRoomForMarkersIsEmptiedAllTheSame() throws Exception {
    smallDisk(temp, 2 * DISK, () -> {
      try (FlowFixture parts = new FlowFixture(temp, server)) {
        RecordingWork large = marked(parts, "none/large.mp4", LARGE);
        RecordingWork small = marked(parts, "none/small.mp4", SMALL);
        byte[] largeBytes = Recordings.bytes(large.recording().file());
        byte[] smallBytes = Recordings.bytes(small.recording().file());
        fillUp(parts.recordings.folder());

        assertThat(carry(parts, large)).isEqualTo(TidyUp.Outcome.DELETED);
        assertCarried(large, largeBytes);
        fillUp(parts.recordings.folder());
        assertThat(carry(parts, small)).isEqualTo(TidyUp.Outcome.DELETED);
        assertCarried(small, smallBytes);
      }
    });
  }

  @Test
  void theHistoryGoesOnWhenItsDiskHasRoomAgainAndTransfersDoNotWaitForIt() throws Exception {
    assumeFalse(TestState.isOnPostgres(temp), "the history is on the server's disk");
    smallDisk(temp.resolve("state"), 4L * Recordings.MIB, () -> {
      try (FlowFixture parts = new FlowFixture(temp, server)) {
        RecordingWork first = marked(parts, "state/a.mp4", SMALL);
        RecordingWork large = marked(parts, "state/large.mp4", LARGE);
        byte[] bytes = Recordings.bytes(first.recording().file());
        byte[] largeBytes = Recordings.bytes(large.recording().file());
        Path ballast = fillUp(temp.resolve("state"));
        // So much that no free page of the database takes it.
        parts.history.note("x", "y".repeat(4000));
        await().until(() -> {
          parts.history.note("x", "y".repeat(4000));
          return parts.writer.isFailing();
        });

        carry(parts, first);
        assertCarried(first, bytes);
        carry(parts, large);
        assertCarried(large, largeBytes);
        assertThat(log.of("ERROR")).filteredOn(line -> line.contains("give reelway.state.folder room")).hasSize(1);

        Files.delete(ballast);
        RecordingWork next = marked(parts, "state/b.mp4", SMALL + 1);
        carry(parts, next);
        parts.awaitState(next.id(), "done");
        await().atMost(Duration.ofMinutes(1)).until(() -> !parts.writer.isFailing());
      }
    });
  }

  @Test
  void aStateFolderThatGoesReadOnlyKeepsNothingFromBeingSent() throws Exception {
    smallDisk(temp.resolve("state"), 4L * Recordings.MIB, () -> {
      try (FlowFixture parts = new FlowFixture(temp, server)) {
        RecordingWork large = marked(parts, "ro-state/large.mp4", LARGE);
        byte[] bytes = Recordings.bytes(large.recording().file());
        // A file that is open for writing keeps a file system from going read-only; it is gone at once.
        await().until(() -> remounted(temp.resolve("state"), true));

        carry(parts, large);

        assertCarried(large, bytes);
        remount(temp.resolve("state"), false);
        RecordingWork next = marked(parts, "ro-state/b.mp4", SMALL);
        carry(parts, next);
        parts.awaitState(next.id(), "done");
      }
    });
  }

  private static boolean remounted(Path folder, boolean readOnly) {
    try {
      remount(folder, readOnly);
      return true;
    } catch (Exception busy) {
      return false;
    }
  }

  @Test
  void aReadOnlyDiskOfRecordingsIsSentAndStaysAsItIsUntilItCanBeTidied() throws Exception {
    smallDisk(temp.resolve("recordings"), DISK, () -> {
      try (FlowFixture parts = new FlowFixture(temp, server)) {
        RecordingWork large = marked(parts, "ro/large.mp4", LARGE);
        byte[] bytes = Recordings.bytes(large.recording().file());
        remount(temp.resolve("recordings"), true);

        parts.flow.transfer(large, FlowFixture.target());
        OurFailure failure =
            catchThrowableOfType(OurFailure.class, () -> parts.flow.tidy(large, Tidy.DELETE, null));
        assertThat(failure).hasMessageContaining("is in the store but could not be tidied (DELETE)")
            .hasMessageContaining("give Reelway's user the right to write its folder");
        parts.flow.ended(large, failure);
        assertThat(large.recording().file()).hasBinaryContent(bytes);

        remount(temp.resolve("recordings"), false);
        parts.clock.forward(FlowFixture.BACKOFF.most());
        RecordingWork again = parts.next();
        carry(parts, again);
        assertCarried(again, bytes);
      }
    });
  }
}
