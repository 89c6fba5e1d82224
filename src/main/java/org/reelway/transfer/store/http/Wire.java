package org.reelway.transfer.store.http;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes to and from a peer, plain or encrypted. No method waits. */
interface Wire extends Closeable {
  /** @return bytes read; 0 where none are there yet; -1 where the peer has ended its side */
  int read(ByteBuffer to) throws IOException;

  /** Takes as many bytes as there is room for. */
  void write(ByteBuffer from) throws IOException;

  /**
   * Takes bytes of a file.
   *
   * @return bytes taken; 0 where there is no room, or where the file ends before the offset
   */
  long write(FileChannel file, long offset, long count) throws IOException;

  /** @return whether all that was taken is with the system's socket */
  boolean flush() throws IOException;
}
