package org.reelway.media.tracks;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.reelway.recording.MediaBytes;

/** How long the tracks of a fragmented MP4 are, by the heads of its fragments (ISO/IEC 14496-12, 8.8). */
final class Fragments {
  private static final int DEFAULT_DURATION = 0x8;
  private static final int BASE_OFFSET = 0x1;
  private static final int DESCRIPTION = 0x2;
  private static final int DATA_OFFSET = 0x1;
  private static final int FIRST_FLAGS = 0x4;
  private static final int SAMPLE_DURATION = 0x100;
  private static final int SAMPLE_FIELDS = 0xf00;

  private final Map<Long, Long> usualDurations = new HashMap<>();
  private final Map<Long, Long> ends = new HashMap<>();
  private final Map<Long, Long> starts = new HashMap<>();

  /** From the movie's head: what holds where a fragment says nothing. */
  void takeDefaults(MediaBytes bytes, FileBox mvex) throws IOException {
    mvex.each(bytes, box -> {
      if (box.type().equals("trex")) {
        box.atLeast(16);
        usualDurations.put(bytes.u32(box.body() + 4), bytes.u32(box.body() + 12));
      }
    });
  }

  void take(MediaBytes bytes, FileBox moof) throws IOException {
    moof.each(bytes, box -> {
      if (box.type().equals("traf")) {
        new Run().take(bytes, box);
      }
    });
  }

  /** Units of the track's media up to the end of its last fragment; 0 where it has none. */
  long end(long track) {
    return ends.getOrDefault(track, 0L);
  }

  /** Units of the track's media up to the start of its first fragment; 0 where it has none. */
  long start(long track) {
    return starts.getOrDefault(track, 0L);
  }

  /** Of one track in one fragment. */
  private final class Run {
    private long track;
    private long duration;
    private long time = -1;

    void take(MediaBytes bytes, FileBox traf) throws IOException {
      traf.each(bytes, box -> {
        switch (box.type()) {
          case "tfhd" -> header(bytes, box.atLeast(8));
          case "tfdt" -> {
            boolean large = bytes.u8(box.atLeast(8).body()) == 1;
            time = large ? bytes.i64(box.atLeast(12).body() + 4) : bytes.u32(box.body() + 4);
          }
          case "trun" -> samples(bytes, box.atLeast(8));
          default -> { }
        }
      });
    }

    private void header(MediaBytes bytes, FileBox tfhd) throws IOException {
      int flags = bytes.i32(tfhd.body());
      track = bytes.u32(tfhd.body() + 4);
      duration = usualDurations.getOrDefault(track, 0L);
      if ((flags & DEFAULT_DURATION) != 0) {
        int before = 8 + ((flags & BASE_OFFSET) != 0 ? 8 : 0) + ((flags & DESCRIPTION) != 0 ? 4 : 0);
        duration = bytes.u32(tfhd.atLeast(before + 4).body() + before);
      }
    }

    private void samples(MediaBytes bytes, FileBox trun) throws IOException {
      int flags = bytes.i32(trun.body());
      long count = bytes.u32(trun.body() + 4);
      long first = 8 + ((flags & DATA_OFFSET) != 0 ? 4 : 0) + ((flags & FIRST_FLAGS) != 0 ? 4 : 0);
      int size = 4 * Integer.bitCount(flags & SAMPLE_FIELDS);
      if (size > 0 && count > (trun.length() - first) / size) {
        throw new BrokenBoxes("a fragment says that it has " + count + " samples, which its head has no room for");
      }
      long units = count * duration;
      if ((flags & SAMPLE_DURATION) != 0) {
        units = 0;
        for (long i = 0; i < count; i++) {
          units += bytes.u32(trun.body() + first + i * size);
        }
      }
      time = time < 0 ? end(track) : time;
      starts.putIfAbsent(track, time);
      time += units;
      ends.merge(track, time, Math::max);
    }
  }
}
