package org.reelway.stream.workflow.archive;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a file a section's pictures are, and where in them what is encoded can be left as it is: from the first
 * key picture in it to the last one. Microseconds of the file's own time; told of each picture in the order of the
 * file.
 */
final class PictureTimes {
  static final long NONE = Long.MIN_VALUE;
  /** Less than half of a picture of 240 a second. */
  static final long EPSILON = 1_000;

  private static final Pattern PICTURE =
      Pattern.compile("pts_time=(-?[0-9.]+)\\|dts_time=(-?[0-9.]+)\\|flags=([^|]*).*");

  private final long from;
  private final long to;
  private long count;
  private long firstShown = NONE;
  private long lastShown = NONE;
  private boolean goesOn;
  private boolean isUntold;
  private Key keyBefore = Key.NONE;
  private Key firstKey = Key.NONE;
  private Key lastKey = Key.NONE;
  private Key latest = Key.NONE;

  /** @param isOpen whether pictures that come behind it are shown before it */
  record Key(long shown, long decoded, boolean isOpen) {
    static final Key NONE = new Key(PictureTimes.NONE, PictureTimes.NONE, false);

    boolean isThere() {
      return shown != PictureTimes.NONE;
    }
  }

  /** @param from first moment of the section; @param to first moment behind it */
  PictureTimes(long from, long to) {
    this.from = from - EPSILON;
    this.to = to - EPSILON;
  }

  void take(String line) {
    Matcher picture = PICTURE.matcher(line);
    if (!picture.matches()) {
      isUntold |= !line.isBlank();
      return;
    }
    long shown = micros(picture.group(1));
    if (picture.group(3).contains("K")) {
      took(new Key(shown, micros(picture.group(2)), false));
    } else if (latest.isThere() && shown < latest.shown()) {
      Key open = new Key(latest.shown(), latest.decoded(), true);
      firstKey = firstKey.equals(latest) ? open : firstKey;
      lastKey = lastKey.equals(latest) ? open : lastKey;
      latest = open;
    }
    if (shown >= from && shown < to) {
      count++;
      firstShown = firstShown == NONE ? shown : Math.min(firstShown, shown);
      lastShown = Math.max(lastShown, shown);
    }
    goesOn |= shown >= to;
  }

  private void took(Key key) {
    latest = key;
    if (key.shown() < from + 2 * EPSILON || !keyBefore.isThere()) {
      keyBefore = key;
    }
    if (key.shown() >= from && !firstKey.isThere()) {
      firstKey = key;
    }
    if (key.shown() <= to + EPSILON) {
      lastKey = key;
    }
  }

  private static long micros(String seconds) {
    return Math.round(Double.parseDouble(seconds) * 1_000_000);
  }

  /** Pictures of the section. */
  long count() {
    return count;
  }

  long firstShown() {
    return firstShown;
  }

  /** The key picture at or before the section, or else the file's first one. */
  Key keyBefore() {
    return keyBefore;
  }

  Key firstKey() {
    return firstKey;
  }

  Key lastKey() {
    return lastKey;
  }

  /** Whether the section begins with a key picture. */
  boolean beginsWithKey() {
    return firstKey.isThere() && firstKey.shown() <= firstShown + EPSILON;
  }

  /** Whether it ends with the file, or before a key picture: nothing behind it is needed. */
  boolean endsBeforeKey() {
    return !goesOn || lastKey.isThere() && lastKey.shown() > lastShown;
  }

  boolean goesOn() {
    return goesOn;
  }

  /** Whether what is between the key pictures can be left as it is, with other pictures before and behind. */
  boolean canBeJoined() {
    boolean isWhole = firstKey.isThere() && !firstKey.isOpen() && !isUntold;
    return isWhole && (!goesOn || lastKey.shown() > firstKey.shown() && !lastKey.isOpen());
  }
}
