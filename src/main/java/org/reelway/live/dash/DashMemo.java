package org.reelway.live.dash;

import java.util.HashMap;
import java.util.Map;

/**
 * What became of times when a packager began anew.
 *
 * @param run 0 for the first
 * @param shift nanoseconds that published times are ahead of the media server's
 * @param origin the media server's availabilityStartTime of this run; empty where it says none
 * @param start the published availabilityStartTime, which never changes; empty for none
 */
record DashMemo(int run, long shift, String origin, String start) {

  static DashMemo first(Mpd mpd) {
    String start = mpd.root().get("availabilityStartTime").orElse("").strip();
    return new DashMemo(0, 0, start, start);
  }

  /** The key under which a period of the media server is published. */
  String period(String origin) {
    return run == 0 ? origin : prefix() + origin;
  }

  private String prefix() {
    return "r" + run + "-";
  }

  /** Whether a published period is of this run. */
  boolean isOfRun(String published) {
    return run == 0 || published.startsWith(prefix());
  }

  String text() {
    return "run=" + run + " shift=" + shift + " origin=" + origin + " start=" + start;
  }

  /** What cannot be read counts as the first run. */
  static DashMemo parse(String text, Mpd published) {
    Map<String, String> values = new HashMap<>();
    for (String word : text.strip().split(" ")) {
      String[] pair = word.split("=", 2);
      if (pair.length == 2) {
        values.put(pair[0], pair[1]);
      }
    }
    try {
      return new DashMemo(
          Integer.parseInt(values.getOrDefault("run", "")), Long.parseLong(values.getOrDefault("shift", "")),
          values.getOrDefault("origin", ""), values.getOrDefault("start", ""));
    } catch (NumberFormatException e) {
      return first(published);
    }
  }
}
