package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FolderContent;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerQueue;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.RecordingId;
import org.reelway.recording.SetClock;

class WatchedFoldersTest {
  @TempDir Path temp;
  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T10:00:00Z"));
  private final WatchedFolders folders = new WatchedFolders();
  private final List<String> found = new ArrayList<>();

  private FolderIntake intake(String name) throws Exception {
    return intake(name, new MarkerQueue(clock));
  }

  private FolderIntake intake(String name, MarkerQueue queue) throws Exception {
    Path root = Files.createDirectories(temp.resolve(name));
    return new FolderIntake(
        RecordingFolder.of(root, temp.resolve("state/markers")),
        new Markers(temp.resolve("state/set-aside"), clock),
        queue,
        Set.of("mp4"),
        Duration.ZERO,
        id -> false,
        (recording, by, stream) -> found.add(by + " " + recording.path() + " of " + stream),
        clock);
  }

  private Path file(String path, int bytes) throws Exception {
    Path file = temp.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, new byte[bytes]).toRealPath();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b/c", ".", "x/../a", "link"})
  void aFolderThatAnotherRouteWatchesOrThatLiesAboveOrBelowOneIsRefused(String other) throws Exception {
    folders.add(intake("a"));
    Files.createSymbolicLink(temp.resolve("link"), temp.resolve("a"));
    Files.createDirectories(temp.resolve("x"));
    FolderIntake overlapping = intake(other);

    assertThatThrownBy(() -> folders.add(overlapping))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("every recording would be sent twice; give each route a folder of its own");

    assertThat(folders.all()).hasSize(1);
  }

  @Test
  void foldersBesideEachOtherAreWatchedAndOneThatIsRemovedCanBeWatchedAgain() throws Exception {
    FolderIntake first = intake("a");
    folders.add(first);
    folders.add(intake("ab"));
    folders.remove(first);
    folders.add(intake("a/below"));

    assertThat(folders.all()).hasSize(2).doesNotContain(first);
  }

  @Test
  void aHookNamesAFileByItsWholePathOrBelowAnyFolder() throws Exception {
    folders.add(intake("a"));
    folders.add(intake("b"));
    Path first = file("a/x.mp4", 1);
    Path second = file("b/live/y.mp4", 1);
    Path both = file("b/z.mp4", 1);

    assertThat(folders.mark(first, "cam").file()).isEqualTo(first);
    assertThat(folders.mark(Path.of("live/y.mp4"), null).file()).isEqualTo(second);
    assertThat(folders.mark(Path.of("./live/../z.mp4"), null).file()).isEqualTo(both);

    assertThat(found).containsExactly("hook x.mp4 of cam", "hook live/y.mp4 of null", "hook z.mp4 of null");
    assertThat(temp.resolve("b/live/y.mp4.upload")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside.mp4", "missing.mp4", "/etc/hostname", "link/outside.mp4", "a/../../outside.mp4"})
  void aFileInNoneOfTheFoldersIsRefused(String path) throws Exception {
    folders.add(intake("a"));
    file("outside.mp4", 1);
    Files.createSymbolicLink(temp.resolve("a/link"), temp);

    assertThatThrownBy(() -> folders.mark(Path.of(path), null))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("is in none of the recording folders [" + temp.toRealPath().resolve("a") + "]");

    assertThat(temp.resolve("outside.mp4.upload")).doesNotExist();
  }

  @Test
  void aFileThatIsMissingFromItsFolderIsRefusedByItsOwnName() throws Exception {
    folders.add(intake("a"));
    Path missing = temp.toRealPath().resolve("a/missing.mp4");

    assertThatThrownBy(() -> folders.mark(missing, null))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining(missing + " is not there");
  }

  @Test
  void aLookGoesThroughAllFolders() throws Exception {
    folders.add(intake("a"));
    folders.add(intake("b"));
    for (String name : List.of("a/x.mp4", "b/y.mp4")) {
      file(name, 1);
      file(name + ".upload", 0);
    }

    folders.contents().forEach(FolderContent::rescan);

    assertThat(found).containsExactlyInAnyOrder("marker x.mp4 of null", "marker y.mp4 of null");
  }

  @Test
  void theBacklogCountsARoutesQueueOnceHoweverManyFoldersItHas() throws Exception {
    MarkerQueue shared = new MarkerQueue(clock);
    folders.add(intake("a", shared));
    folders.add(intake("b", shared));
    folders.add(intake("c"));
    Backlog backlog = new Backlog(folders, clock);
    assertThat(backlog.recordings()).isZero();
    assertThat(backlog.pendingBytes()).isZero();
    assertThat(backlog.oldestAge()).isZero();
    for (String name : List.of("a/1", "b/2", "c/3")) {
      folders.mark(file(name + ".mp4", 1000), null);
    }
    Files.delete(temp.resolve("c/3.mp4"));
    clock.forward(Duration.ofSeconds(6));

    assertThat(backlog.recordings()).isEqualTo(3);
    assertThat(backlog.pendingBytes()).as("a file that is gone has none").isEqualTo(2000);

    MarkedRecording inHand = shared.take(Duration.ZERO).orElseThrow();
    assertThat(backlog.recordings()).as("in hand, not yet done").isEqualTo(3);
    assertThat(backlog.pendingBytes()).as("measured a moment ago").isEqualTo(2000);
    clock.forward(Duration.ofSeconds(6));
    assertThat(backlog.pendingBytes()).isEqualTo(1000);
    shared.done(inHand);
    assertThat(backlog.recordings()).isEqualTo(2);
  }

  @Test
  void theOldestMarkerOfAllFoldersTellsTheAge() throws Exception {
    folders.add(intake("a"));
    folders.add(intake("b"));
    for (String name : List.of("a/1.mp4.upload", "b/2.mp4.upload")) {
      int minutes = name.startsWith("a") ? 5 : 60;
      file(name.replace(".upload", ""), 1);
      Files.setLastModifiedTime(
          file(name, 0), java.nio.file.attribute.FileTime.from(clock.instant().minusSeconds(60L * minutes)));
    }
    folders.contents().forEach(FolderContent::rescan);

    assertThat(new Backlog(folders, clock).oldestAge()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void whatWasSentAndIsStillThereIsNotMarkedAgainByAServersEvent() throws Exception {
    Path done = file("a/sent.mp4", 1);
    String id = RecordingId.of(done, FileIdentity.of(done));
    FolderIntake sent =
        new FolderIntake(
            RecordingFolder.of(Files.createDirectories(temp.resolve("a")), temp.resolve("state/markers")),
            new Markers(temp.resolve("state/set-aside"), clock), new MarkerQueue(clock), Set.of("mp4"), Duration.ZERO,
            id::equals, (recording, by, stream) -> found.add(by + " " + recording.path()), clock);
    folders.add(sent);
    folders.markUnlessSent(done, "cam", "event");
    folders.markUnlessSent(file("a/new.mp4", 1), "cam", "event");
    assertThat(found).containsExactly("event new.mp4");
    folders.requireInside(temp.resolve("a/not-there-yet.mp4"));
    assertThatThrownBy(() -> folders.requireInside(temp.resolve("outside.mp4")))
        .isInstanceOf(InputFailure.class).hasMessageContaining("is in none of the recording folders");
  }
}
