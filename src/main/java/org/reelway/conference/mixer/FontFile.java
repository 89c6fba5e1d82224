package org.reelway.conference.mixer;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A font and which of the wanted characters it has, by the Unicode tables of its {@code cmap} (ISO/IEC 14496-22, formats 4 and
 * 12). The others are not kept: a machine may have a thousand fonts of ten thousand characters. Of a collection the first font
 * counts.
 */
final class FontFile {
  private static final int COLLECTION = 0x74746366;
  private static final int LARGEST_TABLE = 8 << 20;
  private static final int MOST_TABLES = 256;

  private final Path file;
  private final Set<Integer> characters;

  private FontFile(Path file, Set<Integer> characters) {
    this.file = file;
    this.characters = characters;
  }

  /** Empty for what cannot be read, is none, or has no outlines, which drawing needs: coloured emoji are pictures. */
  static Optional<FontFile> read(Path file, Set<Integer> wanted) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Map<String, int[]> tables = tables(channel);
      boolean hasOutlines = tables.containsKey("glyf") || tables.containsKey("CFF ") || tables.containsKey("CFF2");
      if (!hasOutlines || !tables.containsKey("cmap")) {
        return Optional.empty();
      }
      BitSet all = new BitSet();
      take(bytes(channel, tables.get("cmap")[0], tables.get("cmap")[1]), all);
      return Optional.of(new FontFile(file, wanted.stream().filter(all::get).collect(Collectors.toUnmodifiableSet())));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static Map<String, int[]> tables(FileChannel channel) throws IOException {
    ByteBuffer head = bytes(channel, 0, 16);
    int start = head.getInt(0) == COLLECTION ? head.getInt(12) : 0;
    int count = Math.min(MOST_TABLES, bytes(channel, start, 12).getShort(4) & 0xffff);
    ByteBuffer directory = bytes(channel, start + 12, count * 16);
    Map<String, int[]> tables = new HashMap<>();
    for (int at = 0; at < count * 16; at += 16) {
      byte[] tag = new byte[4];
      directory.get(at, tag);
      tables.put(
          new String(tag, java.nio.charset.StandardCharsets.ISO_8859_1),
          new int[] {directory.getInt(at + 8), directory.getInt(at + 12)});
    }
    return tables;
  }

  private static ByteBuffer bytes(FileChannel channel, int from, int size) throws IOException {
    if (from < 0 || size < 0 || size > LARGEST_TABLE) {
      throw new EOFException("no font");
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, (long) from + bytes.position()) < 0) {
        throw new EOFException("it ends too early");
      }
    }
    return bytes;
  }

  private static void take(ByteBuffer cmap, BitSet characters) {
    int count = cmap.getShort(2) & 0xffff;
    for (int i = 0; i < count; i++) {
      int platform = cmap.getShort(4 + i * 8);
      int table = cmap.getInt(8 + i * 8);
      int format = cmap.getShort(table);
      if (platform == 0 || platform == 3) {
        if (format == 4) {
          segments(cmap, table, characters);
        } else if (format == 12) {
          groups(cmap, table, characters);
        }
      }
    }
  }

  private static void segments(ByteBuffer cmap, int table, BitSet characters) {
    int twice = cmap.getShort(table + 6) & 0xffff;
    int ends = table + 14;
    int starts = ends + twice + 2;
    for (int i = 0; i < twice; i += 2) {
      int start = cmap.getShort(starts + i) & 0xffff;
      int end = cmap.getShort(ends + i) & 0xffff;
      int delta = cmap.getShort(starts + twice + i);
      int offsetAt = starts + 2 * twice + i;
      int offset = cmap.getShort(offsetAt) & 0xffff;
      for (int each = start; each <= end; each++) {
        int glyph = offset == 0 ? each + delta : cmap.getShort(offsetAt + offset + 2 * (each - start));
        characters.set(each, (glyph & 0xffff) != 0);
      }
    }
  }

  private static void groups(ByteBuffer cmap, int table, BitSet characters) {
    int count = cmap.getInt(table + 12);
    for (int i = 0; i < count; i++) {
      int at = table + 16 + i * 12;
      int end = Math.min(Character.MAX_CODE_POINT, cmap.getInt(at + 4));
      characters.set(cmap.getInt(at), end + 1);
    }
  }

  Path file() {
    return file;
  }

  boolean has(int character) {
    return Character.isWhitespace(character) || characters.contains(character);
  }

  /** How many of the text's characters it has. */
  long of(String text) {
    return text.codePoints().filter(this::has).count();
  }
}
