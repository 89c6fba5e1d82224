package org.reelway.conference.mixer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.MultiTrackMp4;
import org.reelway.testkit.SmallDisk;

/** Jobs of the real mixer, in a folder that outlives whoever works on them. */
class MixJobsTest {
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LENGTH = Duration.ofSeconds(1);

  /** For a long mix that is to come to its end. */
  private static final String QUICK =
      "{\"minAvailableSpace\":\"0\",\"mixerVideoFps\":10,\"mixerVideoWidth\":160,\"mixerVideoHeight\":90}";

  @TempDir private static Path made;
  @TempDir private Path folder;
  private final List<Path> handedOver = new CopyOnWriteArrayList<>();
  private final List<MixJobs> open = new ArrayList<>();

  @BeforeAll
  static void record() throws Exception {
    room(made.resolve("room.mp4"), 1);
    room(made.resolve("long.mp4"), 40);
  }

  private static void room(Path file, int seconds) throws Exception {
    new MultiTrackMp4()
        .take("Ann", "a", 0, seconds, 0).video("red", 160, 90, 25).audio(500, 48000, "mono").and()
        .write(file);
  }

  @AfterEach
  void close() {
    open.forEach(MixJobs::close);
  }

  private MixJobs jobs(String settings, MixJobs.Listener listener) {
    return jobs(() -> MixerFile.of("test", settings), listener);
  }

  private MixJobs jobs(Supplier<MixSettings> settings, MixJobs.Listener listener) {
    MixJobs jobs =
        new MixJobs(
            folder.resolve(".mixes"), settings, () -> LiveEncoder.PROGRAMS, 1, listener, Duration.ofMillis(50));
    open.add(jobs);
    jobs.begin();
    return jobs;
  }

  private static MixOrder order(Path recording) {
    return new MixOrder(recording, "multi-recorder://room", BEGAN, LENGTH);
  }

  private MixJobs jobs() {
    return jobs("{\"minAvailableSpace\":\"0\"}", (job, mixed) -> handedOver.add(mixed.file()));
  }

  private Path recording(String name) throws IOException {
    return Files.copy(made.resolve(name), folder.resolve(name));
  }

