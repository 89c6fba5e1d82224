package org.reelway.transfer.observe;

/** Callbacks to backends, as JMX shows them. */
public interface CallbacksMXBean {
  long getWaiting();

  /** Delivered and still remembered. */
  long getDelivered();

  /** Given up. */
  long getDead();

  /** For how long the oldest one has waited; 0 when none does. */
  long getOldestSeconds();

  /** Delivers it once more, with the same id; one that waits is tried now. */
  void replay(String id);
}
