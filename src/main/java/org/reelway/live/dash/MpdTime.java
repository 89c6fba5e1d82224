package org.reelway.live.dash;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Times of manifests (XML Schema's duration and dateTime), in nanoseconds. */
final class MpdTime {
  private static final long SECOND = 1_000_000_000L;
  private static final Pattern DURATION =
      Pattern.compile(
          "P(?:(\\d{1,4})Y)?(?:(\\d{1,5})M)?(?:(\\d{1,6})D)?"
              + "(?:T(?:(\\d{1,8})H)?(?:(\\d{1,9})M)?(?:(\\d{1,10}(?:\\.\\d{1,30})?)S)?)?");

  private MpdTime() {}

  /** @throws InputFailure when it is none */
  static long duration(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw new InputFailure("the manifest has \"" + shortened(text) + "\" where a duration such as PT2.5S is due");
    }
    // Years of 365 days and months of 30: no live stream has them.
    long days = 365 * number(matcher.group(1)) + 30 * number(matcher.group(2)) + number(matcher.group(3));
    long seconds = 86_400 * days + 3600 * number(matcher.group(4)) + 60 * number(matcher.group(5));
    String own = matcher.group(6);
    BigDecimal all = BigDecimal.valueOf(seconds).add(own == null ? BigDecimal.ZERO : new BigDecimal(own));
    try {
      return all.movePointRight(9).setScale(0, RoundingMode.HALF_UP).longValueExact();
    } catch (ArithmeticException e) {
      throw new InputFailure("the manifest has the duration \"" + shortened(text) + "\", which is too long");
    }
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  static String duration(long nanos) {
    return "PT" + BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString() + "S";
  }

  /** @throws InputFailure when it is none; a time without zone is UTC */
  static Instant instant(String text) {
    String value = text.strip();
    try {
      return value.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
          ? OffsetDateTime.parse(value).toInstant()
          : LocalDateTime.parse(value).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new InputFailure(
          "the manifest has \"" + shortened(text) + "\" where a time such as 2026-11-21T18:00:00Z is due");
    }
  }

  /** Units of a timescale as nanoseconds. */
  static long nanos(long ticks, long timescale) {
    long whole = Math.floorDiv(ticks, timescale);
    long rest = Math.floorMod(ticks, timescale);
    try {
      return Math.addExact(
          Math.multiplyExact(whole, SECOND), Math.round((double) rest * SECOND / timescale));
    } catch (ArithmeticException e) {
      throw new InputFailure("the manifest has the time " + ticks + "/" + timescale + ", which is too far away");
    }
  }

  /** The other way round. */
  static long ticks(long nanos, long timescale) {
    long whole = Math.floorDiv(nanos, SECOND);
    long rest = Math.floorMod(nanos, SECOND);
    return Math.addExact(Math.multiplyExact(whole, timescale), Math.round((double) rest * timescale / SECOND));
  }

  private static String shortened(String text) {
    String shown = text.replaceAll("\\p{Cntrl}", "?");
    return shown.length() > 50 ? shown.substring(0, 50) + "..." : shown;
  }
}
