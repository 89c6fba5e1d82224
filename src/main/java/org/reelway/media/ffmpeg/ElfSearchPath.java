package org.reelway.media.ffmpeg;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The library search path of a 64-bit little-endian ELF program (System V gABI, chapters 4 and 5; ld.so(8)).
 *
 * <p>A program's DT_RUNPATH holds for the libraries that it names itself, and not for theirs; DT_RPATH holds for all.
 * The bundled programs carry {@code $ORIGIN} as the former, while libraries beside them need further ones beside them.
 */
final class ElfSearchPath {
  private static final long DT_NULL = 0;
  private static final long DT_RPATH = 15;
  private static final long DT_RUNPATH = 29;
  private static final int PT_DYNAMIC = 2;

  private ElfSearchPath() {}

  /** Turns DT_RUNPATH into DT_RPATH, in place; a program that has none stays as it is. */
  static void ownFolderFirst(Path program) throws IOException {
    try (FileChannel file = FileChannel.open(program, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer header = read(file, 0, 64);
      if (header.getInt(0) != 0x464c457f || header.get(4) != 2 || header.get(5) != 1) {
        throw new IOException(program + " is not a 64-bit little-endian ELF file");
      }
      long dynamic = dynamicSection(file, header);
      for (long entry = dynamic; dynamic > 0; entry += 16) {
        long tag = read(file, entry, 8).getLong(0);
        if (tag == DT_RUNPATH) {
          ByteBuffer replaced = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, DT_RPATH);
          file.write(replaced, entry);
        }
        if (tag == DT_NULL) {
          return;
        }
      }
    }
  }

  private static long dynamicSection(FileChannel file, ByteBuffer header) throws IOException {
    long table = header.getLong(32);
    int entrySize = header.getShort(54);
    for (int i = 0; i < header.getShort(56); i++) {
      ByteBuffer entry = read(file, table + (long) i * entrySize, 56);
      if (entry.getInt(0) == PT_DYNAMIC) {
        return entry.getLong(8);
      }
    }
    return 0;
  }

  private static ByteBuffer read(FileChannel file, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, offset + bytes.position()) < 0) {
        throw new IOException("the ELF file ends at " + (offset + bytes.position()));
      }
    }
    return bytes;
  }
}
