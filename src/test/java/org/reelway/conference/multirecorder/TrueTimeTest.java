package org.reelway.conference.multirecorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Streams whose clock and delays are known. */
class TrueTimeTest {
  private static final double ZERO = 1_800_000_000.0;

  /** Late by up to half a second, and by four more at the beginning, as a server's buffer is sent at once. */
  private static Placement seen(double pace, double seconds) {
    TrueTime time = new TrueTime();
    Random random = new Random(1);
    for (double media = 1; media <= seconds; media += 1) {
      double late = 0.02 + random.nextDouble() * random.nextDouble() * 0.5 + Math.max(0, 5 - media);
      time.came(media, ZERO + media * pace + late);
    }
    return time.placement();
  }

  @Test
  void aShortStreamIsPlacedByWhatWasLeastLate() {
    Placement placement = seen(1, 20);

    assertThat(placement.origin()).isCloseTo(ZERO, within(0.08));
    assertThat(placement.pace()).isEqualTo(1);
  }

  @Test
  void ofALongStreamTheClockIsKnownToo() {
    Placement placement = seen(1.0002, 7200);

    assertThat(placement.pace()).isCloseTo(1.0002, within(0.000005));
    assertThat(placement.at(7200)).isCloseTo(ZERO + 7200 * 1.0002, within(0.04));
    assertThat(placement.at(0)).isCloseTo(ZERO, within(0.04));
  }

  @Test
  void aClockThatIsRightStaysRight() {
    Placement placement = seen(1, 3600);

    assertThat(placement.at(3600)).isCloseTo(ZERO + 3600, within(0.04));
    assertThat(placement.at(0)).isCloseTo(ZERO, within(0.04));
  }

  @Test
  void aStreamThatStoodStillIsNotTakenForAClock() {
    TrueTime time = new TrueTime();
    for (double media = 1; media <= 300; media += 1) {
      time.came(media, ZERO + media + (media > 150 ? 30 : 0));
    }

    assertThat(time.placement().pace()).isCloseTo(1, within(0.0005));
    assertThat(time.placement().origin()).isCloseTo(ZERO, within(0.05));
  }

  @Test
  void memoryDoesNotGrowWithTheStream() {
    TrueTime time = new TrueTime();
    Random random = new Random(2);
    for (int second = 0; second < 200_000; second++) {
      time.came(second, ZERO + second + random.nextDouble());
    }

    assertThat(time).extracting("edge").asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .hasSizeLessThan(200);
  }
}
