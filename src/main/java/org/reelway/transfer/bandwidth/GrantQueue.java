package org.reelway.transfer.bandwidth;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Who may send how much next: a token bucket, in front of which those who want some wait by weighted fair queueing.
 * Each sender waits with one small slice at a time, so senders of one class take turns. Not safe for threads; it waits
 * for nothing and knows no clock but the times (in nanoseconds) that it is told.
 */
final class GrantQueue {
  private static final long SECOND = 1_000_000_000L;
  /** What may gather while nobody sends, and with it the longest burst above the rate. */
  private static final long BUCKET = SECOND / 10;
  private static final long SLICES_PER_SECOND = 100;
  private static final long SMALLEST_SLICE = 1 << 10;
  private static final long LARGEST_SLICE = 1 << 18;

  private final PriorityQueue<Ticket> waiting =
      new PriorityQueue<>(Comparator.comparingDouble(Ticket::place).thenComparingLong(Ticket::number));
  private final Map<Priority, Double> lastPlaces = new EnumMap<>(Priority.class);
  private double place;
  private long number;
  private long rate;
  private double tokens;
  private long refilledAt;

  /** A place in the queue, for so many bytes. */
  record Ticket(double place, long number, long bytes) {}

  /** @param bytesPerSecond more than 0 */
  void rate(long bytesPerSecond, long now) {
    refill(now);
    rate = bytesPerSecond;
    tokens = Math.min(tokens, depth());
  }

  /** @return a ticket for one slice, at most what is wanted */
  Ticket join(long wanted, Priority priority) {
    long bytes = Math.min(wanted, slice());
    double from = Math.max(place, lastPlaces.getOrDefault(priority, 0.0));
    Ticket ticket = new Ticket(from + (double) bytes / priority.weight(), number++, bytes);
    lastPlaces.put(priority, ticket.place);
    waiting.add(ticket);
    return ticket;
  }

  boolean isNext(Ticket ticket) {
    return waiting.peek() == ticket;
  }

  /**
   * Takes the bytes of the ticket that is next, where they are there.
   *
   * @return 0 when they were taken and the ticket has left the queue; else the nanoseconds until they are there
   */
  long take(Ticket ticket, long now) {
    refill(now);
    if (tokens < ticket.bytes) {
      return Math.max(1, (long) ((ticket.bytes - tokens) * SECOND / rate));
    }
    tokens -= ticket.bytes;
    place = ticket.place;
    waiting.poll();
    return 0;
  }

  void leave(Ticket ticket) {
    waiting.remove(ticket);
  }

  /** Null where nobody waits. */
  Ticket next() {
    return waiting.peek();
  }

  /** Bytes that were granted and not sent. */
  void giveBack(long bytes) {
    tokens = Math.min(tokens + bytes, depth());
  }

  private void refill(long now) {
    if (rate > 0 && now > refilledAt) {
      tokens = Math.min(depth(), tokens + (double) rate * (now - refilledAt) / SECOND);
    }
    refilledAt = now;
  }

  private long slice() {
    return Math.max(SMALLEST_SLICE, Math.min(LARGEST_SLICE, rate / SLICES_PER_SECOND));
  }

  private double depth() {
    return Math.max(slice(), (double) rate * BUCKET / SECOND);
  }
}
