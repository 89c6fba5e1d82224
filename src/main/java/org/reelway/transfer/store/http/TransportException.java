package org.reelway.transfer.store.http;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/** A request that ended without a whole answer. */
public final class TransportException extends IOException {
  /** How it ended. */
  public enum Kind {
    /** The host name does not resolve. */
    UNKNOWN_HOST,
    /** No connection: refused, unreachable or timed out. No request was sent. */
    CONNECT,
    /** The TLS handshake failed; the message names the certificate. No request was sent. */
    TLS,
    /** The proxy on the way failed or refused; the store saw no request. */
    PROXY,
    /** The peer neither took nor gave a byte for the idle timeout, or its answer had no end. */
    IDLE,
    /** The peer moves bytes, but so few that it is as good as silent. */
    SLOW,
    /** The connection ended before the whole answer was there. */
    RESET,
    /** The answer is not HTTP, or is larger than allowed. */
    GARBLED,
    /** The calling thread was interrupted, or the pool was closed. */
    INTERRUPTED
  }

  private final Kind kind;

  public TransportException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public TransportException(Kind kind, String message) {
    this(kind, message, null);
  }

  /** What an error of an open connection means. */
  static TransportException of(IOException failure) {
    if (failure instanceof TransportException known) {
      return known;
    }
    if (Thread.currentThread().isInterrupted()) {
      return new TransportException(Kind.INTERRUPTED, "the thread was interrupted", failure);
    }
    if (failure instanceof ClosedChannelException) {
      return new TransportException(Kind.INTERRUPTED, "the connection was closed on this side", failure);
    }
    return new TransportException(Kind.RESET, "the connection broke: " + reason(failure), failure);
  }

  static String reason(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  public Kind kind() {
    return kind;
  }
}
