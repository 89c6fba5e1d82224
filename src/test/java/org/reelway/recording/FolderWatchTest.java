package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.recording.FolderFixture.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody looks here but the watch itself: what is found was told by an event, or by a look that the watch asked for. */
class FolderWatchTest {
  /** A look that a busy machine makes slow has the next one wait no longer. */
  private static final int ALL_THE_TIME = 1;
  private static final FolderWatch.Pace SELDOM =
      new FolderWatch.Pace(Duration.ofHours(1), Duration.ofSeconds(20), Duration.ofMillis(100), ALL_THE_TIME);
  private static final FolderWatch.Pace IMPATIENT =
      new FolderWatch.Pace(Duration.ofHours(1), Duration.ofMillis(200), Duration.ofMillis(100), ALL_THE_TIME);

  @TempDir Path temp;
  private final CountDownLatch held = new CountDownLatch(1);
  private final MarkerQueue queue = new MarkerQueue(Clock.systemUTC());
  private Path root;
  private FolderIntake intake;
  private FolderWatch watch;

  @BeforeEach
  void makeFolder() throws Exception {
    root = Files.createDirectories(temp.resolve("recordings")).toRealPath();
  }

  @AfterEach
  void stop() throws Exception {
    held.countDown();
    if (watch != null) {
      watch.close();
    }
    FolderFixture.unmount(root);
  }

  private void start(FolderEvents.Source source, FolderWatch.Pace pace) {
    intake = new FolderIntake(
        RecordingFolder.of(root, temp.resolve("state/markers")),
        new Markers(temp.resolve("state/set-aside"), Clock.systemUTC()),
        queue,
        Set.of("mp4"),
        Duration.ofDays(1),
        id -> false,
        (recording, by, stream) -> hold(recording),
        new SteadyClock());
    watch = FolderWatch.start(intake, source, pace);
  }

