package org.reelway.conference.mixer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.Reelway;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.MultiTrackMp4;
import org.reelway.testkit.SmallDisk;

class MixStopTest {
  private static final String SMALL = "\"mixerVideoFps\": 25, \"mixerVideoWidth\": 640, \"mixerVideoHeight\": 360";

  @TempDir private static Path made;
  @TempDir private Path folder;

  @Test
  void nothingIsBegunWhereTooLittleIsFree() throws Exception {
    Path recording = recording(folder, 1);

    MixRun run = new MixRun(recording, settings("1G"), Optional.empty(), LiveEncoder.PROGRAMS, any -> (1L << 30) - 1);

    assertThatThrownBy(run::run)
        .isInstanceOfSatisfying(MixStopped.class, e -> assertThat(e.reason()).isEqualTo(MixStopped.Reason.NO_ROOM))
        .hasMessageContaining("1023 MiB are free").hasMessageContaining("minAvailableSpace keeps 1024 MiB");
    assertThat(files()).containsExactly("room.mp4");
  }

  @Test
  void onADiskThatFillsUpItStopsInTimeLeavesWhatIsPlayableAndMixesWhenThereIsRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 64, 1000)) {
      Path recording = new MultiTrackMp4()
          .take("Ann", "a", 0, 24).source("testsrc2=s=320x180:r=25:d=24,noise=alls=60:allf=t").and()
          .with("-crf", "42").write(disk.folder().resolve("room.mp4"));
      long free = disk.folder().toFile().getUsableSpace();
      Path filler = Files.write(disk.folder().resolve("filler"), new byte[(int) (free - (8 << 20) - (256 << 10))]);
      MixSettings settings = MixerFile.of("test", "{\"minAvailableSpace\": \"8M\", \"mixerVideoBitrateKbps\": 6000, " + SMALL + "}");

      Throwable stopped = catchThrowable(() -> run(recording, settings).run());

      assertThat(stopped).isInstanceOf(MixStopped.class).hasMessageContaining("minAvailableSpace keeps 8 MiB");
      assertThat(disk.folder().toFile().getUsableSpace()).as("it stopped in time").isGreaterThan(2 << 20);
      assertThat(Ffmpeg.pictures(0, disk.folder().resolve("room_mixed.mp4.partial"), 2, 2).size()).isBetween(20, 599);
      assertThat(disk.folder().resolve("room_mixed.mp4")).doesNotExist();
      Files.delete(filler);
      assertThat(Ffmpeg.pictures(0, run(recording, settings).run().file(), 2, 2)).hasSize(600);
      assertThat(disk.folder().resolve("room_mixed.mp4.partial")).doesNotExist();
    }
  }

  @Test
  void aMixThatIsCancelledLeavesWhatIsPlayable() throws Exception {
    MixRun run = run(longRecording(), settings("0"));
    CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(() -> catchThrowable(run::run));
    awaitPartial();

    assertThatThrownBy(() -> run(folder.resolve("room.mp4"), settings("0")).run())
        .isInstanceOf(InputFailure.class).hasMessageContaining("is being written by another mix");
    run.cancel();

    assertThat(ended.get()).isInstanceOfSatisfying(
        MixStopped.class, e -> assertThat(e.reason()).isEqualTo(MixStopped.Reason.CANCELLED));
    assertThat(run.progress().share()).isBetween(0.0, 0.99);
    assertThat(Ffmpeg.pictures(0, partial(), 2, 2)).hasSizeGreaterThan(20);
    assertThat(files()).containsExactlyInAnyOrder("room.mp4", "room_mixed.mp4.partial");
  }

  @Test
  void afterFfmpegWasKilledWhatIsThereIsPlayableAndItCanBeMixedAnew() throws Exception {
    Path recording = recording(folder, 30);
    MixRun run = run(recording, settings("0"));
    CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(() -> catchThrowable(run::run));
    awaitPartial();
    ffmpegs().forEach(ProcessHandle::destroyForcibly);

    assertThat(ended.get()).isInstanceOf(OurFailure.class).isNotInstanceOf(MixStopped.class);
    assertThat(Ffmpeg.pictures(0, partial(), 2, 2)).hasSizeGreaterThan(20);
    assertThat(Ffmpeg.pictures(0, run(recording, settings("0")).run().file(), 2, 2)).hasSize(30 * 25);
    assertThat(files()).containsExactlyInAnyOrder("room.mp4", "room_mixed.mp4");
  }

  @Test
  void afterTheProgramWasKilledItsFfmpegIsEndedByTheNextMix() throws Exception {
    Path recording = longRecording();
    Path config = Files.writeString(folder.resolve("mixer.json"), "{\"minAvailableSpace\": 0, " + SMALL + "}");
    Process program = new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(), "-cp", System.getProperty("java.class.path"),
            Reelway.class.getName(), "mix", recording.toString(), "--mixer", config.toString(),
            "--set", "reelway.state.folder=" + Path.of("target").toAbsolutePath())
        .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
    awaitPartial();
    List<ProcessHandle> children = program.descendants().toList();
    program.destroyForcibly().waitFor();

    assertThat(Ffmpeg.pictures(0, partial(), 2, 2)).hasSizeGreaterThan(20);
    MixRun next = run(recording, settings("0"));
    CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(() -> catchThrowable(next::run));
    await().atMost(Duration.ofSeconds(30)).until(() -> next.progress().doneMicros() > 0);

    next.cancel();
    assertThat(ended.get()).isInstanceOf(MixStopped.class);
    assertThat(children).isNotEmpty();
    await().atMost(Duration.ofSeconds(20)).until(() -> children.stream().noneMatch(MixStopTest::runs));
  }

  private void awaitPartial() {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20))
        .until(() -> Files.exists(partial()) && Files.size(partial()) > 10_000);
  }

  private Path partial() {
    return folder.resolve("room_mixed.mp4.partial");
  }

  /** One that has ended may wait long for the system to take note; then it has no command any more. */
  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  private static List<ProcessHandle> ffmpegs() {
    return ProcessHandle.current().children()
        .filter(each -> each.info().command().orElse("").endsWith("/ffmpeg")).toList();
  }

  private static Path recording(Path folder, int seconds) throws Exception {
    return new MultiTrackMp4()
        .take("Ann", "a", 0, seconds).source("testsrc=s=160x90:r=25:d=" + seconds).and()
        .write(folder.resolve("room.mp4"));
  }

  /** So long that no mix of it is over before it is stopped. */
  private Path longRecording() throws Exception {
    if (!Files.exists(made.resolve("room.mp4"))) {
      recording(made, 150);
    }
    return Files.copy(made.resolve("room.mp4"), folder.resolve("room.mp4"));
  }

  private static MixRun run(Path recording, MixSettings settings) {
    return new MixRun(recording, settings, Optional.empty(), LiveEncoder.PROGRAMS);
  }

  private static MixSettings settings(String space) {
    return MixerFile.of("test", "{\"minAvailableSpace\": \"" + space + "\", " + SMALL + "}");
  }

  private List<String> files() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }
}
