package org.reelway.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Free space as a share ({@code 10%}) or in bytes ({@code 20GiB}). */
final class WatermarkType implements ValueType<Watermark> {
  private static final Pattern SHARE = Pattern.compile("(\\d{1,2})%");
  private static final SizeType SIZE = SizeType.between("0", "1000000GiB");

  @Override
  public String text() {
    return "free space";
  }

  @Override
  public String allowed() {
    return "0 (off), a share such as 10%, or a size such as 20GiB";
  }

  @Override
  public Watermark parse(String text) {
    Matcher share = SHARE.matcher(text);
    if (share.matches()) {
      return new Watermark(Integer.parseInt(share.group(1)), 0);
    }
    try {
      return new Watermark(0, SIZE.parse(text));
    } catch (InputFailure e) {
      throw new InputFailure(Shown.quoted(text) + " is no free space; allowed: " + allowed());
    }
  }
}
