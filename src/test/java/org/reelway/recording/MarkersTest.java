package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reelway.recording.FolderFixture.file;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.recording.MarkerContent.Resume;
import org.reelway.recording.MarkerContent.Start;
import org.reelway.recording.MarkerContent.Unusable;
import org.reelway.recording.MarkerContent.UploadState;

class MarkersTest {
  private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC);

  @TempDir Path temp;
  private Path root;
  private RecordingFolder folder;
  private Markers markers;

  @BeforeEach
  void makeFolder() throws Exception {
    root = Files.createDirectories(temp.resolve("recordings")).toRealPath();
    folder = RecordingFolder.of(root, temp.resolve("state/markers"));
    markers = new Markers(temp.resolve("state/set-aside"), CLOCK);
  }

  private static MarkerContent resume(String key) {
    return new Resume(
        new UploadState("bucket", key, "id", 5 << 20, 16 << 20, new FileIdentity("1:2", 3, 4), "md5", true), null);
  }

  private Stream<Path> marked() {
    return new FolderScan(folder, Set.of()).look().marked().stream().map(MarkedRecording::file);
  }

  @ParameterizedTest
  @CsvSource({
    "a.mp4.upload, a.mp4",
    "a.uploaded.mp4.upload, a.uploaded.mp4",
    "a.upload.mp4.upload, a.upload.mp4",
    "a.mp4.UPLOAD, a.mp4",
    "a.mp4.UpLoad, a.mp4",
    "A B.mp4.upload, A B.mp4"
  })
  void theSuffixIsCutAtTheEndOnlyInAnyCase(String marker, String recording) {
    assertThat(MarkerName.is(marker)).isTrue();
    assertThat(MarkerName.recordingName(marker)).isEqualTo(recording);
  }

  @Test
  void markersOfOneRecordingThatDifferInCaseAreOneOrder() throws Exception {
    Path recording = file(root.resolve("a.mp4"), "content");
    Path lower = file(root.resolve("a.mp4.upload"), "");
    Path upper = file(root.resolve("a.mp4.UPLOAD"), "");
    MarkedRecording found = new FolderScan(folder, Set.of()).look().marked().get(0);

    assertThat(marked()).containsExactly(recording);
    markers.remove(found);

    assertThat(lower).doesNotExist();
    assertThat(upper).doesNotExist();
    assertThat(recording).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {".upload", "..upload", "...upload", "upload", "a.uploaded", "a.upload.mp4", "a_upload"})
  void whatNamesNoFileIsNoMarker(String name) {
    assertThat(MarkerName.is(name)).isFalse();
  }

  @Test
  void aMarkerThatWouldNameTheFolderAboveLeadsNowhere() throws Exception {
    file(root.resolve("...upload"), "");
    file(root.resolve("..upload"), "");
    Path outside = file(temp.resolve("recordings.upload"), "not ours");

    assertThat(marked()).isEmpty();
    assertThat(outside).hasContent("not ours");
  }

  @Test
  void markingTwiceIsMarkingOnceAndKeepsWhatWasSent() throws Exception {
    Path recording = file(root.resolve("a.mp4"), "media");
    MarkedRecording first = markers.mark(folder, recording, null);
    assertThat(first.marker()).isEqualTo(root.resolve("a.mp4.upload")).isEmptyFile();
    markers.write(first, resume("a.mp4"));

    MarkedRecording second = markers.mark(folder, recording, "stream");

    assertThat(second.marker()).isEqualTo(first.marker());
    assertThat(markers.read(second)).isEqualTo(resume("a.mp4"));
    assertThat(root.toFile().list()).containsExactlyInAnyOrder("a.mp4", "a.mp4.upload");
  }

  @Test
  void aStreamThatBecomesKnownLaterIsAddedToAnEmptyMarker() throws Exception {
    Path recording = file(root.resolve("a.mp4"), "media");
    file(root.resolve("a.mp4.upload"), "");

    MarkedRecording marked = markers.mark(folder, recording, "live/one");

    assertThat(markers.read(marked)).isEqualTo(new Start("live/one"));
    assertThat(markers.mark(folder, recording, null)).extracting(markers::read).isEqualTo(new Start("live/one"));
    assertThat(markers.mark(folder, recording, "  ")).extracting(markers::read).isEqualTo(new Start("live/one"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".a.mp4 | hidden file",
        "a.mp4.tmp | temporary file of a media server that is still writing",
        "a.mp4.upload | marker of a recording",
        "a.mp4.header | header part of a recording that Flashphoner is still writing",
        "a.mp4.part | unfinished copy or download",
        "a.info | scratch file of a multi-stream recorder",
        "a.mdat | scratch file of a multi-stream recorder",
        "a.track1 | scratch file of a multi-stream recorder"
      })
  void temporaryAndSideNamesAreRefused(String name, String reason) throws Exception {
    Path recording = file(root.resolve(name), "media");

    assertThatThrownBy(() -> markers.mark(folder, recording, null))
        .isInstanceOf(InputFailure.class)
        .hasMessage(recording + " is never taken as a recording: " + reason);
    assertThat(root.toFile().list()).containsExactly(name);
  }

  @Test
  void aMixIsTakenWhenItIsNamed() throws Exception {
    Path mix = file(root.resolve("room_mixed.mp4"), "media");
    assertThat(markers.mark(folder, mix, null).marker()).exists();
  }

  @Test
  void whatIsNoRegularFileIsRefused() throws Exception {
    Path target = file(temp.resolve("outside.mp4"), "media");
    Path link = Files.createSymbolicLink(root.resolve("link.mp4"), target);
    Path directory = Files.createDirectory(root.resolve("folder.mp4"));

    Map<Path, String> reasons =
        Map.of(
            link, "is a link, and links are not followed",
            directory, "is a folder",
            OtherFiles.pipe(root.resolve("pipe.mp4")), "is a pipe, a socket or a device",
            root.resolve("missing.mp4"), "is not there");
    reasons.forEach(
        (path, reason) -> {
          assertThatThrownBy(() -> markers.mark(folder, path, null))
              .isInstanceOf(InputFailure.class)
              .hasMessage(path + " " + reason + "; name the finished recording by its path");
          assertThat(MarkerName.of(path)).doesNotExist();
        });
  }

  @Test
  void aStreamNameThatNoMarkerHasRoomForIsRefused() throws Exception {
    Path recording = file(root.resolve("a.mp4"), "media");
    assertThatThrownBy(() -> markers.mark(folder, recording, "s".repeat(1001)))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("1001 characters, allowed are 1000");
  }

  @Test
  void aCrashWhileAMarkerIsWrittenLeavesTheOldOne() throws Exception {
    Path recording = file(root.resolve("a.mp4"), "media");
    MarkedRecording marked = markers.mark(folder, recording, null);
    markers.write(marked, resume("a.mp4"));
    // What a kill between writing and renaming leaves.
    file(root.resolve(".1f0c.reelway.tmp"), "{\"pauseType\":\"up");

    FolderScan.Found found = new FolderScan(folder, Set.of("mp4", "tmp")).look();

    assertThat(found.marked()).extracting(MarkedRecording::file).containsExactly(recording);
    assertThat(found.unmarked()).isEmpty();
    assertThat(markers.read(found.marked().get(0))).isEqualTo(resume("a.mp4"));
  }

  /** Uploaders name files in progress so; also the marker in its place is one of ours, elsewhere. */
  @ParameterizedTest
  @EnumSource(OtherFiles.class)
  void aFileOfAnotherProgramCalledLikeAMarkerIsNeverTouched(OtherFiles kind) throws Exception {
    Path recording = file(root.resolve("a.mp4"), "media");
    Path others = kind.make(root.resolve("a.mp4.upload"), temp);
    String before = OtherFiles.seen(others);

    MarkedRecording marked = markers.mark(folder, recording, "stream");
    assertThat(marked.marker()).startsWith(folder.shadow());
    assertThat(markers.read(marked)).isEqualTo(new Start("stream"));
    markers.write(marked, resume("a.mp4"));
    assertThat(markers.read(marked)).isEqualTo(resume("a.mp4"));
    markers.remove(marked);

    assertThat(OtherFiles.seen(others)).isEqualTo(before);
    assertThat(marked()).isEmpty();
  }

  @Test
  void aMarkerThatBecameAnotherFileWhileItsRecordingWasSentStays() throws Exception {
    Path recording = file(root.resolve("a.mp4"), "media");
    Path marker = file(MarkerName.of(recording), "");
    MarkedRecording marked = new FolderScan(folder, Set.of()).look().marked().get(0);
    Files.write(marker, new byte[] {0, 0, 0, 24, 'f', 't', 'y', 'p'});

    assertThat(markers.write(marked, resume("a.mp4"))).startsWith(folder.shadow());
    markers.remove(marked);

    assertThat(marker).hasSize(8);
    assertThat(marked()).as("it was done").isEmpty();
  }

  @Test
  void anEmptyMarkerThatAnUploaderOpensWhileItsRecordingIsSentIsNotTakenFromUnderHim() throws Exception {
    Path recording = file(root.resolve("a.mp4"), "media");
    Path marker = file(MarkerName.of(recording), "");
    MarkedRecording marked = new FolderScan(folder, Set.of()).look().marked().get(0);
    await().until(() -> {
      Files.newOutputStream(marker).close();
      return !Files.getLastModifiedTime(marker).toInstant().equals(marked.markedAt());
    });

    try (OutputStream uploader = Files.newOutputStream(marker)) {
      assertThat(markers.write(marked, resume("a.mp4"))).startsWith(folder.shadow());
      markers.remove(marked);
      uploader.write("the next show".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(marker).hasContent("the next show");
    markers.write(marked, resume("a.mp4"));
    assertThat(marker).hasContent("the next show");
  }

  @Test
  void aFolderCalledLikeAMarkerIsNoneAndStays() throws Exception {
    Path recording = file(root.resolve("a.mp4"), "media");
    Path directory = Files.createDirectory(root.resolve("a.mp4.upload"));
    assertThat(marked()).isEmpty();

    MarkedRecording marked = markers.mark(folder, recording, "stream");

    assertThat(marked.marker()).startsWith(folder.shadow());
    assertThat(markers.read(marked)).isEqualTo(new Start("stream"));
    assertThat(marked()).containsExactly(recording);
    markers.remove(marked);
    assertThat(directory).isDirectory();
    assertThat(marked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {240, 243, 244, 245, 248, 249, 254, 255})
  void aNameThatLeavesNoRoomForTheSuffixIsMarkedToo(int bytes) throws Exception {
    Path recording = file(root.resolve("sub/" + "é".repeat((bytes - 4) / 2) + "x".repeat(bytes % 2) + ".mp4"), "media");
    assertThat(recording.getFileName().toString().getBytes(StandardCharsets.UTF_8)).hasSize(bytes);

    MarkedRecording marked = markers.mark(folder, recording, "stream");

    assertThat(marked()).containsExactly(recording);
    assertThat(markers.read(marked)).isEqualTo(new Start("stream"));
    assertThat(markers.mark(folder, recording, null).marker()).isEqualTo(marked.marker());
    markers.write(marked, resume("k"));
    assertThat(markers.read(new FolderScan(folder, Set.of()).look().marked().get(0))).isEqualTo(resume("k"));
    assertThat(markers.keepCopy(marked)).get().satisfies(copy -> assertThat(copy).isNotEmptyFile());
    markers.remove(marked);
    assertThat(marked()).isEmpty();
    assertThat(recording).exists();
  }

  @Test
  void whereTheFolderCannotBeWrittenTheShadowFolderKeepsTheState() throws Exception {
    Path recording = file(root.resolve("sub/a.mp4"), "media");
    Path wowza = file(root.resolve("sub/a.mp4.upload"), "");
    FolderFixture.unwritable(
        root,
        () -> {
          MarkedRecording found = new FolderScan(folder, Set.of()).look().marked().get(0);
          assertThat(found.marker()).isEqualTo(wowza);

          assertThat(markers.write(found, resume("sub/a.mp4"))).startsWith(folder.shadow());

          assertThat(markers.read(found)).as("the retry of the same work").isEqualTo(resume("sub/a.mp4"));
          assertThat(new FolderScan(folder, Set.of()).look().marked())
              .as("the next start")
              .singleElement()
              .extracting(markers::read)
              .isEqualTo(resume("sub/a.mp4"));
          assertThat(markers.mark(folder, recording, "stream")).extracting(markers::read).isEqualTo(resume("sub/a.mp4"));
        });
  }

  @Test
  void aMarkerThatCannotBeRemovedIsNotTakenAgainUntilItIsWrittenAnew() throws Exception {
    Path recording = file(root.resolve("a.mp4"), "media");
    Path wowza = file(root.resolve("a.mp4.upload"), "");
    MarkedRecording found = new FolderScan(folder, Set.of()).look().marked().get(0);
    FolderFixture.unwritable(
        root,
        () -> {
          markers.remove(found);
          assertThat(wowza).exists();
          assertThat(marked()).isEmpty();

          MarkedRecording again = markers.mark(folder, recording, null);
          assertThat(marked()).as("a new order beside the old marker").containsExactly(recording);
          markers.remove(again);
          assertThat(marked()).isEmpty();
        });
    Files.delete(wowza);
    file(wowza, "");
    assertThat(marked()).containsExactly(recording);
    markers.remove(new FolderScan(folder, Set.of()).look().marked().get(0));
    assertThat(wowza).doesNotExist();
    assertThat(marked()).isEmpty();
  }

  @Test
  void aReadOnlyMountIsServedFromTheShadowFolder() throws Exception {
    Path recording = file(root.resolve("a.mp4"), "media");
    FolderFixture.readOnlyMount(
        root,
        () -> {
          MarkedRecording marked = markers.mark(folder, recording, "stream");
          assertThat(marked()).containsExactly(recording);
          markers.write(marked, resume("a.mp4"));
          markers.remove(marked);
          assertThat(marked()).isEmpty();
        });
    assertThat(root.toFile().list()).containsExactly("a.mp4");
  }

  @Test
  void copiesOfMarkersThatCannotBeUsedNeverReplaceEachOther() throws Exception {
    MarkedRecording one = markers.mark(folder, file(root.resolve("x/a.mp4"), "1"), "one");
    MarkedRecording two = markers.mark(folder, file(root.resolve("y/a.mp4"), "2"), "two");

    assertThat(markers.keepCopy(one)).get().satisfies(copy -> assertThat(copy).content().contains("one"));
    assertThat(markers.keepCopy(two)).get().satisfies(copy -> assertThat(copy).content().contains("two"));
    assertThat(temp.resolve("state/set-aside").toFile().list()).hasSize(2);
    Files.delete(one.marker());
    assertThat(markers.keepCopy(one)).isEmpty();
  }
}
