package org.reelway.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Bytes per second: {@code 20MiB/s}; {@code 0} for none. */
final class RateType implements ValueType<Long> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(B|KB|MB|GB|KiB|MiB|GiB)/s");

  private final String min;
  private final String max;

  private RateType(String min, String max) {
    this.min = min;
    this.max = max;
  }

  static RateType offOrBetween(String min, String max) {
    return new RateType(min, max);
  }

  @Override
  public String text() {
    return "rate";
  }

  @Override
  public String allowed() {
    return "0 (none) or " + min + " to " + max;
  }

  @Override
  public Long parse(String text) {
    if (text.equals("0")) {
      return 0L;
    }
    long value = read(text);
    if (value < read(min) || value > read(max)) {
      throw new InputFailure(Shown.quoted(text) + " is out of range; allowed: " + allowed());
    }
    return value;
  }

  private long read(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new InputFailure(Shown.quoted(text)
          + " is not a rate; write a whole number with B/s, KiB/s, MiB/s, GiB/s, KB/s, MB/s or GB/s, such as 20MiB/s; "
          + "allowed: " + allowed());
    }
    return Long.parseLong(matcher.group(1)) * SizeType.UNITS.get(matcher.group(2));
  }
}
