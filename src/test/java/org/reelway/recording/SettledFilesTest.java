package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reelway.recording.SettledFiles.Settlement.NOT_YET;
import static org.reelway.recording.SettledFiles.Settlement.SETTLED;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.reelway.recording.SettledFiles.FileState;
import org.reelway.recording.SettledFiles.HeldBack;
import org.reelway.recording.SettledFiles.Settlement;

class SettledFilesTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  private static final Path FILE = Path.of("/recordings/live.mp4");
  private static final FileState STATE = new FileState(1000, 5);

  private final SettledFiles files = new SettledFiles(Duration.ofSeconds(10), Duration.ofSeconds(60));

  @Test
  void aFileSettlesWhenItWasTheSameForTheSettleTime() {
    assertThat(look(STATE, 0)).isEqualTo(NOT_YET);
    assertThat(look(STATE, 4)).isEqualTo(NOT_YET);
    assertThat(look(STATE, 8)).isEqualTo(NOT_YET);
    assertThat(look(STATE, 10)).isEqualTo(SETTLED);
    assertThat(look(STATE, 12)).isEqualTo(SETTLED);
  }

  @Test
  void aChangeOfSizeOrTimeStartsAnew() {
    look(STATE, 0);
    look(STATE, 5);
    assertThat(look(new FileState(1001, 5), 10)).isEqualTo(NOT_YET);
    assertThat(look(new FileState(1001, 5), 15)).isEqualTo(NOT_YET);
    assertThat(look(new FileState(1001, 6), 20)).isEqualTo(NOT_YET);
    assertThat(look(new FileState(1001, 6), 25)).isEqualTo(NOT_YET);
    assertThat(look(new FileState(1001, 6), 30)).isEqualTo(SETTLED);
  }

  @Test
  void aFileOfALongPastTimeIsLookedAtAsLongAsANewOne() {
    FileState old = new FileState(1000, 0);
    assertThat(look(old, 0)).isEqualTo(NOT_YET);
    assertThat(look(old, 5)).isEqualTo(NOT_YET);
    assertThat(look(old, 10)).isEqualTo(SETTLED);
  }

  @Test
  void aClockThatLeapsSettlesNothing() {
    look(STATE, 0);
    assertThat(look(STATE, 3600)).isEqualTo(NOT_YET);
    assertThat(look(STATE, 3601)).isEqualTo(NOT_YET);
    assertThat(look(STATE, 3605)).isEqualTo(SETTLED);
  }

  @Test
  void aClockThatGoesBackStartsAnew() {
    look(STATE, 100);
    look(STATE, 105);
    assertThat(look(STATE, 50)).isEqualTo(NOT_YET);
    assertThat(look(STATE, 55)).isEqualTo(NOT_YET);
    assertThat(look(STATE, 60)).isEqualTo(SETTLED);
  }

  @Test
  void looksFarApartSettleAtTheThird() {
    assertThat(look(STATE, 0)).isEqualTo(NOT_YET);
    assertThat(look(STATE, 30)).isEqualTo(NOT_YET);
    assertThat(look(STATE, 60)).isEqualTo(SETTLED);
  }

  @Test
  void aSettleTimeOfAnOddNumberOfNanosecondsSettlesAtTheThirdLookToo() {
    SettledFiles odd = new SettledFiles(Duration.ofNanos(3), Duration.ZERO);
    odd.observe(FILE, STATE, START);
    odd.observe(FILE, STATE, START.plusSeconds(1));
    assertThat(odd.observe(FILE, STATE, START.plusSeconds(2))).isEqualTo(SETTLED);
  }

  @Test
  void anIncompleteFileIsOfferedAgainAfterPausesThatDoubleUpToTheLongest() {
    settle();
    long[] pauses = {10, 20, 40, 60, 60};
    long now = 10;
    for (long pause : pauses) {
      incomplete(now);
      assertThat(look(STATE, now + pause - 1)).as("before a pause of %d s is over", pause).isEqualTo(NOT_YET);
      now += pause;
      assertThat(look(STATE, now)).as("after a pause of %d s", pause).isEqualTo(SETTLED);
    }
  }

  @Test
  void anIncompleteFileThatChangesSettlesAfterTheSettleTime() {
    settle();
    for (int i = 0; i < 5; i++) {
      incomplete(10);
    }
    FileState grown = new FileState(2000, 6);
    look(grown, 12);
    look(grown, 17);
    assertThat(look(grown, 22)).isEqualTo(SETTLED);
    assertThat(files.heldBack()).isEmpty();
  }

  @Test
  void incompleteFilesAreListedWithTheirReason() {
    settle();
    assertThat(files.heldBack()).isEmpty();
    incomplete(10);
    assertThat(files.heldBack()).containsExactly(new HeldBack(FILE, "no moov box", START));
    files.incomplete(Path.of("/recordings/never-seen.mp4"), "no moov box", START);
    assertThat(files.heldBack()).hasSize(1);
  }

  @Test
  void aForgottenFileBeginsAgain() {
    settle();
    files.forget(FILE);
    assertThat(files.waiting()).isZero();
    assertThat(look(STATE, 100)).isEqualTo(NOT_YET);
  }

  @Test
  void onlyTheFilesOfTheLastScanAreRemembered() {
    for (int i = 0; i < 100; i++) {
      files.observe(Path.of("/recordings/" + i + ".mp4"), STATE, START);
    }
    files.retainOnly(Set.of(Path.of("/recordings/7.mp4"), Path.of("/recordings/new.mp4")));
    assertThat(files.waiting()).isEqualTo(1);
  }

  @Test
  void filesSettleIndependently() {
    Path growing = Path.of("/recordings/growing.mp4");
    for (int second = 0; second <= 10; second += 5) {
      files.observe(growing, new FileState(1000 + second, 5), START.plusSeconds(second));
      look(STATE, second);
    }
    assertThat(look(STATE, 11)).isEqualTo(SETTLED);
    assertThat(files.observe(growing, new FileState(1010, 5), START.plusSeconds(11))).isEqualTo(NOT_YET);
  }

  @Test
  void aSettleTimeOfZeroIsRefused() {
    assertThatThrownBy(() -> new SettledFiles(Duration.ZERO, Duration.ofSeconds(60)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("settle time");
  }

  private Settlement look(FileState state, long second) {
    return files.observe(FILE, state, START.plusSeconds(second));
  }

  private void settle() {
    look(STATE, 0);
    look(STATE, 5);
    assertThat(look(STATE, 10)).isEqualTo(SETTLED);
  }

  private void incomplete(long second) {
    files.incomplete(FILE, "no moov box", START.plusSeconds(second));
  }
}
