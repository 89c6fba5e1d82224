package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.InputFailure;

class BandwidthPlanTest {
  private static final long MIB = 1 << 20;

  /** 2026-11-23 is a Monday. */
  private static long limit(String plan, String dayAndTime) {
    return BandwidthPlan.parse(plan).limitAt(LocalDateTime.parse("2026-11-" + dayAndTime));
  }

  @Test
  void oneRateIsForAllTimes() {
    assertThat(limit("20MiB/s", "23T00:00")).isEqualTo(20 * MIB);
    assertThat(limit("1500KB/s", "29T23:59")).isEqualTo(1_500_000);
    assertThat(BandwidthPlan.parse("0").isOff()).isTrue();
    assertThat(BandwidthPlan.parse("20MiB/s").isOff()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"23T07:59,100", "23T08:00,20", "23T17:59:59,20", "23T18:00,100", "24T00:00,100", "29T03:00,100"})
  void hoursGoOverMidnight(String time, long expected) {
    assertThat(limit("08:00-18:00 20MiB/s, 18:00-08:00 100MiB/s", time)).isEqualTo(expected * MIB);
  }

  @ParameterizedTest
  @CsvSource({"23T12:00,20", "27T12:00,20", "28T12:00,0", "29T12:00,0", "27T20:00,0"})
  void anEntryWithoutHoursIsForAllOtherTimes(String time, long expected) {
    assertThat(limit("Mon-Fri 08:00-18:00 20MiB/s, 0", time)).isEqualTo(expected * MIB);
  }

  @ParameterizedTest
  @CsvSource({"28T21:59,1", "28T22:00,5", "29T05:59,5", "29T06:00,1", "29T22:00,5", "23T05:00,5", "24T05:00,1"})
  void hoursOverMidnightBelongToTheDayTheyBeginOnAndTheWeekGoesRound(String time, long expected) {
    assertThat(limit("Sat+Sun 22:00-06:00 5MiB/s, 1MiB/s", time)).isEqualTo(expected * MIB);
  }

  @ParameterizedTest
  @CsvSource({"27T12:00,7", "29T12:00,7", "23T12:00,7", "24T12:00,1", "26T12:00,1"})
  void daysGoOverTheWeekend(String time, long expected) {
    assertThat(limit("Fri-Mon 00:00-24:00 7MiB/s, 1MiB/s", time)).isEqualTo(expected * MIB);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "20|\"20\" is not a rate; write a whole number with B/s, KiB/s, MiB/s, GiB/s, KB/s, MB/s or GB/s, such as 20MiB/s; "
        + "allowed: 0 (none) or 1KiB/s to 100GiB/s",
    "1B/s|\"1B/s\" is out of range; allowed: 0 (none) or 1KiB/s to 100GiB/s",
    "08:00-18:00 20MiB/s|\"08:00-18:00 20MiB/s\" has no rate from Mon 00:00 to Mon 08:00; add an entry, or one without "
        + "hours for all other times (0 is without limit)",
    "Mon-Sat 00:00-24:00 1MiB/s|\"Mon-Sat 00:00-24:00 1MiB/s\" has no rate from Sun 00:00 to Sun 24:00; add an entry, or "
        + "one without hours for all other times (0 is without limit)",
    "Mon 08:00-18:00 1MiB/s, Mon-Fri 17:30-19:00 2MiB/s, 0|\"Mon 08:00-18:00 1MiB/s\" and \"Mon-Fri 17:30-19:00 2MiB/s\" "
        + "overlap at Mon 17:30; every minute of the week has one rate",
    "1MiB/s, 2MiB/s|\"1MiB/s\" and \"2MiB/s\" are both for all other times; give one of them hours, such as 08:00-18:00 "
        + "2MiB/s",
    "Mo-Fr 08:00-18:00 1MiB/s, 0|\"Mo-Fr 08:00-18:00 1MiB/s\" is not an entry of a timetable; write it like Mon-Fri "
        + "08:00-18:00 20MiB/s, with days Mon, Tue, Wed, Thu, Fri, Sat, Sun and times 00:00 to 24:00",
    "08:00-24:30 1MiB/s, 0|\"08:00-24:30 1MiB/s\" has the time 24:30, which no clock shows; allowed: 00:00 to 24:00",
    "08:00-18:00 1MiB/s,,0|\"08:00-18:00 1MiB/s,,0\" has an empty entry; write entries separated by single commas"})
  void aTimetableThatIsNoneSaysWhy(String plan, String message) {
    assertThatThrownBy(() -> BandwidthPlan.parse(plan)).isInstanceOf(InputFailure.class).hasMessage(message);
  }
}
