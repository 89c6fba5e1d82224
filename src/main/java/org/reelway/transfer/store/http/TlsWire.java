package org.reelway.transfer.store.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * TLS 1.2 or newer by JSSE's engine, with the peer's name checked against its certificate. An engine rather than an
 * {@code SSLSocket}: many records leave by one system call, and waits stay with {@link SocketLink}.
 */
final class TlsWire implements Wire {
  /** Four records: measured, larger ones cost more (the bytes fall out of the processor's cache). */
  private static final int FILE_CHUNK = 64 * 1024;
  /** A peer that trickles its part of the handshake is not waited for for ever. */
  private static final long STEPS = 3;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketLink link;
  private final SSLEngine engine;
  /** Encrypted bytes from the peer, ready to fill. */
  private final ByteBuffer inbound;
  /** Decrypted bytes, ready to drain. */
  private final ByteBuffer plain;
  /** Encrypted bytes for the peer, ready to drain. */
  private final ByteBuffer outbound;
  /** Bytes of a file that are not encrypted yet, ready to drain; made with the first file. */
  private ByteBuffer fileBytes;

  private TlsWire(SocketLink link, SSLEngine engine) {
    this.link = link;
    this.engine = engine;
    int packet = engine.getSession().getPacketBufferSize();
    inbound = ByteBuffer.allocate(packet * 2);
    plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize() * 2).limit(0);
    outbound = ByteBuffer.allocateDirect(FILE_CHUNK + packet * 2).limit(0);
  }

  /** Shakes hands; each step may take the given time, and all of them {@link #STEPS} times that. */
  static TlsWire handshake(SocketLink link, SSLContext context, Peer peer, long millis) throws IOException {
    SSLEngine engine = context.createSSLEngine(peer.host(), peer.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(
        Arrays.stream(engine.getSupportedProtocols())
            .filter(protocol -> protocol.equals("TLSv1.3") || protocol.equals("TLSv1.2"))
            .toArray(String[]::new));
    engine.setSSLParameters(parameters);
    TlsWire wire = new TlsWire(link, engine);
    wire.shakeHands(millis);
    return wire;
  }

  private void shakeHands(long millis) throws IOException {
    engine.beginHandshake();
    long deadline = System.nanoTime() + STEPS * millis * 1_000_000;
    while (true) {
      if (System.nanoTime() - deadline > 0) {
        throw new SSLException("the TLS handshake was not done after " + STEPS * millis + " ms");
      }
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> {
          wrap(NOTHING);
          while (!flush()) {
            await(SelectionKey.OP_WRITE, millis);
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrap()) {
            await(SelectionKey.OP_READ, millis);
            if (link.channel().read(inbound) < 0) {
              throw new SSLException("the peer closed the connection during the TLS handshake");
            }
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
      }
    }
  }

  private void await(int operation, long millis) throws IOException {
    if (link.await(operation, millis) == 0) {
      throw new SSLException("no answer to the TLS handshake within " + millis + " ms");
    }
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    boolean ended = false;
    while (!plain.hasRemaining()) {
      if (engine.isInboundDone()) {
        return -1;
      }
      if (unwrap()) {
        answerHandshake();
        continue;
      }
      if (ended) {
        return -1;
      }
      int count = link.channel().read(inbound);
      if (count == 0) {
        return 0;
      }
      ended = count < 0;
    }
    int count = Math.min(to.remaining(), plain.remaining());
    to.put(plain.slice(plain.position(), count));
    plain.position(plain.position() + count);
    return count;
  }

  /** After the handshake a peer may still want its keys renewed. Its word that it closes is the end of its answer. */
  private void answerHandshake() throws IOException {
    if (engine.isInboundDone()) {
      return;
    }
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      runTasks();
    }
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone()) {
      wrap(NOTHING);
      flush();
    }
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    if (flush()) {
      wrap(from);
      flush();
    }
  }

  @Override
  public long write(FileChannel file, long offset, long count) throws IOException {
    if (!flush()) {
      return 0;
    }
    if (fileBytes == null) {
      fileBytes = ByteBuffer.allocateDirect(FILE_CHUNK);
    }
    fileBytes.clear().limit((int) Math.min(FILE_CHUNK, count));
    int read = file.read(fileBytes, offset);
    if (read <= 0) {
      return 0;
    }
    fileBytes.flip();
    wrap(fileBytes);
    flush();
    return read - fileBytes.remaining();
  }

  @Override
  public boolean flush() throws IOException {
    if (outbound.hasRemaining()) {
      link.channel().write(outbound);
    }
    return !outbound.hasRemaining();
  }

  /** Encrypts until the source is empty or a record might not fit; the outbound buffer must be empty. */
  private void wrap(ByteBuffer from) throws SSLException {
    outbound.clear();
    try {
      do {
        SSLEngineResult result = engine.wrap(from, outbound);
        if (result.getStatus() == Status.CLOSED) {
          throw new SSLException("the peer has ended the TLS connection");
        }
        if (result.getStatus() != Status.OK) {
          return;
        }
      } while (from.hasRemaining());
    } finally {
      outbound.flip();
    }
  }

  /** @return whether a record was there */
  private boolean unwrap() throws SSLException {
    inbound.flip();
    plain.compact();
    try {
      SSLEngineResult result = engine.unwrap(inbound, plain);
      return result.getStatus() == Status.OK || result.getStatus() == Status.CLOSED;
    } finally {
      plain.flip();
      inbound.compact();
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /** Without a goodbye: lengths tell where a message ends, and another thread may be at work here. */
  @Override
  public void close() throws IOException {
    link.close();
  }
}
