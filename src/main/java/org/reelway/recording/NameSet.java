package org.reelway.recording;

import java.util.Arrays;

/**
 * Names of files that need no thought any more, eight bytes each: a folder of a million finished recordings must cost
 * next to nothing. Names are told apart by 64 bits of a hash with a secret seed; should two ever be taken for one, a full
 * look, which asks none of these sets, finds the file.
 */
final class NameSet {
  static final NameSet EMPTY = new NameSet(new long[0]);

  private final long[] sorted;

  private NameSet(long[] sorted) {
    this.sorted = sorted;
  }

  int size() {
    return sorted.length;
  }

  /** Goes through a folder's names and makes the set of those that are there, out of what was known before. */
  static final class Builder {
    private final long[] before;
    private final boolean[] seen;
    private int seenCount;
    private long[] added = new long[16];
    private int addedCount;

    /** @param before names in it need no thought, if they are met again */
    Builder(NameSet before) {
      this.before = before.sorted;
      this.seen = new boolean[before.sorted.length];
    }

    /** Whether the name was known before; if so, it stays. */
    boolean meet(long hash) {
      int at = Arrays.binarySearch(before, hash);
      if (at >= 0 && !seen[at]) {
        seen[at] = true;
        seenCount++;
      }
      return at >= 0;
    }

    /** All that was known stays. */
    Builder withAll() {
      Arrays.fill(seen, true);
      seenCount = seen.length;
      return this;
    }

    void add(long hash) {
      if (addedCount == added.length) {
        added = Arrays.copyOf(added, addedCount + (addedCount >> 1));
      }
      added[addedCount++] = hash;
    }

    NameSet build() {
      if (addedCount == 0 && seenCount == before.length) {
        return new NameSet(before);
      }
      long[] all = new long[seenCount + addedCount];
      int next = 0;
      for (int i = 0; i < before.length; i++) {
        if (seen[i]) {
          all[next++] = before[i];
        }
      }
      System.arraycopy(added, 0, all, next, addedCount);
      Arrays.sort(all);
      return new NameSet(all);
    }
  }
}
