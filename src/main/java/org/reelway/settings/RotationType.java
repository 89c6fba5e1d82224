package org.reelway.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** When a recording goes on in another file, as Flashphoner WCS writes it: seconds, or megabytes with an M. */
public final class RotationType implements ValueType<RotationType.Limit> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(M?)");
  private static final int LONGEST = 86_399;
  private static final int LARGEST = 1_000_000;

  /** @param seconds 0 for no such limit; @param bytes likewise */
  public record Limit(long seconds, long bytes) {}

  @Override
  public String text() {
    return "rotation";
  }

  @Override
  public String allowed() {
    return "0 for never, seconds from 1 to 86399, or megabytes as 500M";
  }

  @Override
  public Limit parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw refused(text);
    }
    long count = Long.parseLong(form.group(1));
    boolean megabytes = !form.group(2).isEmpty();
    if (count > (megabytes ? LARGEST : LONGEST) || megabytes && count == 0) {
      throw refused(text);
    }
    return megabytes ? new Limit(0, count * 1_000_000) : new Limit(count, 0);
  }

  private InputFailure refused(String text) {
    return new InputFailure(Shown.quoted(text) + " is no rotation; allowed: " + allowed());
  }
}
