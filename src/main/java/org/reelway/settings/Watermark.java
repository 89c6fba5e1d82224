package org.reelway.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/**
 * An amount of free space: a share of the file system, or bytes.
 *
 * @param percent of the whole; 0 where bytes are given
 * @param bytes 0 where a share is given
 */
public record Watermark(int percent, long bytes) {
  private static final Pattern SHARE = Pattern.compile("(\\d{1,2})%");
  private static final ValueType<Long> SIZE = Types.size("0", "1000000GiB");
  private static final String ALLOWED = "0 (off), a share such as 10%, or a size such as 20GiB";

  static final ValueType<Watermark> TYPE = ValueType.of("free space", ALLOWED, Watermark::parse);

  private static Watermark parse(String text) {
    Matcher share = SHARE.matcher(text);
    if (share.matches()) {
      return new Watermark(Integer.parseInt(share.group(1)), 0);
    }
    try {
      return new Watermark(0, SIZE.parse(text));
    } catch (InputFailure e) {
      throw Types.refused(text, "is no free space", ALLOWED);
    }
  }

  /** Whether it asks for nothing. */
  public boolean isOff() {
    return percent == 0 && bytes == 0;
  }

  /** Whether less than this is free of the whole; both in the same unit. */
  public boolean isUndercut(long free, long whole) {
    return free < bytesOf(whole);
  }

  /** What has to be free of that many bytes. */
  public long bytesOf(long whole) {
    return percent > 0 ? (long) (whole * (percent / 100.0)) : bytes;
  }
}
