package org.reelway.conference.multirecorder;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.reelway.failure.InputFailure;
import org.reelway.stream.recorder.Mp4Boxes;

/**
 * Samples of one run ({@code trun}, ISO/IEC 14496-12, 8.8.8), one entry each.
 *
 * @param sizes in bytes
 * @param durations in units of the track
 * @param offsets from decode to composition time, in units of the track
 * @param keys whether a sample needs none before it
 */
record Samples(int[] sizes, int[] durations, int[] offsets, boolean[] keys) {
  private static final int DATA_OFFSET = 0x1;
  private static final int FIRST_FLAGS = 0x4;
  private static final int DURATIONS = 0x100;
  private static final int SIZES = 0x200;
  private static final int FLAGS = 0x400;
  private static final int OFFSETS = 0x800;
  private static final int BASE_DATA_OFFSET = 0x1;
  private static final int DESCRIPTION_INDEX = 0x2;
  private static final int DEFAULT_DURATION = 0x8;
  private static final int DEFAULT_SIZE = 0x10;
  private static final int DEFAULT_FLAGS = 0x20;
  private static final int NOT_SYNC = 0x10000;

  int count() {
    return sizes.length;
  }

  /**
   * Reads what a fragment has of a track.
   *
   * @param moof where the fragment's {@code moof} begins in the file: offsets count from there
   * @param runs to which they are added
   */
  static void readTraf(Mp4Boxes traf, Map<Integer, TrackHead> heads, long moof, List<PieceReader.Run> runs) {
    ByteBuffer in = traf.bytes();
    int tfhd = traf.first("tfhd").orElseThrow().body();
    int flags = in.getInt(tfhd) & 0xffffff;
    int track = in.getInt(tfhd + 4);
    TrackHead head = heads.get(track);
    if (head == null || (flags & BASE_DATA_OFFSET) != 0) {
      throw new InputFailure("a fragment is of no track, or not as ffmpeg writes it (track " + track + ")");
    }
    int at = tfhd + 8 + ((flags & DESCRIPTION_INDEX) != 0 ? 4 : 0);
    int duration = head.defaults().duration();
    int size = head.defaults().size();
    int sampleFlags = head.defaults().flags();
    if ((flags & DEFAULT_DURATION) != 0) {
      duration = in.getInt(at);
      at += 4;
    }
    if ((flags & DEFAULT_SIZE) != 0) {
      size = in.getInt(at);
      at += 4;
    }
    sampleFlags = (flags & DEFAULT_FLAGS) != 0 ? in.getInt(at) : sampleFlags;
    int tfdt = traf.first("tfdt").orElseThrow().body();
    long time = in.get(tfdt) == 1 ? in.getLong(tfdt + 4) : in.getInt(tfdt + 4) & 0xffffffffL;
    TrackHead.Defaults defaults = new TrackHead.Defaults(duration, size, sampleFlags);
    for (Mp4Boxes.Box trun : traf.all("trun")) {
      int trunFlags = in.getInt(trun.body()) & 0xffffff;
      if ((trunFlags & DATA_OFFSET) == 0) {
        throw new InputFailure("a run of samples does not say where its media is");
      }
      Samples samples = readTrun(in, trun.body(), trunFlags, defaults);
      runs.add(new PieceReader.Run(track, time, moof + in.getInt(trun.body() + 8), samples));
      for (int each : samples.durations()) {
        time += each;
      }
    }
  }

  private static Samples readTrun(ByteBuffer in, int trun, int flags, TrackHead.Defaults defaults) {
    int count = in.getInt(trun + 4);
    int at = trun + 12;
    int firstFlags = defaults.flags();
    boolean told = (flags & FIRST_FLAGS) != 0;
    if (told) {
      firstFlags = in.getInt(at);
      at += 4;
    }
    int each = 4 * Integer.bitCount(flags & (DURATIONS | SIZES | FLAGS | OFFSETS));
    if (count < 0 || (long) count * each > in.limit() - at || each == 0 && count > 1 << 20) {
      throw new InputFailure("a run of samples says that it has " + count);
    }
    Samples samples = new Samples(new int[count], new int[count], new int[count], new boolean[count]);
    for (int i = 0; i < count; i++) {
      samples.durations[i] = (flags & DURATIONS) != 0 ? in.getInt(at) : defaults.duration();
      at += (flags & DURATIONS) != 0 ? 4 : 0;
      samples.sizes[i] = (flags & SIZES) != 0 ? in.getInt(at) : defaults.size();
      at += (flags & SIZES) != 0 ? 4 : 0;
      int sampleFlags = (flags & FLAGS) != 0 ? in.getInt(at) : i == 0 && told ? firstFlags : defaults.flags();
      at += (flags & FLAGS) != 0 ? 4 : 0;
      samples.offsets[i] = (flags & OFFSETS) != 0 ? in.getInt(at) : 0;
      at += (flags & OFFSETS) != 0 ? 4 : 0;
      samples.keys[i] = (sampleFlags & NOT_SYNC) == 0;
      if (samples.sizes[i] < 0 || samples.durations[i] < 0) {
        throw new InputFailure("a sample of a piece has a size or a duration below zero");
      }
    }
    return samples;
  }
}
