package org.reelway.transfer.flow;

import java.util.HashSet;
import java.util.Set;

/**
 * Recordings' ids, in about fifteen bytes each instead of a hundred and more as text: there may be a million. An id of
 * another form than that of recordings, 20 hexadecimal digits, is kept as it is. Safe for use by several threads.
 */
final class IdSet {
  private static final int DIGITS = 20;
  private static final int HIGH_DIGITS = 16;

  private final Set<String> others = new HashSet<>();
  private long[] high = new long[1024];
  private char[] low = new char[high.length];
  private boolean[] used = new boolean[high.length];
  private int size;

  synchronized void add(String id) {
    if (!isRecordingId(id)) {
      others.add(id);
      return;
    }
    int at = place(high(id), low(id));
    if (!used[at]) {
      put(at, high(id), low(id));
      size++;
      if (size > high.length / 4 * 3) {
        grow();
      }
    }
  }

  synchronized boolean contains(String id) {
    return isRecordingId(id) ? used[place(high(id), low(id))] : others.contains(id);
  }

  synchronized void remove(String id) {
    if (!isRecordingId(id)) {
      others.remove(id);
      return;
    }
    int hole = place(high(id), low(id));
    if (used[hole]) {
      used[hole] = false;
      size--;
      closeUp(hole);
    }
  }

  synchronized int size() {
    return size + others.size();
  }

  private static boolean isRecordingId(String id) {
    return id.length() == DIGITS && id.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
  }

  private static long high(String id) {
    return Long.parseUnsignedLong(id, 0, HIGH_DIGITS, 16);
  }

  private static char low(String id) {
    return (char) Integer.parseInt(id, HIGH_DIGITS, DIGITS, 16);
  }

  /** Where the id is, or would be put. The digits are those of a digest: any of them scatter well. */
  private int place(long h, char l) {
    int at = home(h);
    while (used[at] && (high[at] != h || low[at] != l)) {
      at = next(at);
    }
    return at;
  }

  private int home(long h) {
    return (int) h & high.length - 1;
  }

  private int next(int at) {
    return at + 1 & high.length - 1;
  }

  private void put(int at, long h, char l) {
    high[at] = h;
    low[at] = l;
    used[at] = true;
  }

  /** Those behind a hole would not be found any more: each is put anew. */
  private void closeUp(int hole) {
    for (int at = next(hole); used[at]; at = next(at)) {
      used[at] = false;
      put(place(high[at], low[at]), high[at], low[at]);
    }
  }

  private void grow() {
    long[] oldHigh = high;
    char[] oldLow = low;
    boolean[] oldUsed = used;
    high = new long[oldHigh.length * 2];
    low = new char[high.length];
    used = new boolean[high.length];
    for (int i = 0; i < oldHigh.length; i++) {
      if (oldUsed[i]) {
        put(place(oldHigh[i], oldLow[i]), oldHigh[i], oldLow[i]);
      }
    }
  }
}
