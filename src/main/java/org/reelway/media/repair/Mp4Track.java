package org.reelway.media.repair;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.media.MediaBytes;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BrokenBoxes;
import org.reelway.media.mp4.SampleEntry;

/**
 * A track of a finished, not fragmented MP4 as its index describes it (ISO/IEC 14496-12, 8.4 to 8.7).
 *
 * @param entry in memory
 * @param timescale units per second
 * @param units the track's length in them
 * @param sizes bytes of each sample
 * @param offsets of each sample in the file
 */
record Mp4Track(SampleEntry entry, long timescale, long units, int[] sizes, long[] offsets) {
  private static final int MOST_SAMPLES = 20_000_000;
  private static final int LARGEST_ENTRY = 64 * 1024;

  int samples() {
    return sizes.length;
  }

  double samplesPerSecond() {
    return units <= 0 ? 0 : (double) samples() * timescale / units;
  }

  /**
   * The file's tracks that have samples.
   *
   * @throws InputFailure there is no such index, or it contradicts itself
   */
  static List<Mp4Track> of(Path file) throws IOException {
    try (MediaBytes bytes = MediaBytes.open(file)) {
      Box moov = Box.file(bytes).find("moov").orElseThrow(() -> new InputFailure(file + " has no index"));
      List<Mp4Track> tracks = new ArrayList<>();
      for (Box trak = moov.first(); trak != null; trak = trak.next()) {
        if (trak.is("trak")) {
          of(trak).ifPresent(tracks::add);
        }
      }
      return tracks;
    } catch (BrokenBoxes e) {
      throw new InputFailure(file + " has an index that contradicts itself", e);
    }
  }

  private static Optional<Mp4Track> of(Box trak) throws IOException {
    String handler = trak.need("mdia", "hdlr").letters(8);
    Optional<Box> table = trak.find("mdia", "minf", "stbl");
    boolean isMedia = handler.equals("vide") || handler.equals("soun");
    if (!isMedia || table.isEmpty() || table.get().need("stsz").u32(8) == 0) {
      return Optional.empty();
    }
    Box stbl = table.get();
    int[] sizes = sizes(stbl.need("stsz"));
    Box entry = SampleEntry.of(stbl.need("stsd"), handler.equals("vide")).box();
    return Optional.of(
        new Mp4Track(
            new SampleEntry(Box.of(entry.whole(LARGEST_ENTRY)), handler.equals("vide")),
            trak.need("mdia", "mdhd").timescale(), units(stbl.need("stts")), sizes, offsets(stbl, sizes)));
  }

  private static int[] sizes(Box stsz) throws IOException {
    int common = stsz.i32(4);
    long count = stsz.u32(8);
    if (count > MOST_SAMPLES || common == 0 && count > (stsz.length() - 12) / 4) {
      throw new BrokenBoxes(count + " samples");
    }
    int[] sizes = new int[(int) count];
    for (int i = 0; i < count; i++) {
      sizes[i] = common != 0 ? common : stsz.i32(12 + 4L * i);
    }
    return sizes;
  }

  private static long units(Box stts) throws IOException {
    long units = 0;
    // Read once: the field lies far from the entries, and each jump reads a window of the file anew.
    long entries = stts.u32(4);
    for (long i = 0; i < entries; i++) {
      units += stts.u32(8 + 8 * i) * stts.u32(12 + 8 * i);
    }
    return units;
  }

  private static long[] offsets(Box stbl, int[] sizes) throws IOException {
    Optional<Box> large = stbl.find("co64");
    Box places = large.isPresent() ? large.get() : stbl.need("stco");
    Runs runs = new Runs(stbl.need("stsc"));
    long[] offsets = new long[sizes.length];
    long chunks = places.u32(4);
    int sample = 0;
    for (long chunk = 0; chunk < chunks && sample < sizes.length; chunk++) {
      long offset = large.isPresent() ? places.i64(8 + 8 * chunk) : places.u32(8 + 4 * chunk);
      long inChunk = runs.samples(chunk + 1);
      for (long i = 0; i < inChunk && sample < sizes.length; i++, sample++) {
        offsets[sample] = offset;
        offset += sizes[sample];
      }
    }
    return offsets;
  }

  /** How many samples each chunk has ({@code stsc}); asked in order. */
  private static final class Runs {
    private final Box stsc;
    private final long count;
    private long at;
    private long samples;
    private long next;

    Runs(Box stsc) throws IOException {
      this.stsc = stsc;
      this.count = stsc.u32(4);
      read();
    }

    private void read() throws IOException {
      samples = stsc.u32(12 + 12 * at);
      at++;
      next = at < count ? stsc.u32(8 + 12 * at) : Long.MAX_VALUE;
    }

    long samples(long chunk) throws IOException {
      while (next <= chunk) {
        read();
      }
      return samples;
    }
  }
}
