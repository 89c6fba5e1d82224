package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.reelway.recording.FolderFixture.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.media.container.MediaSamples;
import org.reelway.testkit.LogLines;

class FolderIntakeTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  private static byte[] whole;

  @TempDir static Path media;
  @TempDir Path temp;
  private final SetClock clock = new SetClock(START);
  private final MarkerQueue queue = new MarkerQueue(clock);
  private final List<String> found = new ArrayList<>();
  private final List<String> held = new ArrayList<>();
  private final List<String> withdrawn = new ArrayList<>();
  private final Set<String> sent = new HashSet<>();
  private Path root;
  private RecordingFolder folder;
  private Markers markers;
  private FolderIntake intake;

  @BeforeAll
  static void record() throws Exception {
    whole = Files.readAllBytes(new MediaSamples(media).mp4());
  }

  @BeforeEach
  void makeFolder() throws Exception {
    root = Files.createDirectories(temp.resolve("recordings")).toRealPath();
    folder = RecordingFolder.of(root, temp.resolve("state/markers"));
    markers = new Markers(temp.resolve("state/set-aside"), clock);
    intake = intake(Duration.ofSeconds(10));
  }

  private FolderIntake intake(Duration settleTime) {
    IntakeObserver observer =
        new IntakeObserver() {
          @Override
          public void found(MarkedRecording recording, String foundBy, String stream) {
            found.add(foundBy + " " + recording.path() + (stream == null ? "" : " of " + stream));
          }

          @Override
          public void heldBack(Path file, String reason) {
            held.add(folder.relative(file));
          }

          @Override
          public void withdrawn(MarkedRecording recording) {
            withdrawn.add(recording.path());
          }
        };
    return new FolderIntake(folder, markers, queue, Set.of("mp4"), settleTime, sent::contains, observer, clock);
  }

  private void settle() {
    for (int look = 0; look < 4; look++) {
      intake.rescan();
      clock.forward(Duration.ofSeconds(5));
    }
  }

  private List<String> work() throws Exception {
    List<String> names = new ArrayList<>();
    for (var next = queue.take(Duration.ZERO); next.isPresent(); next = queue.take(Duration.ZERO)) {
      names.add(next.get().path());
    }
    return names;
  }

  private Path mark(String name, int second) throws Exception {
    Path file = file(root.resolve(name), "media");
    Path marker = file(root.resolve(name + ".upload"), "");
    Files.setLastModifiedTime(marker, FileTime.from(START.plusSeconds(second)));
    return file;
  }

  /** A server's hook and its recorder tell of one file at the same time, and the first one's transfer is over by the second one. */
  @Test
  void aFileWhoseEndComesWhileItIsToldIsNotMarkedAgain() throws Exception {
    Path file = file(root.resolve("a.mp4"), "media");
    MarkedRecording recording = intake.mark(file, null, "hook");
    AtomicReference<Thread> end = new AtomicReference<>();
    FolderIntake told = new FolderIntake(
        folder, markers, queue, Set.of("mp4"), Duration.ofSeconds(10), id -> {
          if (end.get() == null) {
            end.set(new Thread(() -> markers.remove(recording)));
            end.get().start();
            await().until(() -> end.get().getState() == Thread.State.BLOCKED || !end.get().isAlive());
          }
          return false;
        }, (ofFile, foundBy, stream) -> {}, clock);

    told.markUnlessSent(file, "cam", "event");
    end.get().join();

    assertThat(recording.marker()).doesNotExist();
  }

  @Test
  void markersOfAllSubFoldersAreTakenOldestFirst() throws Exception {
    mark("b.mp4", 30);
    mark("x/y/z/a.mp4", 10);
    mark("x/c.mov", 20);

    intake.rescan();
    intake.rescan();

    assertThat(found).containsExactlyInAnyOrder("marker b.mp4", "marker x/y/z/a.mp4", "marker x/c.mov");
    assertThat(work()).containsExactly("x/y/z/a.mp4", "x/c.mov", "b.mp4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space.mp4", " leading and trailing .mp4 ", "quote\"'`.mp4", "$(touch gone).mp4", "a;rm -rf &|.mp4",
        "..mp4", "...mp4", "....", "a..mp4", "-rf.mp4", "new\nline.mp4", "tab\t.mp4", "ümläut.mp4", "日本語🎬.mp4",
        "a\\b.mp4", "*?[x].mp4", "#!.mp4", "%2e%2e%2f.mp4", "a.uploaded.mp4", "UPPER.MP4", "no extension"
      })
  void aNameIsOnlyAName(String name) throws Exception {
    boolean hidden = name.startsWith(".");
    Path file = mark("sub/" + name, 1);

    intake.rescan();

    assertThat(work()).isEqualTo(hidden ? List.of() : List.of("sub/" + name));
    assertThat(file).hasContent("media");
    if (!hidden) {
      MarkedRecording marked = intake.mark(folder.locate(Path.of("sub/" + name)).orElseThrow(), null, "hook");
      assertThat(marked.file()).isEqualTo(file);
      markers.remove(marked);
      assertThat(root.resolve("sub").toFile().list()).containsExactly(name);
    }
  }

  @Test
  void noLinkIsFollowed() throws Exception {
    Path outside = Files.createDirectories(temp.resolve("outside"));
    Files.write(outside.resolve("secret.mp4"), whole);
    file(outside.resolve("secret.mp4.upload"), "");
    Files.createSymbolicLink(root.resolve("folder-link"), outside);
    Files.createSymbolicLink(root.resolve("file-link.mp4"), outside.resolve("secret.mp4"));
    Files.createSymbolicLink(Files.createDirectory(root.resolve("loop")).resolve("back"), root);
    Files.createSymbolicLink(root.resolve("dangling.mp4"), outside.resolve("nothing"));

    settle();

    assertThat(work()).isEmpty();
    assertThat(folder.locate(Path.of("folder-link/secret.mp4"))).isEmpty();
    assertThat(folder.locate(Path.of("../outside/secret.mp4"))).isEmpty();
    assertThat(folder.locate(Path.of("loop/back/a.mp4"))).contains(root.resolve("a.mp4"));
    assertThat(folder.locate(root)).isEmpty();
    assertThat(folder.locate(outside.resolve("secret.mp4"))).isEmpty();
  }

  @Test
  void aMarkedMarkerIsNeitherSentNorLost() throws Exception {
    mark("a.mp4", 1);
    file(root.resolve("a.mp4.upload.upload"), "");
    mark("b.mp4.tmp", 2);

    intake.rescan();

    assertThat(work()).containsExactly("a.mp4");
    assertThat(root.resolve("a.mp4.upload")).exists();
    assertThat(new FolderScan(folder, Set.of()).look().refused())
        .anySatisfy(text -> assertThat(text).contains("a.mp4.upload.upload", "marker of a recording"))
        .anySatisfy(text -> assertThat(text).contains("b.mp4.tmp.upload", "still writing"));
  }

  @Test
  void aRecordingWhoseMarkerIsTakenBackLeavesTheQueue() throws Exception {
    mark("a.mp4", 1);
    mark("b.mp4", 2);
    intake.rescan();
    Files.delete(root.resolve("a.mp4.upload"));

    intake.rescan();

    assertThat(work()).containsExactly("b.mp4");
  }

  @Test
  void aSettledWholeFileIsMarkedAndTaken() throws Exception {
    Path file = Files.write(root.resolve("a.mp4"), whole);

    intake.rescan();
    clock.forward(Duration.ofSeconds(9));
    intake.rescan();
    assertThat(work()).isEmpty();
    settle();

    assertThat(found).containsExactly("settled a.mp4");
    assertThat(work()).containsExactly("a.mp4");
    assertThat(MarkerName.of(file)).isEmptyFile();
  }

  @Test
  void aGrowingOrIncompleteFileHoldsUpNobody() throws Exception {
    Files.write(root.resolve("cut.mp4"), Arrays.copyOf(whole, whole.length / 2));
    Files.write(root.resolve("whole.mp4"), whole);
    Path growing = Files.write(root.resolve("growing.mp4"), whole);
    for (int look = 0; look < 6; look++) {
      intake.rescan();
      clock.forward(Duration.ofSeconds(5));
      Files.setLastModifiedTime(growing, FileTime.from(clock.instant()));
    }
    assertThat(work()).containsExactly("whole.mp4");
    assertThat(held).containsOnly("cut.mp4");
    assertThat(root.resolve("cut.mp4.upload")).doesNotExist();

    Files.write(root.resolve("cut.mp4"), whole);
    settle();

    assertThat(work()).containsExactlyInAnyOrder("cut.mp4", "growing.mp4");
  }

  @Test
  void sideFilesMixesAndOtherExtensionsAreNeverTakenBySettling() throws Exception {
    for (String name :
        List.of("a.mp4.tmp", ".a.mp4", "a.mp4.header", "a.info", "a.mdat", "a.track1", "room_mixed.mp4", "a.txt", "mp4")) {
      Files.write(root.resolve(name), whole);
    }
    settle();
    assertThat(work()).isEmpty();

    intake.mark(root.resolve("room_mixed.mp4"), "room", "hook");
    assertThat(found).containsExactly("hook room_mixed.mp4 of room");
    assertThat(work()).containsExactly("room_mixed.mp4");
  }

  @Test
  void whatWasSentIsNotTakenAgainUntilItIsAnotherFile() throws Exception {
    Path file = Files.write(root.resolve("a.mp4"), whole);
    sent.add(RecordingId.of(file, FileIdentity.of(file)));
    settle();
    assertThat(work()).isEmpty();

    Files.setLastModifiedTime(file, FileTime.from(START));
    // Nothing tells of a file that is rewritten under its name but a full look.
    clock.forward(Duration.ofHours(6));
    settle();

    assertThat(work()).containsExactly("a.mp4");
  }

  @Test
  void withoutASettleTimeOnlyMarkersCount() throws Exception {
    Files.write(root.resolve("a.mp4"), whole);
    mark("b.mp4", 1);
    intake = intake(Duration.ZERO);

    settle();

    assertThat(work()).containsExactly("b.mp4");
  }

  @Test
  void aStreamsNameThatNoStoreTakesLosesNoRecording() throws Exception {
    MarkedRecording marked = intake.mark(file(root.resolve("a.mp4"), "media"), "a\0b", "hook");

    assertThat(new Markers(temp.resolve("state/set-aside"), clock).read(marked).streamName()).contains("a_b");
  }

  @Test
  void aFolderThatCameLaterIsLookedInto() throws Exception {
    Path late = temp.resolve("late");
    folder = RecordingFolder.of(late, temp.resolve("state/markers"));
    intake = intake(Duration.ZERO);
    intake.rescan();
    assertThat(folder.isThere()).isFalse();
    file(late.resolve("a.mp4"), "media");
    file(late.resolve("a.mp4.upload"), "");

    intake.rescan();

    assertThat(work()).containsExactly("a.mp4");
  }

  @Test
  void eventsShortenTheWaitAlsoInFoldersMadeLater() throws Exception {
    Files.createDirectory(root.resolve("folder.upload"));
    try (FolderWatch watch = FolderWatch.start(intake)) {
      assertThat(watch).isNotNull();
      mark("a.mp4", 1);
      Awaitility.await().until(() -> queue.contains(root.resolve("a.mp4")));
      mark("new/sub/b.mp4", 2);
      Awaitility.await().until(() -> queue.contains(root.resolve("new/sub/b.mp4")));
      Files.createDirectory(root.resolve("other.upload"));
      mark("z.mp4", 3);
      Awaitility.await().until(() -> queue.contains(root.resolve("z.mp4")));
    }
    assertThat(work()).containsExactlyInAnyOrder("a.mp4", "new/sub/b.mp4", "z.mp4");
    assertThat(root.resolve("other.upload")).isDirectory();
  }

  @Test
  void aFolderThatComesLaterBehindALinkKnowsItsFiles() throws Exception {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    Path mount = Files.createSymbolicLink(temp.resolve("mount"), disk);
    RecordingFolder later = RecordingFolder.of(mount.resolve("live/studio"), temp.resolve("markers"));
    Path file = Files.createDirectories(mount.resolve("live/studio")).resolve("a.mp4");

    assertThat(later.locate(file)).contains(disk.toRealPath().resolve("live/studio/a.mp4"));
  }

  @Test
  void aFolderThatALinkLeadsToBeforeItIsThereIsFoundWhenItComes() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("disk/live"));
    Files.createSymbolicLink(temp.resolve("circle"), Path.of("circle"));
    RecordingFolder later = RecordingFolder.of(link.resolve("studio"), temp.resolve("markers"));
    assertThat(later.trouble()).contains("the folder is not there");

    Files.createDirectories(temp.resolve("disk/live/studio"));

    assertThat(later.trouble()).isEmpty();
    assertThat(later.root()).isEqualTo(temp.toRealPath().resolve("disk/live/studio"));
    assertThat(RecordingFolder.of(temp.resolve("circle"), temp.resolve("markers")).trouble()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cam.mp4.mdat", "cam.mdat", "cam.mp4.info", "cam.track1", "cam.mp4.track2"})
  void aFileThatIsStillPutTogetherHasNotSettledHoweverWholeItLooks(String scratch) throws Exception {
    Files.write(root.resolve("cam.mp4"), whole);
    Path beside = file(root.resolve(scratch), "scratch");
    settle();
    assertThat(work()).isEmpty();
    assertThat(held).isNotEmpty().allMatch("cam.mp4"::equals);
    assertThat(intake.heldBack().get(0).reason()).contains(scratch);

    Files.delete(beside);
    settle();
    settle();
    settle();
    assertThat(work()).containsExactly("cam.mp4");
  }

  // ---- markers that order nothing yet

  private static final String LATE = "late.mp4";

  private Path lateMarker() throws Exception {
    return file(root.resolve(LATE + ".upload"), "");
  }

  @Test
  void aMarkerWaitsForItsFileWhichIsTakenAtOnceWhenItComes() throws Exception {
    Path marker = lateMarker();
    intake.hint(marker);
    intake.rescan();
    clock.forward(Duration.ofSeconds(3));
    intake.rescan();
    assertThat(work()).isEmpty();

    Path late = file(root.resolve(LATE), "media");
    intake.hint(late);

    assertThat(work()).containsExactly(LATE);
    assertThat(found).containsExactly("marker " + LATE);
    assertThat(marker).exists();
  }

  @Test
  void aMarkerWhoseFileDoesNotComeIsHandedOutOnceAndWhenItComesAfterAll() throws Exception {
    Path marker = lateMarker();
    settle();
    assertThat(work()).as("to be set aside").containsExactly(LATE);
    sent.add(RecordingId.ofMissing(root.resolve(LATE)));
    queue.done(new MarkedRecording(folder, root.resolve(LATE), marker, START));
    settle();
    assertThat(work()).as("said once").isEmpty();
    intake = intake(Duration.ofSeconds(10));
    settle();
    assertThat(work()).as("also after a restart").isEmpty();

    file(root.resolve(LATE), "media");
    intake.rescan();

    assertThat(work()).containsExactly(LATE);
    assertThat(withdrawn).isEmpty();
  }

  @Test
  void aMarkerIsSaidToBeWithoutItsRecordingForAsLongAsItIs() throws Exception {
    Path marker = lateMarker();
    file(root.resolve("others.mp4.upload"), "half a file of another program");
    intake.rescan();
    assertThat(intake.markersWithoutRecording()).as("it may still come").isEmpty();
    sent.add(RecordingId.ofMissing(root.resolve(LATE)));
    settle();
    assertThat(intake.markersWithoutRecording()).containsExactly(marker);

    file(root.resolve(LATE), "media");
    intake.rescan();
    assertThat(intake.markersWithoutRecording()).as("its file came").isEmpty();

    Files.delete(root.resolve(LATE));
    work().forEach(name -> queue.done(new MarkedRecording(folder, root.resolve(LATE), marker, START)));
    settle();
    assertThat(intake.markersWithoutRecording()).as("it went again").containsExactly(marker);

    Files.delete(marker);
    intake.rescan();
    assertThat(intake.markersWithoutRecording()).as("nothing is ordered").isEmpty();
  }

  @Test
  void aMarkerThatIsTakenBackBeforeItsFileCameLeavesNothingToLookAt() throws Exception {
    Path marker = lateMarker();
    sent.add(RecordingId.ofMissing(root.resolve(LATE)));
    intake.rescan();
    Files.delete(marker);

    intake.rescan();
    intake.rescan();

    assertThat(withdrawn).containsExactly(LATE);
    assertThat(work()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(OtherFiles.class)
  void aFileOfAnotherProgramCalledLikeAMarkerOrdersNothingAndIsSaidOnce(OtherFiles kind) throws Exception {
    Path others = kind.make(root.resolve("incoming.mp4.upload"), temp);
    String before = OtherFiles.seen(others);
    try (LogLines log = new LogLines("org.reelway.recording")) {
      settle();
      settle();

      assertThat(work()).isEmpty();
      assertThat(OtherFiles.seen(others)).isEqualTo(before);
      // A folder is one like any other.
      assertThat(log.all())
          .hasSize(kind == OtherFiles.FOLDER ? 0 : 1)
          .allMatch(line -> line.startsWith("WARN " + others + " is passed over: it "));
    }
  }

  @ParameterizedTest
  @EnumSource(value = OtherFiles.class, names = {"FOLDER", "PIPE", "LINK", "LARGE"})
  void aRecordingBesideWhatCannotBeItsMarkerIsTakenWhenItHasSettled(OtherFiles kind) throws Exception {
    Path others = kind.make(root.resolve("incoming.mp4.upload"), temp);
    String before = OtherFiles.seen(others);
    Files.write(root.resolve("incoming.mp4"), whole);

    settle();

    assertThat(found).containsExactly("settled incoming.mp4");
    assertThat(OtherFiles.seen(others)).isEqualTo(before);
  }

  @Test
  void aTextThatIsNoMarkersCountsBesideARecordingOnlyWhenItIsNotBeingWritten() throws Exception {
    file(root.resolve("incoming.mp4"), "media");
    Path text = root.resolve("incoming.mp4.upload");
    try (LogLines log = new LogLines("org.reelway.recording")) {
      for (int chunk = 1; chunk < 12; chunk++) {
        Files.write(text, new byte[1000 * chunk]);
        Files.setLastModifiedTime(text, FileTime.from(START.plusSeconds(5L * chunk)));
        intake.rescan();
        clock.forward(Duration.ofSeconds(5));
      }
      assertThat(work()).isEmpty();
      assertThat(log.all()).as("once").hasSize(1).allMatch(line -> line.contains("or still being written"));
    }

    settle();

    assertThat(work()).containsExactly("incoming.mp4");
  }

  @ParameterizedTest(name = "sent before: {0}")
  @ValueSource(booleans = {false, true})
  void anEmptyFileThatAProgramHoldsOpenOrdersNothingAndKeepsWhatIsWrittenLater(boolean sentBefore) throws Exception {
    Path media = file(root.resolve("incoming.mp4"), "media");
    if (sentBefore) {
      sent.add(RecordingId.of(media, FileIdentity.of(media)));
    }
    Path marker = root.resolve("incoming.mp4.upload");
    try (var uploader = Files.newOutputStream(marker)) {
      intake.hint(marker);
      assertThat(intake.catchUp()).as("who makes a marker has it open for a moment").isTrue();
      settle();
      settle();
      assertThat(intake.catchUp()).as("it is longer than that").isFalse();
      assertThat(work()).isEmpty();
    }

    intake.rescan();

    assertThat(work()).as("it was a marker after all").containsExactly("incoming.mp4");
  }

  @Test
  void aMarkerWhoseMakerHadItOpenWhenItsEventCameIsTakenAMomentLater() throws Exception {
    file(root.resolve("a.mp4"), "media");
    Path marker = root.resolve("a.mp4.upload");
    try (var maker = Files.newOutputStream(marker)) {
      intake.hint(marker);
      assertThat(work()).isEmpty();
    }
    clock.forward(Duration.ofMillis(50));

    assertThat(intake.catchUp()).isFalse();

    assertThat(work()).containsExactly("a.mp4");
    assertThat(found).containsExactly("marker a.mp4");
  }

  @Test
  void aStormOfEventsAsksEachProcessAFewTimesOnlyAndLosesNothing() throws Exception {
    for (int i = 0; i < 1000; i++) {
      mark("storm-" + i + ".mp4", 0);
    }
    long begun = System.nanoTime();
    for (int i = 0; i < 1000; i++) {
      intake.hint(root.resolve("storm-" + i + ".mp4.upload"));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    clock.forward(Duration.ofHours(1));

    assertThat(intake.catchUp()).isFalse();

    assertThat(work()).hasSize(1000);
    assertThat(took).as("1000 looks at all processes take longer").isLessThan(Duration.ofSeconds(5));
  }
}
