package org.reelway.media.mp4;

import java.io.IOException;

/**
 * Samples of one track that lie behind each other ({@code trun}, ISO/IEC 14496-12, 8.8.8); each is read when it is asked
 * for, so that memory does not depend on their number.
 *
 * @param flags of the box
 * @param first where the first sample's fields are
 * @param firstFlags of the first sample, where samples have none of their own
 */
public record SampleRun(Box trun, SampleDefaults defaults, int flags, long count, int first, int firstFlags) {
  private static final int DATA_OFFSET = 0x1;
  private static final int FIRST_FLAGS = 0x4;
  private static final int DURATION = 0x100;
  private static final int SIZE = 0x200;
  private static final int FLAGS = 0x400;
  private static final int OFFSET = 0x800;
  private static final int FIELDS = DURATION | SIZE | FLAGS | OFFSET;
  private static final int NOT_SYNC = 0x10000;

  static SampleRun of(Box trun, SampleDefaults defaults) throws IOException {
    int flags = trun.flags();
    long count = trun.u32(4);
    int at = 8 + ((flags & DATA_OFFSET) != 0 ? 4 : 0);
    boolean told = (flags & FIRST_FLAGS) != 0;
    int first = told ? at + 4 : at;
    int size = 4 * Integer.bitCount(flags & FIELDS);
    if (size > 0 && count > (trun.length() - first) / size) {
      throw new BrokenBoxes("a fragment says that it has " + count + " samples, which its head has no room for");
    }
    return new SampleRun(trun, defaults, flags, count, first, told ? trun.i32(at) : defaults.flags());
  }

  /** Whether each sample has a field at least, so that the box's size bounds their number. */
  public boolean isListed() {
    return (flags & FIELDS) != 0;
  }

  public boolean hasDataOffset() {
    return (flags & DATA_OFFSET) != 0;
  }

  /** From the fragment's base to the first sample. */
  public int dataOffset() throws IOException {
    return trun.i32(8);
  }

  private boolean has(int field) {
    return (flags & field) != 0;
  }

  /** Where a field of a sample is: behind those before it. */
  private long place(long sample, int field) {
    int size = 4 * Integer.bitCount(flags & FIELDS);
    return first + sample * size + 4L * Integer.bitCount(flags & FIELDS & field - 1);
  }

  /** In units of the track. */
  public long duration(long sample) throws IOException {
    return has(DURATION) ? trun.u32(place(sample, DURATION)) : defaults.duration();
  }

  /** In bytes. */
  public long size(long sample) throws IOException {
    return has(SIZE) ? trun.u32(place(sample, SIZE)) : defaults.size();
  }

  /** From decode to composition time, in units of the track. */
  public int offset(long sample) throws IOException {
    return has(OFFSET) ? trun.i32(place(sample, OFFSET)) : 0;
  }

  /** Whether it needs no sample before it. */
  public boolean isKey(long sample) throws IOException {
    int own = sample == 0 && has(FIRST_FLAGS) ? firstFlags : has(FLAGS) ? trun.i32(place(sample, FLAGS)) : defaults.flags();
    return (own & NOT_SYNC) == 0;
  }

  /** How long all last, in units of the track. */
  public long duration() throws IOException {
    if (!has(DURATION)) {
      return count * defaults.duration();
    }
    long units = 0;
    for (long i = 0; i < count; i++) {
      units += duration(i);
    }
    return units;
  }
}
