package org.reelway.media.mp4;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What holds of a track's samples where a fragment does not say otherwise ({@code trex}, ISO/IEC 14496-12, 8.8.3). */
public record SampleDefaults(long duration, long size, int flags) {
  private static final int MOST = 10_000;
  static final SampleDefaults NONE = new SampleDefaults(0, 0, 0);

  /** Of all tracks, by their ids. */
  public static Map<Long, SampleDefaults> of(Box mvex) throws IOException {
    Map<Long, SampleDefaults> all = new HashMap<>();
    for (Box box = mvex.first(); box != null; box = box.next()) {
      if (box.is("trex")) {
        if (all.size() == MOST) {
          throw new BrokenBoxes("it has more than " + MOST + " tracks");
        }
        all.put(box.u32(4), new SampleDefaults(box.u32(12), box.u32(16), box.i32(20)));
      }
    }
    return all;
  }
}
