package org.reelway.transfer.store;

/** Told how many bytes of a body went out, as they go; a repeated try reports its bytes again. */
@FunctionalInterface
public interface Sent {
  Sent NOBODY = bytes -> {};

  void bytes(long count);
}
