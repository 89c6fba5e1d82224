package org.reelway.media.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.reelway.failure.OurFailure;
import org.reelway.media.ffmpeg.FfmpegPrograms;

class ChildProgramTest {
  private static final List<String> ENDLESS =
      List.of(
          "-hide_banner", "-nostats", "-progress", "pipe:1", "-re", "-f", "lavfi", "-i", "testsrc2", "-f", "null", "-");

  private final Path ffmpeg = FfmpegPrograms.bundled(Path.of("target", "ffmpeg")).ffmpeg();

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void ofOurEnvironmentProgramsHaveOnlyWhatTheyNeedForTheRestHoldsSecrets() throws Exception {
    List<String> run = new CopyOnWriteArrayList<>();
    new ChildProgram(Path.of("/usr/bin/env"), Duration.ofSeconds(10)).run(List.of(), run::add);
    assertThat(run).isNotEmpty();
    LongChild child = LongChild.start(Path.of("/usr/bin/env"), List.of(), Map.of("REELWAY_CHILD_OF", "x"));
    List<String> kept = new ArrayList<>();
    await().until(() -> {
      child.listen(kept::add);
      return kept.contains("REELWAY_CHILD_OF=x") && !child.isAlive();
    });
    for (List<String> environment : List.of(run, kept)) {
      assertThat(environment).extracting(line -> line.replaceAll("=.*", "")).contains("PATH")
          .allMatch(name -> name.matches("PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.*|TZ|TMPDIR|REELWAY_CHILD_OF"));
    }
  }

  @Test
  void aProgramThatDoesNotEndIsStoppedAtItsDeadlineAndItsLastWordsAreTold() {
    ChildProgram endless = new ChildProgram(ffmpeg, Duration.ofSeconds(3));
    assertThatThrownBy(() -> endless.run(ENDLESS, line -> {}))
        .isInstanceOf(OurFailure.class)
        .hasMessageContainingAll("ffmpeg had not ended after 3 s and was stopped", "testsrc2");
    assertThat(running()).isEmpty();
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aProgramThatDoesNotHearIsKilled() {
    ChildProgram deaf = new ChildProgram(ffmpeg, Duration.ofSeconds(3), Duration.ofMillis(200));
    assertThatThrownBy(() -> deaf.run(ENDLESS, once(this::freeze))).isInstanceOf(OurFailure.class);
    assertThat(running()).isEmpty();
  }

  @Test
  void anInterruptedRunLeavesNoProgramBehind() throws Exception {
    ChildProgram endless = new ChildProgram(ffmpeg, Duration.ofMinutes(5));
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                endless.run(ENDLESS, line -> {});
              } catch (InterruptedException | RuntimeException e) {
                thrown.set(e);
              }
            });
    caller.start();
    await().until(() -> running().findAny().isPresent());
    caller.interrupt();
    caller.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(running()).isEmpty();
  }

  @Test
  void theExitCodeTheLinesAndTheLastWordsAreHandedOver() throws Exception {
    StringBuilder lines = new StringBuilder();
    ChildProgram program = new ChildProgram(ffmpeg, Duration.ofMinutes(1));
    ChildProgram.Ended version = program.run(List.of("-version"), line -> lines.append(line).append('|'));
    assertThat(version.exitCode()).isZero();
    assertThat(lines).startsWith("ffmpeg version").contains("|libavcodec");

    ChildProgram.Ended wrong = program.run(List.of("-i", "no-such-file"), line -> {});
    assertThat(wrong.exitCode()).isNotZero();
    assertThat(wrong.lastWords()).endsWith("No such file or directory");
  }

  @Test
  void aProgramThatIsNotThereIsNamed() {
    ChildProgram missing = new ChildProgram(Path.of("/no/such/ffmpeg"), Duration.ofMinutes(1));
    assertThatThrownBy(() -> missing.run(List.of(), line -> {}))
        .isInstanceOf(OurFailure.class)
        .hasMessageStartingWith("/no/such/ffmpeg cannot be started: ");
  }

  private Stream<ProcessHandle> running() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.isAlive() && child.info().command().filter(ffmpeg.toString()::equals).isPresent());
  }

  private static Consumer<String> once(Runnable action) {
    AtomicReference<Runnable> pending = new AtomicReference<>(action);
    return line -> {
      Runnable first = pending.getAndSet(null);
      if (first != null) {
        first.run();
      }
    };
  }

  /** A stopped process takes no signal but KILL. */
  private void freeze() {
    running().forEach(child -> signal("-STOP", child.pid()));
  }

  private static void signal(String signal, long pid) {
    try {
      assertThat(new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
