package org.reelway.live.hls;

import java.util.Map;
import org.reelway.live.MemoNumbers;

/**
 * What became of sequence numbers when an encoder began anew with lower ones.
 *
 * @param shift what published media sequence numbers are ahead of the media server's
 * @param run published number of the first segment since the encoder began anew; -1 where it never did
 * @param window segments that were published at that time: so many of the ones before are kept until new ones fill it
 * @param discontinuities what published discontinuity numbers are ahead of the media server's
 */
record HlsMemo(long shift, long run, int window, long discontinuities) {
  static final HlsMemo NONE = new HlsMemo(0, -1, 0, 0);

  boolean isNone() {
    return run < 0;
  }

  String text() {
    return isNone()
        ? ""
        : "shift=" + shift + " run=" + run + " window=" + window + " discontinuities=" + discontinuities;
  }

  /** What cannot be read counts as none: numbers then follow from the segments' names. */
  static HlsMemo parse(String text) {
    Map<String, Long> values = MemoNumbers.parse(text);
    return values.containsKey("run")
        ? new HlsMemo(
            values.getOrDefault("shift", 0L), values.get("run"), values.getOrDefault("window", 0L).intValue(),
            values.getOrDefault("discontinuities", 0L))
        : NONE;
  }
}
