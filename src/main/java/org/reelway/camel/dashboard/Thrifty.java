package org.reelway.camel.dashboard;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Something that is asked again and again, and costs more the more there is: kept 200 times as long as it took, so that it
 * takes half a percent of a core at most, but no longer than ten seconds.
 */
public final class Thrifty<T> implements Supplier<T> {
  private static final int FACTOR = 200;
  private static final long LONGEST_NANOS = 10_000_000_000L;

  private final Supplier<T> asked;
  private final LongSupplier nanos;
  private T known;
  private long askAgain;
  private boolean isKnown;

  public Thrifty(Supplier<T> asked) {
    this(asked, System::nanoTime);
  }

  public Thrifty(Supplier<T> asked, LongSupplier nanos) {
    this.asked = asked;
    this.nanos = nanos;
  }

  @Override
  public synchronized T get() {
    long begin = nanos.getAsLong();
    if (!isKnown || begin - askAgain >= 0) {
      known = asked.get();
      isKnown = true;
      long end = nanos.getAsLong();
      askAgain = end + Math.min(LONGEST_NANOS, (end - begin) * FACTOR);
    }
    return known;
  }
}
