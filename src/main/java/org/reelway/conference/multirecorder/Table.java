package org.reelway.conference.multirecorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.reelway.media.mp4.BoxContent;

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
        file, Arrays.copyOf(buffer.array(), buffer.position()), StandardOpenOption.APPEND);
    buffer.clear();
  }

  long entries() {
    return entries;
  }

  /** As the box's content behind version and flags: fields of its own, the number of entries, then the entries. */
  BoxContent[] counted(int... before) throws IOException {
    flush();
    ByteBuffer head = ByteBuffer.allocate((before.length + 1) * Integer.BYTES);
    IntStream.of(before).forEach(head::putInt);
    return new BoxContent[] {BoxContent.of(head.putInt((int) entries).array()), BoxContent.of(file)};
  }
}
