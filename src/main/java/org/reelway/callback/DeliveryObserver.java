package org.reelway.callback;

/** Is told how tries end. */
public interface DeliveryObserver {
  void delivered(String receiver);

  void failed(String receiver);

  /** Given up: it is a dead letter now. */
  void dead(String receiver);
}
