package org.reelway.settings;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** A whole number with one unit: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}, {@code 7d}. */
final class DurationType implements ValueType<Duration> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Map<String, Duration> UNITS = Map.of(
      "ms", Duration.ofMillis(1),
      "s", Duration.ofSeconds(1),
      "m", Duration.ofMinutes(1),
      "h", Duration.ofHours(1),
      "d", Duration.ofDays(1));

  private final String min;
  private final String max;
  private final boolean zeroIsOff;

  private DurationType(String min, String max, boolean zeroIsOff) {
    this.min = min;
    this.max = max;
    this.zeroIsOff = zeroIsOff;
  }

  static DurationType between(String min, String max) {
    return new DurationType(min, max, false);
  }

  /** Also takes zero, which then means "off". */
  static DurationType offOrBetween(String min, String max) {
    return new DurationType(min, max, true);
  }

  @Override
  public String text() {
    return "duration";
  }

  @Override
  public String allowed() {
    return (zeroIsOff ? "0s (off) or " : "") + min + " to " + max;
  }

  @Override
  public Duration parse(String text) {
    Duration value = read(text);
    boolean off = zeroIsOff && value.isZero();
    if (!off && (value.compareTo(read(min)) < 0 || value.compareTo(read(max)) > 0)) {
      throw new InputFailure(Shown.quoted(text) + " is out of range; allowed: " + allowed());
    }
    return value;
  }

  private Duration read(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new InputFailure(Shown.quoted(text)
          + " is not a duration; write a whole number with ms, s, m, h or d, such as 30s; allowed: " + allowed());
    }
    return UNITS.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
  }
}
