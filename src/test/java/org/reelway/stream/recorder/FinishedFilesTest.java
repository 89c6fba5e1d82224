package org.reelway.stream.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinishedFilesTest {
  @TempDir Path temp;
  private final AtomicReference<Clock> clock =
      new AtomicReference<>(Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC));
  private TakenRecordings taken;
  private FinishedFiles finished;

  @BeforeEach
  void make() throws Exception {
    taken = new TakenRecordings(temp.resolve("recordings"));
    finished = new FinishedFiles(taken, new Now());
  }

  private final class Now extends Clock {
    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return clock.get().instant();
    }
  }

  private void later(Duration time) {
    clock.set(Clock.offset(clock.get(), time));
    finished.tend();
  }

  @Test
  void aFileIsTakenWhenItComesToBeAndThenNotAgain() throws Exception {
    Path file = taken.root().resolve("cam.mp4");
    finished.finished(file, "cam");
    later(Duration.ofSeconds(90));
    assertThat(taken.all()).isEmpty();

    Files.writeString(file, "media");
    later(Duration.ofSeconds(1));
    finished.finished(file, "cam");
    later(Duration.ofSeconds(1));
    assertThat(taken.all()).containsExactly("cam.mp4 of cam");
  }

  @Test
  void oneThatWasSentAndTidiedMeanwhileIsForgotten() throws Exception {
    Path file = taken.root().resolve("cam.mp4");
    finished.finished(file, "cam");
    later(Duration.ofMinutes(3));
    Files.writeString(file, "another of its name");
    later(Duration.ofSeconds(1));
    assertThat(taken.all()).isEmpty();
  }

  @Test
  void oneOutsideOfTheFoldersIsNotTakenAndHoldsUpNoOther() throws Exception {
    finished.finished(Files.writeString(temp.resolve("outside.mp4"), "media"), "cam");
    finished.finished(Files.writeString(taken.root().resolve("inside.mp4"), "media"), "cam");
    assertThat(taken.all()).containsExactly("inside.mp4 of cam");
  }
}
