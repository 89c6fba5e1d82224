package org.reelway.transfer.bandwidth;

/** Who goes first while the budget is short. Nobody starves: each class that waits gets its weight's share. */
public enum Priority {
  /** A few hundred bytes that viewers wait for. */
  PLAYLIST(10_000),
  /** Late, it is a picture that stops. */
  CHUNK(100),
  /** Minutes do not matter. */
  RECORDING(1);

  private final long weight;

  Priority(long weight) {
    this.weight = weight;
  }

  long weight() {
    return weight;
  }
}
