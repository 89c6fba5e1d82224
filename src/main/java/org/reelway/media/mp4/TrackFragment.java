package org.reelway.media.mp4;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a fragment has of one track ({@code traf}, ISO/IEC 14496-12, 8.8.6 to 8.8.12).
 *
 * @param hasBaseOffset whether its offsets count from a place in the file, not from its {@code moof}
 * @param tfdt box with its time; null for none
 * @param decodeTime of its first sample, in units of the track; -1 where it does not say
 */
public record TrackFragment(
    long track, boolean hasBaseOffset, Box tfdt, long decodeTime, List<SampleRun> runs) {
  /** Of tracks and of their runs, in one fragment: each is held in memory. */
  private static final int MOST = 100_000;
  private static final int BASE_OFFSET = 0x1;
  private static final int DESCRIPTION = 0x2;
  private static final int DURATION = 0x8;
  private static final int SIZE = 0x10;
  private static final int FLAGS = 0x20;

  /** All of a fragment. @param defaults of tracks by their ids */
  public static List<TrackFragment> all(Box moof, Map<Long, SampleDefaults> defaults) throws IOException {
    List<TrackFragment> all = new ArrayList<>();
    int left = MOST;
    for (Box traf = moof.first(); traf != null; traf = traf.next()) {
      if (traf.is("traf")) {
        requireRoom(--left);
        TrackFragment fragment = of(traf, defaults, left);
        left -= fragment.runs().size();
        all.add(fragment);
      }
    }
    return all;
  }

  private static void requireRoom(int left) {
    if (left < 0) {
      throw new BrokenBoxes("a fragment has more than " + MOST + " tracks and runs of samples");
    }
  }

  /** @param mostRuns that are taken */
  private static TrackFragment of(Box traf, Map<Long, SampleDefaults> defaults, int mostRuns) throws IOException {
    Box tfhd = traf.need("tfhd");
    int flags = tfhd.flags();
    long track = tfhd.u32(4);
    SampleDefaults own = defaults(tfhd, flags, defaults.getOrDefault(track, SampleDefaults.NONE));
    Box tfdt = null;
    List<SampleRun> runs = new ArrayList<>();
    for (Box box = traf.first(); box != null; box = box.next()) {
      if (box.is("tfdt")) {
        tfdt = box;
      } else if (box.is("trun")) {
        runs.add(SampleRun.of(box, own));
        requireRoom(mostRuns - runs.size());
      }
    }
    long time = tfdt == null ? -1 : tfdt.isLarge() ? tfdt.i64(4) : tfdt.u32(4);
    return new TrackFragment(track, (flags & BASE_OFFSET) != 0, tfdt, time, runs);
  }

  private static SampleDefaults defaults(Box tfhd, int flags, SampleDefaults usual) throws IOException {
    int at = 8 + ((flags & BASE_OFFSET) != 0 ? 8 : 0) + ((flags & DESCRIPTION) != 0 ? 4 : 0);
    int sizeAt = at + ((flags & DURATION) != 0 ? 4 : 0);
    int flagsAt = sizeAt + ((flags & SIZE) != 0 ? 4 : 0);
    return new SampleDefaults(
        (flags & DURATION) != 0 ? tfhd.u32(at) : usual.duration(), (flags & SIZE) != 0 ? tfhd.u32(sizeAt) : usual.size(),
        (flags & FLAGS) != 0 ? tfhd.i32(flagsAt) : usual.flags());
  }

  /** Samples of all runs. */
  public long samples() {
    return runs.stream().mapToLong(SampleRun::count).sum();
  }

  /** How long they all last, in units of the track. */
  public long duration() throws IOException {
    long units = 0;
    for (SampleRun run : runs) {
      units += run.duration();
    }
    return units;
  }
}
