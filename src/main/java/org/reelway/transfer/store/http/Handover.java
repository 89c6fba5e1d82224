package org.reelway.transfer.store.http;

import java.util.function.Supplier;
import org.reelway.transfer.bandwidth.Priority;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Sent;

/**
 * What goes from a caller to the transport past the SDK, which wraps every body that it is given: its calls are made on
 * the caller's own thread.
 *
 * @param body sent in place of what the SDK holds; null for that
 * @param priority of what is sent, while the bandwidth is short
 * @param wholeAnswer whether the answer is a few lines that have to come within minutes, rather than an object
 */
public record Handover(Body body, Sent sent, Priority priority, boolean wholeAnswer) {
  private static final Handover NONE = new Handover(null, Sent.NOBODY, Priority.RECORDING, false);
  private static final ThreadLocal<Handover> CURRENT = new ThreadLocal<>();

  /** Makes the call, whose requests carry this. */
  public <T> T during(Supplier<T> call) {
    CURRENT.set(this);
    try {
      return call.get();
    } finally {
      CURRENT.remove();
    }
  }

  static Handover current() {
    Handover current = CURRENT.get();
    return current == null ? NONE : current;
  }
}
