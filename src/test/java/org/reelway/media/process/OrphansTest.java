package org.reelway.media.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes: a shell that starts another program and ends leaves an orphan. */
class OrphansTest {
  private static final Duration GRACE = Duration.ofSeconds(5);

  @TempDir Path folder;

  @BeforeEach
  void assumeThatEnvironmentsCanBeSeen() {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/environ")), "this system does not show environments");
  }

  /** The process id of a program that runs on although what started it has ended. */
  private ProcessHandle orphan(Map<String, String> environment) throws Exception {
    Path id = folder.resolve("pid");
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", "sleep 300 & echo $! > " + id + ".new; mv " + id + ".new " + id);
    builder.environment().putAll(environment);
    builder.start().waitFor();
    await().until(() -> Files.exists(id));
    ProcessHandle orphan = ProcessHandle.of(Long.parseLong(Files.readString(id).strip())).orElseThrow();
    Files.delete(id);
    return orphan;
  }

  @Test
  void onesOwnOrphansAreEndedAndNobodyElses() throws Exception {
    Orphans own = new Orphans("mine-" + folder);
    ProcessHandle orphan = orphan(own.environment());
    ProcessHandle others = orphan(new Orphans("others").environment());
    ProcessHandle unmarked = orphan(Map.of());
    try {
      assertThat(own.end(GRACE)).containsExactly(orphan.pid());

      await().until(() -> !orphan.isAlive());
      assertThat(others.isAlive()).isTrue();
      assertThat(unmarked.isAlive()).isTrue();
    } finally {
      List.of(orphan, others, unmarked).forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void aProcessThatIsLookedAfterIsNoOrphan() throws Exception {
    Orphans own = new Orphans("mine-" + folder);
    LongChild child = LongChild.start(Path.of("/bin/sleep"), List.of("300"), own.environment());
    try {
      assertThat(own.end(GRACE)).isEmpty();
      assertThat(child.isAlive()).isTrue();
    } finally {
      child.kill();
    }
  }
}
