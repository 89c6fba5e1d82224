package org.reelway.conference.multirecorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A table that grows in a file of its own: days of samples do not fit into memory. Used by one thread. */
final class Table {
  private static final int BUFFER = 8 * 1024;

  private final Path file;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private long entries;

  /** @param file that is not there yet */
  Table(Path file) throws IOException {
    this.file = Files.createFile(file);
  }

  void add(int... values) throws IOException {
    room(values.length * Integer.BYTES);
    for (int value : values) {
      buffer.putInt(value);
    }
    entries++;
  }

  void addLong(long value) throws IOException {
    room(Long.BYTES);
    buffer.putLong(value);
    entries++;
  }

  private void room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
  }

  private void flush() throws IOException {
    // Opened for each write: a conference has more tables than a process may hold open files.
    Files.write(
        file, java.util.Arrays.copyOf(buffer.array(), buffer.position()), StandardOpenOption.APPEND);
    buffer.clear();
  }

  long entries() {
    return entries;
  }

  /** As the box's content behind version and flags: the number of entries, then the entries. */
  Boxes.Content counted() throws IOException {
    flush();
    byte[] count = ByteBuffer.allocate(4).putInt((int) entries).array();
    Boxes.Content table = Boxes.file(file);
    return new Boxes.Content() {
      @Override
      public long size() throws IOException {
        return count.length + table.size();
      }

      @Override
      public void write(java.io.OutputStream out) throws IOException {
        out.write(count);
        table.write(out);
      }
    };
  }
}
