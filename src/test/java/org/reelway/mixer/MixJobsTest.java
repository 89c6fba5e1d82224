package org.reelway.mixer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.MultiTrackMp4;

/** Jobs of the real mixer, in a folder that outlives whoever works on them. */
class MixJobsTest {
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LENGTH = Duration.ofSeconds(1);

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
    MixJobs jobs =
        new MixJobs(
            folder.resolve(".mixes"), () -> MixerFile.of("test", settings), () -> LiveEncoder.PROGRAMS, 1, listener,
            Clock.systemUTC());
    open.add(jobs);
    jobs.begin();
    return jobs;
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
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).untilAsserted(seen);
  }

  @Test
  void aRecordingIsMixedAlthoughItWasSentAndDeletedMeanwhile() throws Exception {
    MixJobs jobs = jobs();
    Path recording = recording("room.mp4");
    jobs.add(recording, "multi-recorder://room", BEGAN, LENGTH);
    Files.delete(recording);

    until(() -> assertThat(jobs.all()).isEmpty());
    assertThat(handedOver).containsExactly(folder.resolve("room_mixed.mp4"));
    assertThat(files()).containsExactly(".mixes", "room_mixed.mp4");
    assertThat(folder.resolve(".mixes")).isEmptyDirectory();
  }

  @Test
  void aMixThatWasInterruptedIsBegunAnewByTheNextStart() throws Exception {
    MixJobs first = jobs();
    String id = first.add(recording("long.mp4"), "", BEGAN, LENGTH);
    assertThat(first.add(folder.resolve("long.mp4"), "", BEGAN, LENGTH)).isEqualTo(id);
    until(() -> assertThat(first.all().get(0).progress().share()).isPositive());
    first.close();
    assertThat(handedOver).isEmpty();
    // Names that come before the other's and after it: none of them keeps it from being taken up.
    Path broken = Files.createDirectories(folder.resolve(".mixes/0000")).resolve("job.json");
    Files.writeString(broken, "{\"state\":");
    Files.copy(broken, Files.createDirectories(folder.resolve(".mixes/ffff")).resolve("job.json"));

    MixJobs second = jobs();
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
    first.add(recording("room.mp4"), "", BEGAN, LENGTH);
    until(() -> assertThat(times).hasValue(1));
    until(() -> assertThat(first.all().get(0).trouble()).contains("markers is full"));
    first.close();

    MixJobs second = jobs();
    until(() -> assertThat(second.all()).isEmpty());
    assertThat(handedOver).containsExactly(folder.resolve("room_mixed.mp4"));
    assertThat(files()).containsExactly(".mixes", "room.mp4", "room_mixed.mp4");
  }

  @Test
  void whatCannotBeMixedStaysInTheListWithTheReason() throws Exception {
    MixJobs jobs = jobs();
    String id = jobs.add(Files.writeString(folder.resolve("broken.mp4"), "no movie"), "", BEGAN, LENGTH);

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
    String id = jobs.add(recording("room.mp4"), "", BEGAN, LENGTH);

    until(() -> assertThat(state(jobs)).isEqualTo(MixJob.State.NO_ROOM));
    assertThat(jobs.all().get(0).trouble()).contains("minAvailableSpace");
    assertThat(jobs.cancel(id)).isTrue();
    assertThat(state(jobs)).isEqualTo(MixJob.State.CANCELLED);
    jobs.close();

    MixJobs second = jobs();
    assertThat(state(second)).isEqualTo(MixJob.State.CANCELLED);
    second.retry(id);
    until(() -> assertThat(handedOver).hasSize(1));
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
    return new MixJob("id", file, "", BEGAN, LENGTH, MixJob.State.MIXING, "", 1, progress, file, "");
  }

  @Test
  void aMixThatRunsIsCancelled() throws Exception {
    MixJobs jobs = jobs();
    String id = jobs.add(recording("long.mp4"), "", BEGAN, LENGTH);
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
    jobs.add(recording("room.mp4"), "", BEGAN, LENGTH);

    until(() -> assertThat(handedOver).containsExactly(folder.resolve("room-2_mixed.mp4")));
    assertThat(folder.resolve("room_mixed.mp4")).hasContent("somebody's");
    assertThatThrownBy(() -> jobs.add(folder.resolve("room-2_mixed.mp4"), "", BEGAN, LENGTH))
        .isInstanceOf(InputFailure.class).hasMessageContaining("is a mix already");
  }
}
