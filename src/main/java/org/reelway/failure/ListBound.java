package org.reelway.failure;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a list may be that others can make longer: whoever adds to it asks here first. Says once in the log that it is
 * full. Safe for several threads; what several add at the same time may be more by these few.
 */
public final class ListBound {
  private static final Logger LOG = LoggerFactory.getLogger(ListBound.class);

  /** So much has to be free before it is said once more that it is full. */
  private static final int AGAIN_PART = 20;

  private final String list;
  private final String unit;
  private final long most;
  private final LongSupplier length;
  private final String advice;
  /** How much was asked for when it was full last; 0 while nothing was refused. */
  private volatile long refused;

  /**
   * @param list what it is a list of, as metrics and health call it, such as {@code streams}
   * @param unit in which it is measured, such as {@code streams} or {@code characters}
   * @param length of it now
   * @param advice what makes room
   */
  public ListBound(String list, String unit, long most, LongSupplier length, String advice) {
    this.list = list;
    this.unit = unit;
    this.most = most;
    this.length = length;
    this.advice = advice;
  }

  /** So much of the heap, in bytes: a JVM that has more may keep more. */
  public static long shareOfHeap(int part) {
    return Runtime.getRuntime().maxMemory() / part;
  }

  /** Asks without a consequence. */
  public boolean hasRoom(long more) {
    return length.getAsLong() + more <= most;
  }

  /** @throws ListFull where so much more has no room */
  public void require(long more) {
    require(more, 0);
  }

  /**
   * @param coming what was taken before and is not in the list yet: it needs room first
   * @throws ListFull where so much more has no room
   */
  public void require(long more, long coming) {
    boolean room = hasRoom(more + coming);
    note(room, more);
    if (!room) {
      throw new ListFull(words());
    }
  }

  /** As {@link #require}, for what is left out without a word to anybody but the log. */
  public boolean takes(long more) {
    boolean room = hasRoom(more);
    note(room, more);
    return room;
  }

  private synchronized void note(boolean room, long more) {
    if (!room) {
      if (refused == 0) {
        LOG.warn("no more {} are taken: {}", list, words());
      }
      refused = Math.max(1, more);
    } else if (refused > 0 && hasRoom(Math.max(refused, most / AGAIN_PART))) {
      refused = 0;
    }
  }

  /** Whether what was refused last would be refused now. */
  public boolean isFull() {
    return refused > 0 && !hasRoom(refused);
  }

  public String list() {
    return list;
  }

  /** That it is full, and what to do. */
  public String words() {
    return "the list of " + list + " has " + length.getAsLong() + " " + unit + ", and " + most + " is the most; " + advice;
  }
}
