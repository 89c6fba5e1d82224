package org.reelway.media;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of a file, by offset, big-endian, through one small window; or bytes in memory. The size of a file is that at
 * the moment of opening: one that grows meanwhile is judged as it was.
 */
public final class MediaBytes implements AutoCloseable {
  private static final int WINDOW = 4096;

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer window;
  private long windowStart;
  private int windowLength;

  /** @param channel null where the window holds all */
  private MediaBytes(FileChannel channel, long size, ByteBuffer window, int windowLength) {
    this.channel = channel;
    this.size = size;
    this.window = window;
    this.windowLength = windowLength;
  }

  /** With a window for headers that are jumped to. */
  public static MediaBytes open(Path file) throws IOException {
    return open(file, WINDOW);
  }

  /** @param windowSize bytes read at a time: small where headers are jumped to, large where all is read */
  public static MediaBytes open(Path file, int windowSize) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new MediaBytes(channel, channel.size(), ByteBuffer.allocate(windowSize), 0);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** The array itself, not a copy. */
  public static MediaBytes of(byte[] bytes) {
    return new MediaBytes(null, bytes.length, ByteBuffer.wrap(bytes), bytes.length);
  }

  public long size() {
    return size;
  }

  /** Whether {@code length} bytes exist from {@code offset} on. */
  public boolean has(long offset, long length) {
    return offset >= 0 && length >= 0 && offset <= size && length <= size - offset;
  }

  public int u8(long offset) throws IOException {
    load(offset, 1);
    return window.get((int) (offset - windowStart)) & 0xff;
  }

  public int u16(long offset) throws IOException {
    return u8(offset) << 8 | u8(offset + 1);
  }

  public int u24(long offset) throws IOException {
    return u16(offset) << 8 | u8(offset + 2);
  }

  public int i32(long offset) throws IOException {
    load(offset, 4);
    return window.getInt((int) (offset - windowStart));
  }

  public long u32(long offset) throws IOException {
    return i32(offset) & 0xffff_ffffL;
  }

  public long i64(long offset) throws IOException {
    load(offset, 8);
    return window.getLong((int) (offset - windowStart));
  }

  public byte[] copy(long offset, int length) throws IOException {
    require(offset, length);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    if (channel == null) {
      return bytes.put(0, window, (int) offset, length).array();
    }
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("the file had " + size + " bytes and now ends at " + (offset + bytes.position()));
      }
    }
    return bytes.array();
  }

  /** Of a file alone. */
  public void copyTo(WritableByteChannel target, long offset, long length) throws IOException {
    long from = offset;
    while (from < offset + length) {
      long copied = channel.transferTo(from, offset + length - from, target);
      if (copied <= 0) {
        throw new EOFException("the file had " + size + " bytes and now ends at " + from);
      }
      from += copied;
    }
  }

  private void require(long offset, int length) throws EOFException {
    if (!has(offset, length)) {
      throw new EOFException("read of " + length + " bytes at " + offset + " of a file of " + size);
    }
  }

  private void load(long offset, int length) throws IOException {
    if (offset >= windowStart && offset + length <= windowStart + windowLength) {
      return;
    }
    require(offset, length);
    windowLength = 0;
    window.clear();
    windowStart = offset;
    while (windowLength < length) {
      int read = channel.read(window, windowStart + windowLength);
      if (read < 0) {
        throw new EOFException("the file had " + size + " bytes and now ends at " + (windowStart + windowLength));
      }
      windowLength += read;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
