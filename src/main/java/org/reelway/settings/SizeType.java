package org.reelway.settings;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** A number of bytes: plain, or with a unit of 1024 ({@code KiB}, {@code MiB}, {@code GiB}) or 1000 ({@code MB}). */
final class SizeType implements ValueType<Long> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?");
  /** Bytes of a unit; of rates as well. */
  static final Map<String, Long> UNITS = Map.of(
      "B", 1L,
      "KB", 1_000L,
      "MB", 1_000_000L,
      "GB", 1_000_000_000L,
      "TB", 1_000_000_000_000L,
      "KiB", 1L << 10,
      "MiB", 1L << 20,
      "GiB", 1L << 30,
      "TiB", 1L << 40);

  private final String min;
  private final String max;

  private SizeType(String min, String max) {
    this.min = min;
    this.max = max;
  }

  static SizeType between(String min, String max) {
    return new SizeType(min, max);
  }

  @Override
  public String text() {
    return "size";
  }

  @Override
  public String allowed() {
    return min + " to " + max;
  }

  @Override
  public Long parse(String text) {
    long value = read(text);
    if (value < read(min) || value > read(max)) {
      throw new InputFailure(Shown.quoted(text) + " is out of range; allowed: " + allowed());
    }
    return value;
  }

  private long read(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw notASize(text);
    }
    long unit = matcher.group(2) == null ? 1 : UNITS.get(matcher.group(2));
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    } catch (ArithmeticException e) {
      throw notASize(text);
    }
  }

  private InputFailure notASize(String text) {
    return new InputFailure(Shown.quoted(text)
        + " is not a size; write bytes, or a whole number with KiB, MiB, GiB, KB, MB or GB, such as 16MiB; allowed: "
        + allowed());
  }
}
