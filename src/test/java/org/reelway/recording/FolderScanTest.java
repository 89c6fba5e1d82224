package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.recording.FolderFixture.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a look asks again, and what it never misses. */
class FolderScanTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir Path temp;
  private final List<String> asked = new ArrayList<>();
  private final Set<Path> finished = new HashSet<>();
  private Path root;
  private RecordingFolder folder;
  private FolderScan scan;
  private Instant now = START;

  @BeforeEach
  void makeFolder() throws Exception {
    root = Files.createDirectories(temp.resolve("recordings")).toRealPath();
    folder = RecordingFolder.of(root, temp.resolve("markers"));
    scan = new FolderScan(folder, Set.of("mp4"), this::isFinished);
  }

  private boolean isFinished(Path file) {
    asked.add(folder.relative(file));
    return finished.contains(file);
  }

  private Path sent(String name) throws Exception {
    Path media = file(root.resolve(name), "media");
    finished.add(media);
    return media;
  }

  private FolderScan.Found look(Path... created) {
    asked.clear();
    return scan.look(Set.of(created), false, now);
  }

  /** So that the folders' times are old enough to be believed. */
  private void rest() {
    for (int looks = 0; looks < 3; looks++) {
      look();
      now = now.plus(Duration.ofSeconds(60));
    }
  }

  @Test
  void whatIsFinishedIsNotAskedForAgainAndWhatIsNewIs() throws Exception {
    sent("a.mp4");
    sent("day/b.mp4");
    look();
    assertThat(asked).containsExactlyInAnyOrder("a.mp4", "day/b.mp4");
    rest();
    assertThat(asked).isEmpty();

    file(root.resolve("day/c.mp4"), "media");
    assertThat(look().unmarked()).containsExactly(root.resolve("day/c.mp4"));
    assertThat(asked).as("but for c, when it is met and when it is taken").containsOnly("day/c.mp4");
    assertThat(look().unmarked()).as("still undecided").containsExactly(root.resolve("day/c.mp4"));
  }

  @Test
  void aFileThatBecameFinishedNeedsNoThoughtAnyMore() throws Exception {
    Path media = file(root.resolve("a.mp4"), "media");
    rest();
    finished.add(media);

    assertThat(look().unmarked()).isEmpty();
    assertThat(asked).containsExactly("a.mp4");
    look();
    assertThat(asked).isEmpty();
  }

  @Test
  void whatLiesInAHiddenFolderIsNoRecordingUntilItIsMarked() throws Exception {
    Path seen = file(root.resolve("show/a.mp4"), "media");
    Path worked = file(root.resolve("show/.work/deep/b.mp4"), "media");
    Path marked = file(root.resolve(".done/c.mp4"), "media");
    file(MarkerName.of(marked), "");

    FolderScan.Found found = look();

    assertThat(found.unmarked()).containsExactly(seen);
    assertThat(found.marked()).extracting(MarkedRecording::file).containsExactly(marked);
    assertThat(scan.isCandidate(seen)).isTrue();
    assertThat(scan.isCandidate(worked)).isFalse();
  }

  @Test
  void foldersThatReelwayWorksInAreNotLookedInto() throws Exception {
    Path piece = file(root.resolve(".reelway-multirecorder/room/ann.mp4"), "media");
    file(MarkerName.of(piece), "");

    assertThat(look().folders()).extracting(FolderScan.Subfolder::path).containsExactly(root);
    assertThat(look().unmarked()).isEmpty();
    assertThat(look().marked()).isEmpty();
  }

  @Test
  void aFolderThatIsGoneSinceTheLookIsNoneThatCannotBeWatched() throws Exception {
    Path gone = Files.createDirectory(root.resolve("gone"));
    List<FolderScan.Subfolder> seen = look().folders();
    Files.delete(gone);

    try (FolderEvents events = FolderEvents.ofSystem()) {
      Registrations registrations = new Registrations(events);
      registrations.follow(seen, 1);

      assertThat(registrations.failed()).isZero();
      assertThat(registrations.metGone()).isTrue();
      assertThat(registrations.watched()).isEqualTo(1);
    }
  }

  @Test
  void aNameThatIsAddedInTheInstantAfterALookIsFoundByTheNext() throws Exception {
    for (int i = 0; i < 300; i++) {
      Path fresh = Files.createDirectory(root.resolve("folder-" + i));
      look();
      Path media = file(fresh.resolve("a.mp4"), "media");
      now = now.plus(Duration.ofMillis(1));

      assertThat(look().unmarked()).as("within the step of the file system's clock").contains(media);
    }
  }

  @Test
  void aFolderWhoseTimeIsSetBackIsReadAgain() throws Exception {
    Path day = Files.createDirectory(root.resolve("day"));
    rest();
    FileTime before = Files.getLastModifiedTime(day);
    Path media = file(day.resolve("a.mp4"), "media");
    Files.setLastModifiedTime(day, before);

    assertThat(look().unmarked()).containsExactly(media);
  }

  @Test
  void aFileThatIsRewrittenUnderItsNameIsFoundByAFullLook() throws Exception {
    Path media = sent("a.mp4");
    rest();
    Files.writeString(media, "another recording");
    finished.remove(media);
    assertThat(look().unmarked()).as("nothing tells a quick look").isEmpty();

    assertThat(scan.look(Set.of(), true, now).unmarked()).containsExactly(media);
  }

  @Test
  void aFileThatIsMovedOverAFinishedOneIsFoundWhenAnEventTellsOfIt() throws Exception {
    Path media = sent("a.mp4");
    rest();
    Files.move(file(temp.resolve("b.mp4"), "another"), media, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    finished.remove(media);

    assertThat(look(media).unmarked()).containsExactly(media);
    assertThat(look().unmarked()).as("it stays known").containsExactly(media);
  }

  @Test
  void aFolderThatIsAnotherOneUnderItsNameIsReadAnew() throws Exception {
    Path media = sent("day/a.mp4");
    file(root.resolve("keep/x.txt"), "");
    rest();
    Files.move(root.resolve("day"), temp.resolve("gone"));
    finished.remove(media);
    file(media, "another");

    assertThat(look().unmarked()).containsExactly(media);
  }

  @Test
  void aFolderThatBecomesAFileAndAFileThatBecomesAFolderAreSeenAsWhatTheyAre() throws Exception {
    file(root.resolve("x.mp4/inside.mp4"), "media");
    file(root.resolve("y.mp4"), "media");
    look();
    Files.delete(root.resolve("x.mp4/inside.mp4"));
    Files.delete(root.resolve("x.mp4"));
    Files.delete(root.resolve("y.mp4"));
    file(root.resolve("x.mp4"), "media");
    file(root.resolve("y.mp4/inside.mp4"), "media");
    look();

    assertThat(look().unmarked())
        .containsExactlyInAnyOrder(root.resolve("x.mp4"), root.resolve("y.mp4/inside.mp4"));
  }

  @ParameterizedTest
  @CsvSource({"x.mp4.upload,x.mp4.UPLOAD", "x.mp4.UPLOAD,x.mp4.upload", "x.mp4.Upload,x.mp4.UPLOAD"})
  void aRecordingIsOrderedOnceHoweverItsMarkersAreSpelt(String first, String second) throws Exception {
    Path media = file(root.resolve("x.mp4"), "media");
    file(root.resolve(first), "");
    file(root.resolve(second), "");
    Markers markers = new Markers(temp.resolve("set-aside"), java.time.Clock.systemUTC());

    List<MarkedRecording> marked = look().marked();
    assertThat(marked).singleElement().extracting(MarkedRecording::file).isEqualTo(media);
    markers.remove(marked.get(0));

    assertThat(scan.look().marked()).isEmpty();
    assertThat(root.toFile().list()).containsExactly("x.mp4");
  }

  @Test
  void twoMarkersThatCannotBeRemovedAreBothDone() throws Exception {
    file(root.resolve("x.mp4"), "media");
    file(root.resolve("x.mp4.upload"), "");
    file(root.resolve("x.mp4.UPLOAD"), "");
    Markers markers = new Markers(temp.resolve("set-aside"), java.time.Clock.systemUTC());

    FolderFixture.unwritable(root, () -> {
      markers.remove(look().marked().get(0));
      assertThat(scan.look().marked()).isEmpty();
    });
  }

  @Test
  void leftoversOfOursAreRemovedWhenTheyAreOldAndNothingElseIs() throws Exception {
    String ours = ".0f8fad5b-d9cb-469f-a165-70867728950e.reelway.tmp";
    Path left = file(root.resolve("day/" + ours), "half a marker");
    Path tooLarge = file(root.resolve(ours), "x".repeat(MarkerFormat.LARGEST + 1));
    Path link = Files.createSymbolicLink(
        root.resolve(".1f8fad5b-d9cb-469f-a165-70867728950e.reelway.tmp"), file(temp.resolve("other"), ""));
    List<Path> others = List.of(
        file(root.resolve("0f8fad5b-d9cb-469f-a165-70867728950e.reelway.tmp"), ""),
        file(root.resolve(".0f8fad5b.reelway.tmp"), ""),
        file(root.resolve(".0F8FAD5B-D9CB-469F-A165-70867728950E.reelway.tmp"), ""),
        file(root.resolve(ours + ".mp4"), ""),
        tooLarge,
        link);
    Leftovers leftovers = new Leftovers();

    leftovers.tend(look().leftovers(), now);
    now = now.plus(Duration.ofMinutes(9));
    leftovers.tend(look().leftovers(), now);
    assertThat(left).exists();
    now = now.plus(Duration.ofMinutes(1));
    leftovers.tend(look().leftovers(), now);

    assertThat(left).doesNotExist();
    assertThat(others).allSatisfy(other -> assertThat(other).exists());
  }

  @Test
  void aFileThatReelwayWritesIsOneThatItWouldCleanUp() {
    assertThat(Leftovers.isOurs(Leftovers.newName())).isTrue();
    assertThat(new SideFiles().reason(Leftovers.newName())).contains("hidden file");
  }
}
