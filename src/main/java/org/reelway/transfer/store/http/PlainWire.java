package org.reelway.transfer.store.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Files go out by {@code sendfile}: no copy in this process. */
final class PlainWire implements Wire {
  private final SocketLink link;

  PlainWire(SocketLink link) {
    this.link = link;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    return link.channel().read(to);
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    link.channel().write(from);
  }

  @Override
  public long write(FileChannel file, long offset, long count) throws IOException {
    return file.transferTo(offset, count, link.channel());
  }

  @Override
  public boolean flush() {
    return true;
  }

  @Override
  public void close() throws IOException {
    link.close();
  }
}