  private List<String> files() {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static MixJob.State state(MixJobs jobs) {
    return jobs.all().get(0).state();
  }

  private static void until(org.awaitility.core.ThrowingRunnable seen) {
    await().atMost(Duration.ofSeconds(180)).pollInterval(Duration.ofMillis(20)).untilAsserted(seen);
  }

  @Test
  void aRecordingIsMixedAlthoughItWasSentAndDeletedMeanwhile() throws Exception {
    MixJobs jobs = jobs();
    Path recording = recording("room.mp4");
    jobs.add(order(recording));
    Files.delete(recording);

    until(() -> assertThat(jobs.all()).isEmpty());
    assertThat(handedOver).containsExactly(folder.resolve("room_mixed.mp4"));
    assertThat(files()).containsExactly(".mixes", "room_mixed.mp4");
    assertThat(folder.resolve(".mixes").toFile().list()).as("that it was done").hasSize(1);
  }

  @Test
  void aMixThatWasInterruptedIsBegunAnewByTheNextStart() throws Exception {
    MixJobs first = jobs();
    String id = first.add(order(recording("long.mp4")));
    assertThat(first.add(order(folder.resolve("long.mp4")))).isEqualTo(id);
    until(() -> assertThat(MixesProgress.of(first.all()).share()).isPositive());
    first.close();
    assertThat(handedOver).isEmpty();
    // Names that come before the other's and after it: none of them keeps it from being taken up.
    Path broken = Files.createDirectories(folder.resolve(".mixes/0000")).resolve("job.json");
    Files.writeString(broken, "{\"state\":");
    Files.copy(broken, Files.createDirectories(folder.resolve(".mixes/ffff")).resolve("job.json"));
    Path making = Files.createDirectories(folder.resolve(".mixes/making-1"));
    Files.createSymbolicLink(making.resolve("gone"), making.resolve("meanwhile"));

    MixJobs second = jobs(QUICK, (job, mixed) -> handedOver.add(mixed.file()));
    assertThat(second.all()).hasSize(1);
    until(() -> assertThat(second.all()).isEmpty());
    assertThat(handedOver).containsExactly(folder.resolve("long_mixed.mp4"));
    assertThat(broken).as("for who can read it").exists();
  }

  @Test
  void aMixThatNobodyTookIsHandedOverAgainAndNotMadeTwice() throws Exception {
    AtomicInteger times = new AtomicInteger();
    MixJobs first =
        jobs(
            "{\"minAvailableSpace\":\"0\"}",
            (job, mixed) -> {
              times.incrementAndGet();
              throw new IllegalStateException("the disk of the markers is full");
            });
    first.add(order(recording("room.mp4")));
    until(() -> assertThat(times).as("it is not given up").hasValueGreaterThan(4));
    until(() -> assertThat(first.all().get(0).trouble()).contains("markers is full"));
    assertThat(first.all().get(0).isToBeMixed()).isTrue();
    first.close();

    MixJobs second = jobs();
    until(() -> assertThat(second.all()).isEmpty());
    assertThat(handedOver).containsExactly(folder.resolve("room_mixed.mp4"));
    assertThat(files()).containsExactly(".mixes", "room.mp4", "room_mixed.mp4");
  }

  @Test
  void wrongSettingsHoldAMixUpUntilTheyAreMended() throws Exception {
    Path settings = Files.writeString(folder.resolve("m.json"), "{\"minAvailableSpac\":\"0\"}");
    MixJobs jobs =
        jobs(() -> MixerFile.inUse(settings, folder), (job, mixed) -> handedOver.add(mixed.file()));
    try (LogLines log = new LogLines(MixJobs.class.getName())) {
      jobs.add(order(recording("room.mp4")));
      jobs.add(order(recording("long.mp4")));
      until(() -> assertThat(jobs.all()).hasSize(2).allMatch(job -> job.trouble().contains("the nearest is minAvailableSpace")));
      assertThat(jobs.all()).allMatch(MixJob::isToBeMixed);
      Files.writeString(settings, QUICK);

      until(() -> assertThat(handedOver).contains(folder.resolve("room_mixed.mp4")));
      assertThat(log.all().stream().filter(line -> line.contains("minAvailableSpac;"))).as("said once").hasSize(1);
    }
  }

  @Test
  void aMixThatWasSentAndDeletedBeforeItWasToldOfIsToldOfAllTheSame() throws Exception {
    List<Mixed> told = new CopyOnWriteArrayList<>();
    MixJobs jobs =
        jobs(
            "{\"minAvailableSpace\":\"0\"}",
            (job, mixed) -> {
              if (mixed.file().toFile().delete()) {
                throw new IllegalStateException("the state is full");
              }
              told.add(mixed);
            });
    jobs.add(order(recording("room.mp4")));

    until(() -> assertThat(told).hasSize(1));
    assertThat(FileIdentity.parse(told.get(0).identity())).as("it is known by what it was").isPresent();
  }

  @Test
  void whatAnotherProcessOrderedIsMixedOnceHoweverOftenItIsOrdered() throws Exception {
    Path mixes = folder.resolve(".mixes");
    Path recording = recording("room.mp4");
    String id = MixJobs.leave(mixes, order(recording));
    assertThat(MixJobs.leave(mixes, order(recording))).isEqualTo(id);
    Path torn = Files.createDirectories(mixes.resolve("left-torn")).resolve("job.json");
    Files.writeString(torn, "{");
    Files.delete(recording);

    MixJobs jobs = jobs();
    until(() -> assertThat(handedOver).containsExactly(folder.resolve("room_mixed.mp4")));
    until(() -> assertThat(jobs.all()).isEmpty());
    assertThat(jobs.unreadable()).as("it is seen").containsExactly(torn.getParent());
    MixJobs.leave(mixes, order(recording("long.mp4")));
    jobs.look();
    assertThat(jobs.all()).as("one that comes later").hasSize(1);
  }

  @Test
  void oneRecordingHasOneMixAndAMendedOneHasItsOwn() throws Exception {
    MixJobs jobs = jobs();
    Path recording = Files.writeString(folder.resolve("room.mp4"), "no movie");
    String broken = jobs.add(order(recording));
    until(() -> assertThat(state(jobs)).isEqualTo(MixJob.State.FAILED));
    assertThat(jobs.add(order(recording))).as("it is tried again").isEqualTo(broken);
    until(() -> assertThat(jobs.all().get(0).tries()).isEqualTo(2));
    until(() -> assertThat(state(jobs)).isEqualTo(MixJob.State.FAILED));

    Files.delete(recording);
    String mended = jobs.add(order(recording("room.mp4")));
    until(() -> assertThat(handedOver).containsExactly(folder.resolve("room_mixed.mp4")));
    until(() -> assertThat(jobs.all()).extracting(MixJob::id).containsExactly(broken));
    assertThat(jobs.add(order(recording))).isEqualTo(mended);
    jobs.close();
    MixJobs second = jobs();
    assertThat(second.add(order(recording))).as("after a restart").isEqualTo(mended);
    assertThat(second.all()).extracting(MixJob::id).containsExactly(broken);
    assertThat(handedOver).hasSize(1);
  }

  @Test
  void whatCannotBeMixedStaysInTheListWithTheReason() throws Exception {
    MixJobs jobs = jobs();
    String id = jobs.add(order(Files.writeString(folder.resolve("broken.mp4"), "no movie")));

    until(() -> assertThat(state(jobs)).isEqualTo(MixJob.State.FAILED));
    assertThat(jobs.all().get(0).trouble()).contains("is no sound MP4");
    assertThat(jobs.retry(id)).isTrue();
    until(() -> assertThat(jobs.all().get(0).tries()).isEqualTo(2));
    assertThat(jobs.retry("nobody")).isFalse();
    assertThat(jobs.cancel("nobody")).isFalse();
  }

  @Test
  void withoutRoomItWaitsAndByRequestItEnds() throws Exception {
    MixJobs jobs = jobs("{\"minAvailableSpace\":\"900T\"}", (job, mixed) -> handedOver.add(mixed.file()));
    String id = jobs.add(order(recording("room.mp4")));

    until(() -> assertThat(state(jobs)).isEqualTo(MixJob.State.NO_ROOM));
    assertThat(jobs.all().get(0).trouble()).contains("minAvailableSpace");
    assertThat(jobs.cancel(id)).isTrue();
    assertThat(state(jobs)).isEqualTo(MixJob.State.CANCELLED);
    jobs.close();

    MixJobs second = jobs();
    assertThat(state(second)).isEqualTo(MixJob.State.CANCELLED);
    assertThat(second.add(order(folder.resolve("room.mp4")))).as("ordered again").isEqualTo(id);
    until(() -> assertThat(handedOver).hasSize(1));
  }

  @Test
  void aMixThatHadRoomForItselfAndNotForItsEndIsNotBegunAgainBeforeThereIsEnough() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 64, 1000)) {
      Path recording =
          new MultiTrackMp4().take("Ann", "a", 0, 8).source("testsrc2=s=320x180:r=25:d=8,noise=alls=60:allf=t").and()
              .with("-crf", "42").write(disk.folder().resolve("noise.mp4"));
      long free = disk.folder().toFile().getUsableSpace();
      Path filler = Files.write(disk.folder().resolve("filler"), new byte[(int) (free - (17 << 20))]);
      MixSettings settings = MixerFile.of(
          "test", "{\"minAvailableSpace\":\"8M\",\"mixerVideoBitrateKbps\":6000,\"mixerVideoWidth\":640,\"mixerVideoHeight\":360}");
      MixJobs jobs =
          new MixJobs(
              disk.folder().resolve(".mixes"), () -> settings, () -> LiveEncoder.PROGRAMS, 1,
              (job, mixed) -> handedOver.add(mixed.file()), Duration.ofMillis(50));
      open.add(jobs);
      String id = jobs.add(order(recording));
      until(() -> assertThat(state(jobs)).isEqualTo(MixJob.State.NO_ROOM));
      Path partial = disk.folder().resolve(".mixes").resolve(id).resolve("noise_mixed.mp4.partial");
      Object written = Files.getLastModifiedTime(partial);
      assertThat(Files.size(partial)).isPositive();

      until(() -> assertThat(jobs.all().get(0).tries()).isGreaterThan(4));
      assertThat(Files.getLastModifiedTime(partial)).isEqualTo(written);
      assertThat(jobs.all().get(0).trouble()).contains("MiB are needed to finish it");
      Files.delete(filler);
      until(() -> assertThat(handedOver).hasSize(1));
    }
  }

  @Test
  void aJobThatIsDroppedHoldsNothingAndCanBeOrderedAnew() throws Exception {
    MixJobs jobs = jobs();
    Path recording = recording("room.mp4");
    String id = jobs.add(order(recording));
    until(() -> assertThat(handedOver).hasSize(1));
    until(() -> assertThat(jobs.all()).isEmpty());
    assertThat(jobs.drop(id)).isTrue();
    jobs.add(order(recording));
    until(() -> assertThat(handedOver).hasSize(2));
    String failing = jobs.add(order(Files.writeString(folder.resolve("broken.mp4"), "no movie")));
    String running = jobs.add(order(recording("long.mp4")));
    until(() -> assertThat(MixesProgress.of(jobs.all()).share()).isPositive());

    assertThat(List.of(jobs.drop(failing), jobs.drop(running), jobs.drop("nobody"))).containsExactly(true, true, false);
    until(() -> assertThat(folder.resolve(".mixes").toFile().list()).containsExactly("done-" + id));
    assertThat(jobs.all()).isEmpty();
  }

  @Test
  void theProgressOfThoseThatRunCountsByWhatTheyMake() {
    MixProgress half = new MixProgress(50, 100, Duration.ofSeconds(10));
    MixProgress begun = new MixProgress(0, 300, Duration.ZERO);

    assertThat(MixesProgress.of(List.of())).isEqualTo(new MixesProgress(0, Optional.empty()));
    assertThat(MixesProgress.of(List.of(job(half), job(null))))
        .isEqualTo(new MixesProgress(0.5, Optional.of(Duration.ofSeconds(10))));
    assertThat(MixesProgress.of(List.of(job(half), job(begun)))).isEqualTo(new MixesProgress(0.125, Optional.empty()));
  }

  private static MixJob job(MixProgress progress) {
    Path file = Path.of("a.mp4");
    return new MixJob("id", file, "", BEGAN, LENGTH, MixJob.State.MIXING, "", 1, progress, file, "", null);
  }

  @Test
  void aMixThatRunsIsCancelled() throws Exception {
    MixJobs jobs = jobs();
    String id = jobs.add(order(recording("long.mp4")));
    until(() -> assertThat(MixesProgress.of(jobs.all()).share()).isPositive());
    until(() -> assertThat(MixesProgress.of(jobs.all()).left()).isPresent());

    jobs.cancel(id);

    until(() -> assertThat(state(jobs)).isEqualTo(MixJob.State.CANCELLED));
    assertThat(handedOver).isEmpty();
  }

  @Test
  void nothingIsWrittenOverAndNoMixIsMixed() throws Exception {
    Files.writeString(folder.resolve("room_mixed.mp4"), "somebody's");
    MixJobs jobs = jobs();
    jobs.add(order(recording("room.mp4")));

    until(() -> assertThat(handedOver).containsExactly(folder.resolve("room-2_mixed.mp4")));
    assertThat(folder.resolve("room_mixed.mp4")).hasContent("somebody's");
    assertThatThrownBy(() -> jobs.add(order(folder.resolve("room-2_mixed.mp4"))))
        .isInstanceOf(InputFailure.class).hasMessageContaining("is a mix already");
  }
}
