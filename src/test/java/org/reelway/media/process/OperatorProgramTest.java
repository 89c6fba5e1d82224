package org.reelway.media.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.OurFailure;

class OperatorProgramTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofMillis(300);

  @TempDir Path folder;
  private final MarkedProcesses run = new MarkedProcesses("test-" + UUID.randomUUID());

  private Path script(String... lines) throws IOException {
    Path script = folder.resolve("script.sh");
    Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private OperatorProgram.Ended run(Duration timeLimit, List<String> arguments, String... lines) throws Exception {
    return new OperatorProgram(script(lines), timeLimit, GRACE).run(arguments, run);
  }

  @Test
  void theExitCodeAndTheEndOfWhatItSaidOnBothOutputsAreTold() throws Exception {
    OperatorProgram.Ended ended =
        run(LONG, List.of(), "i=0; while [ $i -lt 20000 ]; do echo 'line of a talkative program'; i=$((i+1)); done",
            "echo last >&2", "exit 3");

    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.tooLong()).isFalse();
    assertThat(ended.lastWords()).endsWith("last").hasSizeLessThan(9000);
  }

  @Test
  void hostileArgumentsArriveAsTheyAre() throws Exception {
    Path got = folder.resolve("got");
    List<String> arguments = List.of("-rf", "", "a \"b\" 'c'", "$(touch " + folder + "/owned)", "one\ntwo", "ä;&|*", got.toString());

    run(LONG, arguments, "for each in \"$@\"; do printf '%s\\0' \"$each\"; done > " + got);

    assertThat(Files.readString(got).split("\0")).containsExactlyElementsOf(arguments);
    assertThat(folder.resolve("owned")).doesNotExist();
  }

  @Test
  void ofOurEnvironmentItHasOnlyWhatEveryProgramNeeds() throws Exception {
    Path got = folder.resolve("environment");

    run(LONG, List.of(), "env > " + got);

    assertThat(Files.readAllLines(got))
        .extracting(line -> line.replaceAll("=.*", ""))
        .contains("PATH", "REELWAY_CHILD_OF")
        .isSubsetOf("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
            "REELWAY_CHILD_OF", "PWD", "OLDPWD", "SHLVL", "_");
  }

  @Test
  @Timeout(30)
  void nothingIsOnItsStandardInput() throws Exception {
    assertThat(run(LONG, List.of(), "read word; echo \"got:$word:\"").lastWords()).isEqualTo("got::");
  }

  @Test
  @Timeout(60)
  void atItsTimeLimitItIsEndedWithAllThatItStarted() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/environ")), "this system does not show environments");
    Path ids = folder.resolve("ids");

    OperatorProgram.Ended ended =
        run(Duration.ofSeconds(1), List.of(), "trap '' TERM", "echo begun", "sleep 300 &", "echo $! >> " + ids,
            // Cut loose: its parent ends at once, and it deafens itself.
            "(sh -c 'trap \"\" TERM HUP; echo $$ >> " + ids + "; sleep 301; sleep 302' &)", "wait", "sleep 303");

    assertThat(ended.tooLong()).isTrue();
    assertThat(ended.lastWords()).isEqualTo("begun");
    List<String> children = Files.readAllLines(ids);
    assertThat(children).hasSize(2);
    await().untilAsserted(() -> assertThat(children).noneMatch(id -> isAlive(Long.parseLong(id))));
    await().untilAsserted(
        () -> assertThat(ProcessHandle.allProcesses().filter(new Orphans(mark())::carriesMark)).isEmpty());
  }

  private String mark() {
    return run.environment().values().iterator().next();
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ShownProcess::runs).isPresent();
  }

  @Test
  @Timeout(30)
  void whatItLeavesRunningIsNotWaitedForAndGoesOn() throws Exception {
    OperatorProgram.Ended ended = run(LONG, List.of(), "sleep 300 &", "echo $!");

    assertThat(ended.exitCode()).isZero();
    long left = Long.parseLong(ended.lastWords());
    assertThat(isAlive(left)).isTrue();
    run.end(GRACE);
    await().until(() -> !isAlive(left));
  }

  @Test
  @Timeout(30)
  void whoIsToldToStopEndsItFirst() throws Exception {
    Path id = folder.resolve("id");
    AtomicBoolean stopped = new AtomicBoolean();
    Path script = script("echo $$ > " + id + ".new; mv " + id + ".new " + id, "sleep 300", "exit 0");
    Thread runner =
        new Thread(() -> {
          try {
            new OperatorProgram(script, LONG, GRACE).run(List.of(), run);
          } catch (InterruptedException e) {
            stopped.set(true);
          }
        });
    runner.start();
    await().until(() -> Files.exists(id));

    runner.interrupt();
    runner.join();

    assertThat(stopped).isTrue();
    assertThat(isAlive(Long.parseLong(Files.readString(id).strip()))).isFalse();
  }

  @Test
  void aProgramThatCannotBeStartedIsOurFailure() throws Exception {
    Path script = script("exit 0");
    Files.writeString(script, "#!/no/such/interpreter\n");

    assertThatThrownBy(() -> new OperatorProgram(script, LONG, GRACE).run(List.of("a secret"), run))
        .isInstanceOf(OurFailure.class)
        .hasMessageContaining("script.sh cannot be started")
        .hasMessageNotContaining("a secret");
  }
}
