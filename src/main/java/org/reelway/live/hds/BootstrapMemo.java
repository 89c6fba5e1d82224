package org.reelway.live.hds;

import java.util.Map;
import org.reelway.live.MemoNumbers;

/**
 * What became of numbers when a packager began anew with lower ones.
 *
 * @param from the packager's number of the first fragment since it began anew
 * @param shift what published fragment numbers are ahead of the packager's
 * @param segments what published segment numbers are ahead of the packager's
 * @param run published number of the first fragment since it began anew; -1 where it never did
 * @param window fragments that were published at that time: so many of those before stay until new ones fill it
 * @param version what published versions are ahead of the packager's
 */
record BootstrapMemo(long from, long shift, long segments, long run, long window, long version) {
  static final BootstrapMemo NONE = new BootstrapMemo(0, 0, 0, -1, 0, 0);

  boolean isNone() {
    return run < 0;
  }

  String text() {
    return isNone()
        ? ""
        : "from=" + from + " shift=" + shift + " segments=" + segments + " run=" + run + " window=" + window + " version=" + version;
  }

  /** What cannot be read counts as none. */
  static BootstrapMemo parse(String text) {
    Map<String, Long> values = MemoNumbers.parse(text);
    return values.containsKey("run")
        ? new BootstrapMemo(
            values.getOrDefault("from", 0L), values.getOrDefault("shift", 0L), values.getOrDefault("segments", 0L),
            values.get("run"), values.getOrDefault("window", 0L), values.getOrDefault("version", 0L))
        : NONE;
  }
}
