package org.reelway.transfer.store;

import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.function.Supplier;

/** A request body that can be sent again from its start, so that a try can be repeated. */
public sealed interface Body {
  /** Bytes. */
  long length();

  /**
   * A range of a file, sent without being held in the heap. The channel stays open and its position is not used; only
   * an interrupt of the sending thread may close it, as Java's interruptible channels do.
   */
  record FileSlice(FileChannel channel, long offset, long length) implements Body {}

  /**
   * Bytes that somebody else gives, from their start with each call.
   *
   * @param length how many they are
   */
  record Stream(Supplier<InputStream> from, long length) implements Body {}

  /** A small body in memory. */
  record Bytes(byte[] bytes) implements Body {
    @Override
    public long length() {
      return bytes.length;
    }
  }
}
