package org.reelway.camel.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DashboardSamplesTest {
  private final DashboardSamples samples = new DashboardSamples();

  private void take(long at, long sent) {
    samples.take(Instant.ofEpochSecond(at), sent, 0, 0, 0);
  }

  private DashboardSamples.Columns all() {
    return samples.after(Instant.EPOCH);
  }

  @Test
  void nothingIsKeptWhileNothingHappensAndWhatHappensStandsBetweenZeros() {
    for (int at = 10; at <= 100; at += 10) {
      take(at, 500);
    }
    assertThat(all().at()).isEmpty();

    take(110, 1500);
    take(120, 3500);
    for (int at = 130; at <= 500; at += 10) {
      take(at, 3500);
    }
    take(510, 3510);

    assertThat(all().at()).containsExactly(100L, 110L, 120L, 130L, 500L, 510L);
    assertThat(all().bytesPerSecond()).containsExactly(0L, 100L, 200L, 0L, 0L, 1L);
  }

  @Test
  void onlyWhatIsNewerIsAnsweredAndSixHoursAreKept() {
    for (int turn = 1; turn <= 3000; turn++) {
      samples.take(Instant.ofEpochSecond(turn * 10L), turn, 0.5, turn, turn);
    }

    assertThat(all().at()).hasSize(2160).first().isEqualTo(8410L);
    assertThat(all().delaySeconds()).hasSize(2160).containsOnly(0.5);
    assertThat(samples.after(Instant.ofEpochSecond(29980)).recordings()).containsExactly(2999, 3000);
  }

  @Test
  void aClockThatIsSetBackGivesNoRate() {
    take(1000, 0);
    samples.take(Instant.ofEpochSecond(500), 1_000_000, 1, 0, 0);

    assertThat(all().bytesPerSecond()).containsOnly(0L);
  }
}
