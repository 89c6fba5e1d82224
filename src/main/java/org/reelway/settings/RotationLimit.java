package org.reelway.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/**
 * When a recording goes on in another file, as Flashphoner WCS writes it: seconds, or megabytes with an M.
 *
 * @param seconds 0 for no such limit
 * @param bytes likewise
 */
public record RotationLimit(long seconds, long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(M?)");
  private static final int LONGEST = 86_399;
  private static final int LARGEST = 1_000_000;
  private static final String ALLOWED = "0 for never, seconds from 1 to 86399, or megabytes as 500M";

  static final ValueType<RotationLimit> TYPE = ValueType.of("rotation", ALLOWED, RotationLimit::parse);

  /** @throws org.reelway.failure.InputFailure that says what was found and what is allowed */
  public static RotationLimit parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw Types.refused(text, "is no rotation", ALLOWED);
    }
    long count = Long.parseLong(form.group(1));
    boolean megabytes = !form.group(2).isEmpty();
    if (count > (megabytes ? LARGEST : LONGEST) || megabytes && count == 0) {
      throw Types.refused(text, "is no rotation", ALLOWED);
    }
    return megabytes ? new RotationLimit(0, count * 1_000_000) : new RotationLimit(count, 0);
  }
}
