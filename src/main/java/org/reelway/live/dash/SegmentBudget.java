package org.reelway.live.dash;

import org.reelway.failure.InputFailure;

/** How many segments one manifest may name: a single {@code r} can stand for billions. */
final class SegmentBudget {
  private final long most;
  private long taken;

  SegmentBudget(long most) {
    this.most = most;
  }

  void take(long segments) {
    taken = Math.addExact(taken, segments);
    if (taken > most) {
      throw new InputFailure(
          "the manifest names more than " + most + " segments, which is the most that is taken with this heap: let the"
              + " media server keep fewer chunks in it, or give Reelway more (REELWAY_JAVA_OPTS=-Xmx1g)");
    }
  }
}
