package org.reelway.live.hds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.reelway.failure.InputFailure;
import org.reelway.media.mp4.BoxContent;
import org.reelway.media.mp4.BrokenBoxes;

/**
 * The box abst with its two tables: which fragments there are, in which segments, and when they are played.
 *
 * @param bytes of the whole box
 * @param format the box's own version and flags
 * @param version that rises with each change
 * @param profile the byte that has the live flag
 * @param timescale of the media time, a second
 * @param mediaTime up to which there are fragments; 0 for unknown
 * @param middle from the SMPTE offset to the metadata
 * @param asrtHead in front of its entries
 * @param fragmentTimescale of the fragment table, a second
 * @param afrtHead in front of its entries
 */
record BootstrapBox(
    byte[] bytes,
    int format,
    long version,
    int profile,
    long timescale,
    long mediaTime,
    byte[] middle,
    byte[] asrtHead,
    List<SegmentRun> segments,
    long fragmentTimescale,
    byte[] afrtHead,
    List<FragmentRun> fragments) {
  private static final int LIVE = 0x20;
  private static final int UPDATE = 0x10;
  private static final int SEGMENT_RUN = 8;
  private static final int FRAGMENT_RUN = 16;

  /** @throws InputFailure when the bytes are no whole bootstrap, or one that cannot be published */
  static BootstrapBox parse(byte[] bytes) {
    try {
      return read(bytes);
    } catch (BrokenBoxes torn) {
      throw new InputFailure("the bootstrap is torn: " + torn.getMessage(), torn);
    } catch (IOException memoryNeverFails) {
      throw new UncheckedIOException(memoryNeverFails);
    }
  }

  private static BootstrapBox read(byte[] bytes) throws IOException {
    BoxReader abst = BoxReader.of(bytes, "abst");
    int format = (int) abst.u32();
    long version = abst.u32();
    int profile = abst.u8();
    if ((profile & UPDATE) != 0) {
      throw new InputFailure("the bootstrap is an update of another one; let the packager write whole ones");
    }
    long timescale = abst.u32();
    long mediaTime = abst.u64();
    int from = abst.position();
    abst.u64();
    abst.text();
    abst.texts();
    abst.texts();
    abst.text();
    abst.text();
    byte[] middle = abst.since(from);
    requireOne(abst.u8(), "asrt");
    BoxReader asrt = abst.box("asrt");
    byte[] asrtHead = head(asrt, false);
    List<SegmentRun> segments = segments(asrt);
    requireOne(abst.u8(), "afrt");
    BoxReader afrt = abst.box("afrt");
    byte[] afrtHead = head(afrt, true);
    long fragmentTimescale = Integer.toUnsignedLong(ByteBuffer.wrap(afrtHead).getInt(4));
    if (timescale == 0 || fragmentTimescale == 0) {
      throw new InputFailure("the bootstrap has no units of time (a timescale of 0)");
    }
    return new BootstrapBox(
        bytes, format, version, profile, timescale, mediaTime, middle, asrtHead, segments, fragmentTimescale, afrtHead,
        fragments(afrt));
  }

  private static void requireOne(int count, String table) {
    if (count != 1) {
      throw new InputFailure(
          "the bootstrap has " + count + " tables " + table + "; one is taken: let the packager write a bootstrap for"
              + " each quality");
    }
  }

  /** Version, flags, perhaps a timescale, and quality modifiers, of which none is taken. */
  private static byte[] head(BoxReader table, boolean timed) throws IOException {
    table.u32();
    if (timed) {
      table.u32();
    }
    if (table.texts() > 0) {
      throw new InputFailure(
          "the bootstrap has quality modifiers; let the packager write a bootstrap for each quality");
    }
    return table.since(0);
  }

  private static List<SegmentRun> segments(BoxReader asrt) throws IOException {
    long count = asrt.u32();
    if (count == 0 || count * SEGMENT_RUN > asrt.left()) {
      throw new InputFailure("the bootstrap's segment table cannot have " + count + " entries");
    }
    List<SegmentRun> runs = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      SegmentRun run = new SegmentRun(asrt.u32(), asrt.u32());
      boolean behind = runs.isEmpty() || run.segment() > runs.get(runs.size() - 1).segment();
      if (run.fragments() == 0 || !behind) {
        throw new InputFailure("segment " + run.segment() + " has no fragments, or stands in the wrong place");
      }
      runs.add(run);
    }
    return List.copyOf(runs);
  }

  private static List<FragmentRun> fragments(BoxReader afrt) throws IOException {
    long count = afrt.u32();
    if (count * FRAGMENT_RUN > afrt.left()) {
      throw new InputFailure("the bootstrap's fragment table cannot have " + count + " entries");
    }
    // ffmpeg writes no indicator behind a duration of 0.
    boolean indicated = count * FRAGMENT_RUN < afrt.left();
    List<FragmentRun> runs = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      long first = afrt.u32();
      long time = afrt.u64();
      long duration = afrt.u32();
      runs.add(new FragmentRun(first, time, duration, indicated && duration == 0 ? afrt.u8() : HdsFragment.NO_SEAM));
    }
    return List.copyOf(runs);
  }

  boolean live() {
    return (profile & LIVE) != 0;
  }

  /** The same bootstrap of other fragments. */
  byte[] with(
      long newVersion, boolean live, long newMediaTime, List<SegmentRun> newSegments, List<FragmentRun> newFragments) {
    ByteBuffer head = ByteBuffer.allocate(21);
    head.putInt(format);
    head.putInt((int) newVersion).put((byte) (live ? profile | LIVE : profile & ~LIVE));
    head.putInt((int) timescale).putLong(newMediaTime);
    byte[] one = {1};
    return BoxContent.box(
        "abst", head.array(), middle, one, BoxContent.box("asrt", asrtHead, entries(newSegments)), one,
        BoxContent.box("afrt", afrtHead, entriesOfFragments(newFragments)));
  }

  private static byte[] entries(List<SegmentRun> runs) {
    ByteBuffer entries = ByteBuffer.allocate(4 + runs.size() * SEGMENT_RUN).putInt(runs.size());
    runs.forEach(run -> entries.putInt((int) run.segment()).putInt((int) run.fragments()));
    return entries.array();
  }

  private static byte[] entriesOfFragments(List<FragmentRun> runs) {
    int seams = (int) runs.stream().filter(FragmentRun::isSeam).count();
    ByteBuffer entries = ByteBuffer.allocate(4 + runs.size() * FRAGMENT_RUN + seams).putInt(runs.size());
    for (FragmentRun run : runs) {
      // A duration of 0 would be a seam.
      long duration = run.isSeam() ? 0 : Math.max(1, run.duration());
      entries.putInt((int) run.first()).putLong(run.time()).putInt((int) duration);
      if (run.isSeam()) {
        entries.put((byte) run.seam());
      }
    }
    return entries.array();
  }
}