  /** Keeps the watch's thread from its events for as long as a test likes. */
  private void hold(MarkedRecording recording) {
    try {
      if (recording.name().equals("hold.mp4")) {
        held.await(1, TimeUnit.MINUTES);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startWithEvents() {
    start(FolderEvents::ofSystem, SELDOM);
    awaitMode(WatchMode.Kind.EVENTS);
    awaitQuiet();
  }

  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
  }

  private void awaitMode(WatchMode.Kind kind) {
    patiently().until(() -> watch.status().mode().kind() == kind);
  }

  /** All folders are watched, and nothing is left that asks for a look. */
  private void awaitQuiet() {
    long[] before = {-1};
    patiently().pollInterval(Duration.ofMillis(250)).until(() -> {
      FolderStatus now = watch.status();
      boolean quiet = now.looks() == before[0] && now.watched() == now.subfolders();
      before[0] = now.looks();
      return quiet;
    });
  }

  private Path mark(String name) throws IOException {
    Path media = file(root.resolve(name), "media");
    file(root.resolve(name + ".upload"), "");
    return media;
  }

  private void awaitFound(Path media) {
    patiently().until(() -> queue.contains(media));
  }

  @Test
  void aBurstThatTheSystemCannotKeepLosesNothing() throws Exception {
    startWithEvents();
    mark("hold.mp4");
    awaitFoundByName("hold.mp4");
    Path a = file(root.resolve(".a"), "");
    Path b = root.resolve(".b");
    for (int i = 0; i < 50_000; i++) {
      Files.move(a, b);
      Files.move(b, a);
    }
    Path last = null;
    for (int i = 0; i < 50; i++) {
      last = mark("late/burst-" + i + ".mp4");
    }
    held.countDown();

    awaitFound(last);
    assertThat(watch.status().overflows()).isPositive();
    assertThat(queue.size()).isEqualTo(51);
    assertThat(watch.status().mode().kind()).isEqualTo(WatchMode.Kind.EVENTS);
  }

  /** The queue is locked while the watch's thread is held in its observer. */
  private void awaitFoundByName(String name) {
    patiently().until(() -> Thread.getAllStackTraces().values().stream()
        .anyMatch(stack -> java.util.Arrays.stream(stack).anyMatch(frame -> frame.getMethodName().equals("hold"))));
    assertThat(root.resolve(name)).exists();
  }

  @Test
  void foldersThatAreFilledBeforeTheirWatchExistsAreLookedInto() throws Exception {
    startWithEvents();
    for (int i = 0; i < 20; i++) {
      awaitFound(mark("day-" + i + "/camera/" + i + ".mp4"));
    }
    awaitQuiet();
    assertThat(watch.status().watched()).isEqualTo(41);
  }

  @Test
  void aFolderThatIsMovedTellsFromItsNewPlace() throws Exception {
    mark("day/old.mp4");
    file(root.resolve("day/camera/x.txt"), "");
    startWithEvents();
    Files.move(root.resolve("day"), root.resolve("night"));
    awaitFound(root.resolve("night/old.mp4"));
    awaitQuiet();

    awaitFound(mark("night/camera/new.mp4"));
  }

  @Test
  void aFolderThatIsMovedOutTellsNoMoreAndTellsAgainWhenItIsBack() throws Exception {
    mark("day/a.mp4");
    startWithEvents();
    Path outside = temp.resolve("outside");
    Files.move(root.resolve("day"), outside);
    intake.rescan();
    awaitQuiet();
    assertThat(watch.status().watched()).isEqualTo(1);
    assertThat(queue.contains(root.resolve("day/a.mp4"))).isFalse();

    Files.move(outside, root.resolve("back"));
    awaitFound(root.resolve("back/a.mp4"));
    awaitQuiet();
    awaitFound(mark("back/b.mp4"));
  }

  @Test
  void aFolderThatIsMadeAnewIsWatchedThoughTheSystemMayGiveItTheSameNumber() throws Exception {
    Path day = Files.createDirectory(root.resolve("day"));
    startWithEvents();
    for (int i = 0; i < 5; i++) {
      Files.delete(day);
      Files.createDirectory(day);
      awaitQuiet();
      Path media = mark("day/" + i + ".mp4");
      awaitFound(media);
      Files.delete(media);
      Files.delete(MarkerName.of(media));
    }
  }

  @Test
  void filesAndFoldersThatAreMovedInFromElsewhereAreFound() throws Exception {
    Files.createDirectories(root.resolve("one"));
    Files.createDirectories(root.resolve("two"));
    startWithEvents();
    Path outside = Files.createDirectories(temp.resolve("outside/deep/er"));
    file(outside.resolve("a.mp4"), "media");
    file(outside.resolve("a.mp4.upload"), "");
    Files.move(temp.resolve("outside"), root.resolve("in"));
    awaitFound(root.resolve("in/deep/er/a.mp4"));
    awaitQuiet();

    Files.move(root.resolve("in/deep/er/a.mp4"), root.resolve("one/b.mp4"));
    Files.move(root.resolve("in/deep/er/a.mp4.upload"), root.resolve("one/b.mp4.upload"));
    awaitFound(root.resolve("one/b.mp4"));

    Files.move(root.resolve("one/b.mp4"), root.resolve("two/b.mp4"));
    Files.move(root.resolve("one/b.mp4.upload"), root.resolve("two/b.mp4.upload"));
    awaitFound(root.resolve("two/b.mp4"));
  }

  @Test
  void aFolderThatVanishesIsSaidToBeMissingAndIsWatchedAgainWhenItIsBack() throws Exception {
    startWithEvents();
    Files.delete(root);
    awaitMode(WatchMode.Kind.MISSING);

    Files.createDirectory(root);
    awaitMode(WatchMode.Kind.EVENTS);
    awaitQuiet();
    awaitFound(mark("a.mp4"));
  }

  @Test
  void aFolderThatIsMovedAwayAsAWholeIsMissingThoughNoEventTells() throws Exception {
    mark("a.mp4");
    startWithEvents();
    Path away = temp.resolve("away");
    Files.move(root, away);
    awaitMode(WatchMode.Kind.MISSING);
    assertThat(queue.size()).isZero();

    Files.move(away, root);
    awaitMode(WatchMode.Kind.EVENTS);
    awaitFound(root.resolve("a.mp4"));
    awaitQuiet();
    awaitFound(mark("b.mp4"));
  }

  @Test
  void aMountOverTheFolderIsWatchedInsteadOfWhatItHides() throws Exception {
    mark("hidden.mp4");
    startWithEvents();
    FolderFixture.mountTmpfs(root);
    patiently().until(() -> !queue.contains(root.resolve("hidden.mp4")));
    awaitQuiet();

    awaitFound(mark("a.mp4"));
    FolderFixture.unmount(root);
    awaitFound(root.resolve("hidden.mp4"));
    awaitQuiet();
    awaitFound(mark("b.mp4"));
    assertThat(queue.contains(root.resolve("a.mp4"))).isFalse();
  }

  @Test
  void theEmptyFolderThatAMountLeavesIsNotTheFolder() throws Exception {
    FolderFixture.mountTmpfs(root);
    startWithEvents();
    FolderFixture.unmount(root);
    awaitMode(WatchMode.Kind.MISSING);
    assertThat(root).isEmptyDirectory();

    FolderFixture.mountTmpfs(root);
    awaitMode(WatchMode.Kind.EVENTS);
    awaitQuiet();
    awaitFound(mark("a.mp4"));
  }

  @Test
  void aSystemThatTellsNothingIsNoticedAndTheFolderIsPolled() throws Exception {
    start(() -> new Silent(FolderEvents.ofSystem()), IMPATIENT);
    patiently().until(() -> watch.status().mode().reason().contains("was not told of within 200 ms"));
    assertThat(watch.status().mode().kind()).isEqualTo(WatchMode.Kind.POLLING);

    awaitFound(mark("new/a.mp4"));
    patiently().untilAsserted(() -> assertThat(root).isDirectoryNotContaining("glob:**.tmp"));
  }

  @Test
  void aSystemWithoutEventsIsPolled() throws Exception {
    start(() -> {
      throw new IOException("User limit of inotify instances reached or too many open files");
    }, SELDOM);
    patiently().until(() -> watch.status().mode().reason().contains("raise fs.inotify.max_user_instances"));

    awaitFound(mark("new/a.mp4"));
    assertThat(watch.status().watched()).isZero();
  }

  @Test
  void aFolderInWhichNothingCanBeTriedIsPolled() throws Exception {
    mark("a.mp4");
    FolderFixture.readOnlyMount(root, () -> {
      start(FolderEvents::ofSystem, SELDOM);
      patiently().until(() -> watch.status().mode().reason().startsWith("unknown whether events arrive"));
      assertThat(watch.status().mode().kind()).isEqualTo(WatchMode.Kind.POLLING);
      long looks = watch.status().looks();
      patiently().until(() -> watch.status().looks() > looks + 2);
      watch.close();
    });
  }

  @Test
  void aMarkerThatComesBehindTheSystemsBackShowsThatEventsAreNotEnough() throws Exception {
    Path lower = Files.createDirectories(temp.resolve("lower/studio")).getParent();
    Path disk = Files.createDirectory(temp.resolve("disk"));
    FolderFixture.mountTmpfs(disk);
    try {
      FolderFixture.mountOverlay(
          lower, Files.createDirectory(disk.resolve("upper")), Files.createDirectory(disk.resolve("work")), root);
      startWithEvents();
      file(lower.resolve("studio/a.mp4"), "media");
      file(lower.resolve("studio/a.mp4.upload"), "");

      patiently().pollInterval(Duration.ofMillis(300)).until(() -> {
        intake.rescan();
        return queue.contains(root.resolve("studio/a.mp4"));
      });
      patiently().until(() -> watch.status().mode().reason().contains("a.mp4.upload came without an event"));
      assertThat(watch.status().mode().kind()).isEqualTo(WatchMode.Kind.POLLING);
    } finally {
      watch.close();
      FolderFixture.unmount(root);
      FolderFixture.unmount(disk);
    }
  }

  @Test
  void whatTheSystemRefusesToWatchIsPolledAndSaid() throws Exception {
    assertThat(limited("max_inotify_watches", 3)).contains("POLLING", "2 of its 5 folders cannot be watched",
        "raise fs.inotify.max_user_watches", "found");
    assertThat(limited("max_inotify_instances", 0)).contains("POLLING", "raise fs.inotify.max_user_instances", "found");
  }

  /** A process of its own, in a user namespace whose limit it lowers itself: no other program feels it. */
  private String limited(String limit, int most) throws Exception {
    for (int i = 0; i < 4; i++) {
      Files.createDirectories(root.resolve("sub-" + i));
    }
    Path out = temp.resolve(limit + ".out");
    Process process =
        new ProcessBuilder(
                "unshare", "--user", "--map-root-user", "sh", "-c",
                "echo \"$1\" > /proc/sys/user/" + limit + " || exit 77; shift; exec \"$@\"", "sh", String.valueOf(most),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-cp",
                System.getProperty("java.class.path"), LimitedWatch.class.getName(), root.toString(),
                temp.resolve("state").toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(600, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(out);
    Assumptions.assumeTrue(
        process.exitValue() != 77 && !said.startsWith("unshare:"), "no user namespace can be made here: " + said);
    return said;
  }

  /** Watches keys as the system does, and never hands one out. */
  private record Silent(FolderEvents real) implements FolderEvents {
    @Override
    public WatchKey watch(Path folder) throws IOException {
      return real.watch(folder);
    }

    @Override
    public WatchKey next(Duration patience) throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(patience.toNanos());
      return null;
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
