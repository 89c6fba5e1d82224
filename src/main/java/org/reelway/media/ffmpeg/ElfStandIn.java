package org.reelway.media.ffmpeg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An empty shared library for Linux: it satisfies the dynamic linker's search for a library whose functions are never
 * called (System V gABI, chapters 4 and 5; symbol versions: LSB Core, 10.7). A call of one would end the program with
 * "symbol lookup error".
 *
 * @param name the library's file name and soname
 * @param versions the symbol versions that programs ask it for
 */
record ElfStandIn(String name, List<String> versions) {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int SEGMENTS = 3;
  private static final int DYNAMIC = HEADER + SEGMENTS * PROGRAM_HEADER;
  private static final int DYNAMIC_ENTRIES = 10;
  private static final int SYMBOLS = DYNAMIC + DYNAMIC_ENTRIES * 16;
  private static final int HASH = SYMBOLS + 24;
  private static final int SYMBOL_VERSIONS = HASH + 16;
  private static final int VERSIONS = SYMBOL_VERSIONS + 8;
  private static final int VERSION = 28;

  /** The library's bytes, for the machine that {@code program} is built for. */
  byte[] bytesFor(Path program) throws IOException {
    try (InputStream in = Files.newInputStream(program)) {
      byte[] start = in.readNBytes(HEADER);
      return bytes(ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getShort(18));
    }
  }

  private byte[] bytes(short machine) {
    List<String> names = new ArrayList<>();
    names.add(name);
    names.addAll(versions);
    int strings = VERSIONS + VERSION * names.size();
    int stringsLength = 1 + names.stream().mapToInt(text -> text.length() + 1).sum();
    int length = strings + stringsLength;

    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    putHeader(out, machine);
    putSegment(out, 1, 6, 0, length, 0x10000); // PT_LOAD, readable and writable: the linker notes addresses in it
    putSegment(out, 2, 6, DYNAMIC, DYNAMIC_ENTRIES * 16, 8); // PT_DYNAMIC
    putSegment(out, 0x6474e551, 6, 0, 0, 16); // PT_GNU_STACK: the stack need not be executable
    putDynamic(out, strings, stringsLength, names.size());
    out.position(HASH);
    out.putInt(1).putInt(1).putInt(0).putInt(0); // one bucket, one symbol, and that is the null symbol
    putNames(out, names, strings);
    return out.array();
  }

  private static void putHeader(ByteBuffer out, short machine) {
    out.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1); // magic, 64-bit, little-endian, version
    out.position(16);
    out.putShort((short) 3).putShort(machine).putInt(1); // ET_DYN
    out.putLong(0).putLong(HEADER).putLong(0).putInt(0); // no entry point, program headers, no sections, no flags
    out.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) SEGMENTS);
    out.position(HEADER);
  }

  private static void putSegment(ByteBuffer out, int type, int flags, int offset, int length, int alignment) {
    out.putInt(type).putInt(flags).putLong(offset).putLong(offset).putLong(offset);
    out.putLong(length).putLong(length).putLong(alignment);
  }

  private static void putDynamic(ByteBuffer out, int strings, int stringsLength, int versionCount) {
    out.position(DYNAMIC);
    out.putLong(14).putLong(1); // DT_SONAME
    out.putLong(4).putLong(HASH); // DT_HASH
    out.putLong(5).putLong(strings); // DT_STRTAB
    out.putLong(10).putLong(stringsLength); // DT_STRSZ
    out.putLong(6).putLong(SYMBOLS); // DT_SYMTAB
    out.putLong(11).putLong(24); // DT_SYMENT
    out.putLong(0x6ffffff0L).putLong(SYMBOL_VERSIONS); // DT_VERSYM
    out.putLong(0x6ffffffcL).putLong(VERSIONS); // DT_VERDEF
    out.putLong(0x6ffffffdL).putLong(versionCount); // DT_VERDEFNUM
    out.putLong(0).putLong(0); // DT_NULL
  }

  /** One version definition for each name, the first being the library itself, and the names behind them. */
  private static void putNames(ByteBuffer out, List<String> names, int strings) {
    int nameOffset = 1;
    for (int i = 0; i < names.size(); i++) {
      byte[] text = names.get(i).getBytes(StandardCharsets.US_ASCII);
      out.position(VERSIONS + i * VERSION);
      out.putShort((short) 1).putShort((short) (i == 0 ? 1 : 0)).putShort((short) (i + 1)).putShort((short) 1);
      out.putInt(hash(text)).putInt(20).putInt(i == names.size() - 1 ? 0 : VERSION);
      out.putInt(nameOffset).putInt(0);
      out.position(strings + nameOffset);
      out.put(text);
      nameOffset += text.length + 1;
    }
  }

  /** The hash function of the gABI. */
  private static int hash(byte[] name) {
    int hash = 0;
    for (byte letter : name) {
      hash = (hash << 4) + letter;
      int high = hash & 0xf0000000;
      hash ^= high >>> 24;
      hash &= ~high;
    }
    return hash;
  }
}
