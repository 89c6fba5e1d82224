package org.reelway.media.repair;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.reelway.failure.InputFailure;
import org.reelway.recording.MediaBytes;

/** The index of a finished, not fragmented MP4, read into memory. */
final class Mp4Index {
  private static final int LARGEST_INDEX = 256 * 1024 * 1024;
  private static final int MOST_SAMPLES = 20_000_000;

  private final List<Mp4Track> tracks;

  private Mp4Index(List<Mp4Track> tracks) {
    this.tracks = tracks;
  }

  /** @throws InputFailure there is no such index, or it contradicts itself */
  static Mp4Index of(Path file) throws IOException {
    try (MediaBytes bytes = MediaBytes.open(file, 4096)) {
      ByteBuffer moov = moov(bytes).orElseThrow(() -> new InputFailure(file + " has no index"));
      List<Mp4Track> tracks = new ArrayList<>();
      children(
          moov,
          (type, body) -> {
            if (type.equals("trak")) {
              track(body).ifPresent(tracks::add);
            }
          });
      return new Mp4Index(tracks);
    } catch (IndexOutOfBoundsException | java.nio.BufferUnderflowException | IllegalArgumentException e) {
      throw new InputFailure(file + " has an index that contradicts itself", e);
    }
  }

  /** The first track of the handler and codec that has samples. */
  Optional<Mp4Track> track(String handler, String... codecs) {
    return tracks.stream()
        .filter(track -> track.handler().equals(handler) && List.of(codecs).contains(track.codec()))
        .findFirst();
  }

  private static Optional<ByteBuffer> moov(MediaBytes bytes) throws IOException {
    for (long offset = 0; bytes.has(offset, 16); ) {
      long size = bytes.u32(offset);
      size = size == 1 ? bytes.i64(offset + 8) : size;
      if (size < 8 || !bytes.has(offset, size)) {
        return Optional.empty();
      }
      if (bytes.i32(offset + 4) == Mp4Walk.MOOV) {
        return size > LARGEST_INDEX
            ? Optional.empty()
            : Optional.of(ByteBuffer.wrap(bytes.copy(offset + 8, (int) size - 8)));
      }
      offset += size;
    }
    return Optional.empty();
  }

  private static void children(ByteBuffer parent, BiConsumer<String, ByteBuffer> told) {
    ByteBuffer rest = parent.duplicate();
    while (rest.remaining() >= 8) {
      int size = rest.getInt(rest.position());
      if (size < 8 || size > rest.remaining()) {
        return;
      }
      String type = letters(rest, rest.position() + 4);
      told.accept(type, rest.slice(rest.position() + 8, size - 8));
      rest.position(rest.position() + size);
    }
  }

  private static String letters(ByteBuffer bytes, int at) {
    byte[] four = new byte[4];
    bytes.get(at, four);
    return new String(four, StandardCharsets.ISO_8859_1);
  }

  private static final class Tables {
    private String handler = "";
    private ByteBuffer stsd;
    private ByteBuffer stts;
    private ByteBuffer stsz;
    private ByteBuffer stsc;
    private ByteBuffer offsets;
    private boolean large;
    private long timescale;

    void take(String type, ByteBuffer body) {
      switch (type) {
        case "mdia", "minf", "stbl" -> children(body, this::take);
        case "hdlr" -> handler = letters(body, 8);
        case "mdhd" -> timescale = Integer.toUnsignedLong(body.getInt(body.get(0) == 1 ? 20 : 12));
        case "stsd" -> stsd = body;
        case "stts" -> stts = body;
        case "stsz" -> stsz = body;
        case "stsc" -> stsc = body;
        case "stco" -> offsets = body;
        case "co64" -> {
          offsets = body;
          large = true;
        }
        default -> { }
      }
    }

    boolean isWhole() {
      return stsd != null && stts != null && stsz != null && stsc != null && offsets != null
          && stsz.getInt(8) > 0 && stsd.getInt(4) > 0;
    }
  }

  private static Optional<Mp4Track> track(ByteBuffer trak) {
    Tables tables = new Tables();
    children(trak, tables::take);
    if (!tables.isWhole()) {
      return Optional.empty();
    }
    int[] sizes = sizes(tables.stsz);
    long[] offsets = offsets(tables, sizes);
    ByteBuffer entry = tables.stsd.slice(8, tables.stsd.getInt(8));
    return Optional.of(
        new Mp4Track(
            tables.handler, letters(entry, 4), entry, tables.timescale, units(tables.stts), sizes, offsets));
  }

  private static int[] sizes(ByteBuffer stsz) {
    int common = stsz.getInt(4);
    int count = stsz.getInt(8);
    if (count > MOST_SAMPLES) {
      throw new IllegalArgumentException(count + " samples");
    }
    int[] sizes = new int[count];
    for (int i = 0; i < count; i++) {
      sizes[i] = common != 0 ? common : stsz.getInt(12 + 4 * i);
    }
    return sizes;
  }

  private static long units(ByteBuffer stts) {
    long units = 0;
    for (int i = 0; i < stts.getInt(4); i++) {
      units += Integer.toUnsignedLong(stts.getInt(8 + 8 * i)) * Integer.toUnsignedLong(stts.getInt(12 + 8 * i));
    }
    return units;
  }

  private static long[] offsets(Tables tables, int[] sizes) {
    long[] offsets = new long[sizes.length];
    int chunks = tables.offsets.getInt(4);
    int runs = tables.stsc.getInt(4);
    int sample = 0;
    for (int chunk = 1, run = 0; chunk <= chunks && sample < sizes.length; chunk++) {
      while (run + 1 < runs && tables.stsc.getInt(8 + 12 * (run + 1)) <= chunk) {
        run++;
      }
      long offset =
          tables.large
              ? tables.offsets.getLong(8 + 8 * (chunk - 1))
              : Integer.toUnsignedLong(tables.offsets.getInt(8 + 4 * (chunk - 1)));
      int inChunk = tables.stsc.getInt(12 + 12 * run);
      for (int i = 0; i < inChunk && sample < sizes.length; i++, sample++) {
        offsets[sample] = offset;
        offset += sizes[sample];
      }
    }
    return offsets;
  }
}
