package org.reelway.transfer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Bytes per second over the last five seconds. */
final class RateMeter {
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(5);
  private static final long GRAIN = TimeUnit.MILLISECONDS.toNanos(100);

  private record Sample(long at, long total) {}

  private final LongSupplier nanoTime;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private long total;

  RateMeter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    samples.add(new Sample(nanoTime.getAsLong(), 0));
  }

  synchronized void add(long bytes) {
    long now = nanoTime.getAsLong();
    total += bytes;
    if (now - samples.peekLast().at() >= GRAIN) {
      samples.addLast(new Sample(now, total));
    }
    expire(now);
  }

  synchronized long bytesPerSecond() {
    long now = nanoTime.getAsLong();
    expire(now);
    Sample oldest = samples.peekFirst();
    double seconds = Math.max(GRAIN, now - oldest.at()) / 1e9;
    return Math.round((total - oldest.total()) / seconds);
  }

  private void expire(long now) {
    while (samples.size() > 1 && now - samples.peekFirst().at() > WINDOW) {
      samples.removeFirst();
    }
    if (samples.size() == 1 && now - samples.peekFirst().at() > WINDOW) {
      samples.removeFirst();
      samples.addLast(new Sample(now, total));
    }
  }
}
