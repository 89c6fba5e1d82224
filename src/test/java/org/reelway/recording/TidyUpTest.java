package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reelway.recording.FolderFixture.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reelway.failure.OurFailure;
import org.reelway.recording.TidyUp.Outcome;
import org.reelway.settings.RecordingSettings.Tidy;

class TidyUpTest {
  private static final Path OTHER_FILE_SYSTEM = Path.of("/dev/shm");

  @TempDir Path temp;
  private final TidyUp tidyUp = new TidyUp();
  private final List<Path> made = new ArrayList<>();
  private RecordingFolder folder;
  private Path sent;

  @BeforeEach
  void makeFolders() throws Exception {
    folder = folder("recordings");
    sent = temp.resolve("sent");
  }

  @AfterEach
  void removeFromOtherFileSystem() throws Exception {
    for (Path root : made) {
      try (var all = Files.walk(root)) {
        for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private RecordingFolder folder(String name) throws Exception {
    return RecordingFolder.of(Files.createDirectories(temp.resolve(name)), temp.resolve("markers"));
  }

  private MarkedRecording recording(String path, String content) throws Exception {
    return recording(folder, path, content);
  }

  private static MarkedRecording recording(RecordingFolder in, String path, String content) throws Exception {
    Path file = file(in.root().resolve(path), content);
    return new MarkedRecording(in, file, file(MarkerName.of(file), ""), Instant.EPOCH);
  }

  private Outcome tidy(MarkedRecording recording, Tidy tidy) throws Exception {
    return tidyUp.tidy(recording, FileIdentity.of(recording.file()), tidy, sent);
  }

  private Path onOtherFileSystem() throws Exception {
    boolean other =
        Files.isWritable(OTHER_FILE_SYSTEM)
            && !Files.getFileStore(OTHER_FILE_SYSTEM).equals(Files.getFileStore(temp));
    Assumptions.assumeTrue(other, OTHER_FILE_SYSTEM + " is no other file system here");
    Path root = Files.createTempDirectory(OTHER_FILE_SYSTEM, "reelway-test");
    made.add(root);
    return root;
  }

  private static List<String> names(Path folder) {
    return List.of(folder.toFile().list());
  }

  @Test
  void theVeryFileThatWasVerifiedIsDeletedAndNothingElse() throws Exception {
    MarkedRecording recording = recording("a.mp4", "verified");
    MarkedRecording other = recording("b.mp4", "verified");

    assertThat(tidy(recording, Tidy.DELETE)).isEqualTo(Outcome.DELETED);

    assertThat(recording.file()).doesNotExist();
    assertThat(recording.marker()).as("goes last, by another hand").exists();
    assertThat(other.file()).exists();
  }

  @Test
  void aFileThatIsKeptStays() throws Exception {
    MarkedRecording recording = recording("a.mp4", "verified");
    assertThat(tidy(recording, Tidy.KEEP)).isEqualTo(Outcome.KEPT);
    assertThat(recording.file()).hasContent("verified");
  }

  @ParameterizedTest
  @EnumSource(Tidy.class)
  void aFileOfTheSameNameAndSizeAndTimeThatIsAnotherStays(Tidy tidy) throws Exception {
    MarkedRecording recording = recording("a.mp4", "verified");
    FileIdentity verified = FileIdentity.of(recording.file());
    FileTime time = Files.getLastModifiedTime(recording.file());
    Path next = file(temp.resolve("next"), "replaced");
    Files.move(next, recording.file(), StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(recording.file(), time);

    assertThat(tidyUp.tidy(recording, verified, tidy, sent)).isEqualTo(Outcome.REPLACED);

    assertThat(recording.file()).hasContent("replaced");
    assertThat(sent).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(Tidy.class)
  void aFileThatWasWrittenToStays(Tidy tidy) throws Exception {
    MarkedRecording recording = recording("a.mp4", "verified");
    FileIdentity verified = FileIdentity.of(recording.file());
    Files.writeString(recording.file(), "+", StandardOpenOption.APPEND);

    assertThat(tidyUp.tidy(recording, verified, tidy, sent)).isEqualTo(Outcome.REPLACED);

    assertThat(recording.file()).hasContent("verified+");
  }

  @Test
  void aFileWhoseTimeAloneChangedStays() throws Exception {
    MarkedRecording recording = recording("a.mp4", "verified");
    FileIdentity verified = FileIdentity.of(recording.file());
    Files.setLastModifiedTime(recording.file(), FileTime.from(Instant.EPOCH));

    assertThat(tidyUp.tidy(recording, verified, Tidy.DELETE, null)).isEqualTo(Outcome.REPLACED);

    assertThat(recording.file()).exists();
  }

  @ParameterizedTest
  @EnumSource(Tidy.class)
  void aFileThatIsGoneIsNoFailure(Tidy tidy) throws Exception {
    MarkedRecording recording = recording("a.mp4", "verified");
    FileIdentity verified = FileIdentity.of(recording.file());
    Files.delete(recording.file());

    assertThat(tidyUp.tidy(recording, verified, tidy, sent)).isEqualTo(Outcome.GONE);
  }

  @Test
  void aLinkThatTookTheNameIsNotFollowed() throws Exception {
    MarkedRecording recording = recording("a.mp4", "verified");
    FileIdentity verified = FileIdentity.of(recording.file());
    Path elsewhere = Files.move(recording.file(), temp.resolve("elsewhere"));
    Files.createSymbolicLink(recording.file(), elsewhere);

    assertThat(tidyUp.tidy(recording, verified, Tidy.DELETE, null)).isEqualTo(Outcome.GONE);

    assertThat(elsewhere).hasContent("verified");
    assertThat(recording.file()).isSymbolicLink();
  }

  @Test
  void aMovedFileKeepsItsPathAndTakesNoOthersName() throws Exception {
    Path taken = file(sent.resolve("live/x/a.b.mp4"), "somebody's");

    assertThat(tidy(recording("live/x/a.b.mp4", "first"), Tidy.MOVE)).isEqualTo(Outcome.MOVED);
    assertThat(tidy(recording("live/x/a.b.mp4", "second"), Tidy.MOVE)).isEqualTo(Outcome.MOVED);
    assertThat(tidy(recording("live/x/.plain", "third"), Tidy.MOVE)).isEqualTo(Outcome.MOVED);
    assertThat(tidy(recording("live/x/bare", "fourth"), Tidy.MOVE)).isEqualTo(Outcome.MOVED);
    assertThat(tidy(recording("live/x/bare", "fifth"), Tidy.MOVE)).isEqualTo(Outcome.MOVED);

    assertThat(taken).hasContent("somebody's");
    assertThat(sent.resolve("live/x/a.b_1.mp4")).hasContent("first");
    assertThat(sent.resolve("live/x/a.b_2.mp4")).hasContent("second");
    assertThat(sent.resolve("live/x/.plain")).hasContent("third");
    assertThat(sent.resolve("live/x/bare")).hasContent("fourth");
    assertThat(sent.resolve("live/x/bare_1")).hasContent("fifth");
    assertThat(folder.root().resolve("live/x/a.b.mp4")).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeMadeLeavesTheFileWhereItIsAndSaysWhatToDo() throws Exception {
    MarkedRecording recording = recording("x/a.mp4", "verified");
    file(sent, "a file where the folder should be");

    assertThatThrownBy(() -> tidy(recording, Tidy.MOVE))
        .isInstanceOf(OurFailure.class)
        .hasMessageContainingAll("x/a.mp4 is in the store but could not be tidied (MOVE)", "and " + sent);

    assertThat(recording.file()).hasContent("verified");
  }

  @Test
  void aFileThatCannotBeDeletedStaysAndTheMessageNamesNoOtherFolder() throws Exception {
    MarkedRecording recording = recording("x/a.mp4", "verified");

    FolderFixture.readOnlyMount(folder.root(), () ->
        assertThatThrownBy(() -> tidyUp.tidy(recording, FileIdentity.of(recording.file()), Tidy.DELETE, null))
            .isInstanceOf(OurFailure.class)
            .hasMessageEndingWith("give Reelway's user the right to write its folder"));

    assertThat(recording.file()).hasContent("verified");
  }

  @Test
  void aFolderOnAnotherFileSystemGetsAWholeCopyBeforeTheFileGoes() throws Exception {
    sent = onOtherFileSystem();
    file(sent.resolve("x/a.mp4"), "somebody's");
    MarkedRecording recording = recording("x/a.mp4", "verified");
    FileTime time = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));
    Files.setLastModifiedTime(recording.file(), time);

    assertThat(tidy(recording, Tidy.MOVE)).isEqualTo(Outcome.MOVED);

    assertThat(recording.file()).doesNotExist();
    assertThat(sent.resolve("x/a.mp4")).hasContent("somebody's");
    assertThat(sent.resolve("x/a_1.mp4")).hasContent("verified");
    assertThat(Files.getLastModifiedTime(sent.resolve("x/a_1.mp4"))).isEqualTo(time);
    assertThat(names(sent.resolve("x"))).as("no temporary file").containsExactlyInAnyOrder("a.mp4", "a_1.mp4");
  }

  @Test
  void aFileThatChangesWhileItIsCopiedStaysAndItsCopyDoesNot() throws Exception {
    MarkedRecording recording = recording("a.mp4", "written since");
    FileIdentity verified = new FileIdentity("1:2", 3, 4);
    Path wanted = Files.createDirectories(sent).resolve("a.mp4");

    assertThat(tidyUp.copyThenDelete(recording.file(), verified, wanted, file -> {})).isFalse();

    assertThat(recording.file()).hasContent("written since");
    assertThat(sent).isEmptyDirectory();
  }

  @Test
  void filesThatAreMovedAtTheSameTimeToOneNameAllArrive() throws Exception {
    assertAllArrive(
        recording -> tidyUp.tidy(recording, FileIdentity.of(recording.file()), Tidy.MOVE, sent),
        number -> "same.mp4");
  }

  /** The names' usual hash codes are equal: once, their copies had one temporary name. */
  @Test
  void filesThatAreCopiedAtTheSameTimeAllArrive() throws Exception {
    Files.createDirectories(sent);
    assertAllArrive(
        recording ->
            tidyUp.copyThenDelete(
                recording.file(), FileIdentity.of(recording.file()), sent.resolve(recording.path()), file -> {}),
        number -> number % 2 == 0 ? "Aa.mp4" : "BB.mp4");
  }

  @FunctionalInterface
  private interface Move {
    Object move(MarkedRecording recording) throws Exception;
  }

  private void assertAllArrive(Move move, java.util.function.IntFunction<String> name) throws Exception {
    int count = 200;
    List<MarkedRecording> recordings = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      recordings.add(recording(folder("folder-" + number), name.apply(number), "content " + number));
    }
    ExecutorService workers = Executors.newFixedThreadPool(8);
    List<Future<Object>> moves = new ArrayList<>();
    for (MarkedRecording recording : recordings) {
      moves.add(workers.submit(() -> move.move(recording)));
    }
    for (Future<Object> moved : moves) {
      assertThat(moved.get()).isIn(Outcome.MOVED, true);
    }
    workers.shutdown();

    List<String> contents = new ArrayList<>();
    for (String arrived : names(sent)) {
      contents.add(Files.readString(sent.resolve(arrived)));
    }
    assertThat(contents).hasSize(count).doesNotHaveDuplicates();
  }
}
