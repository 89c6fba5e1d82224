package org.reelway.transfer.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reelway.transfer.bandwidth.GrantQueue.Ticket;

/** Senders that always want more, played through on a clock of its own. */
class GrantQueueTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MIB = 1 << 20;

  private final GrantQueue queue = new GrantQueue();
  private final Map<Ticket, Integer> senders = new HashMap<>();
  private final Map<Integer, Long> granted = new HashMap<>();
  private final List<Long> sizes = new ArrayList<>();
  private long now = 77 * SECOND;

  private void join(int sender, Priority priority) {
    senders.put(queue.join(Long.MAX_VALUE, priority), sender);
  }

  /** Each sender asks again as soon as it got something. */
  private void play(long nanos, Map<Integer, Priority> priorities) {
    long end = now + nanos;
    priorities.forEach((sender, priority) -> {
      if (!senders.containsValue(sender)) {
        join(sender, priority);
      }
    });
    while (true) {
      Ticket next = queue.next();
      long wait = queue.take(next, now);
      if (wait > 0) {
        if (now + wait > end) {
          now = end;
          return;
        }
        now += wait;
        continue;
      }
      int sender = senders.remove(next);
      granted.merge(sender, next.bytes(), Long::sum);
      sizes.add(next.bytes());
      join(sender, priorities.get(sender));
    }
  }

  private long all() {
    return granted.values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void inAnyTimeNoMoreGoesOutThanTheRateAndOneBucket() {
    queue.rate(20 * MIB, now);
    play(SECOND, Map.of(1, Priority.RECORDING, 2, Priority.RECORDING));
    assertThat(all()).isBetween(20 * MIB - MIB / 4, 22 * MIB);
    granted.clear();
    play(10 * SECOND, Map.of(1, Priority.RECORDING, 2, Priority.RECORDING));
    assertThat(all()).isBetween(200 * MIB - MIB / 2, 200 * MIB + MIB / 2);
  }

  @Test
  void sendersOfOneClassGetTheSame() {
    queue.rate(8 * MIB, now);
    Map<Integer, Priority> four =
        Map.of(1, Priority.RECORDING, 2, Priority.RECORDING, 3, Priority.RECORDING, 4, Priority.RECORDING);
    play(4 * SECOND, four);
    long most = granted.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    long least = granted.values().stream().mapToLong(Long::longValue).min().orElseThrow();
    assertThat(granted).hasSize(4);
    assertThat(most - least).isLessThanOrEqualTo(8 * MIB / 100);
  }

  @Test
  void slicesAreSmallSoThatTheFlowIsSmoothAlsoAtALowRate() {
    queue.rate(64 << 10, now);
    play(SECOND, Map.of(1, Priority.RECORDING));
    assertThat(sizes).isNotEmpty().allMatch(size -> size == 1024);
    sizes.clear();
    queue.rate(1L << 30, now);
    play(SECOND / 100, Map.of(1, Priority.RECORDING));
    assertThat(sizes).contains(256L << 10).allMatch(size -> size <= 256 << 10);
  }

  @Test
  void chunksGoBeforeRecordingsAndPlaylistsBeforeChunksAndNobodyStarves() {
    queue.rate(10 * MIB, now);
    play(SECOND, Map.of(1, Priority.RECORDING));
    granted.clear();
    play(100 * SECOND, Map.of(1, Priority.RECORDING, 2, Priority.CHUNK));
    assertThat(granted.get(2)).isGreaterThan(granted.get(1) * 80);
    assertThat(granted.get(1)).isGreaterThan(5 * MIB);
    granted.clear();
    play(100 * SECOND, Map.of(1, Priority.RECORDING, 2, Priority.CHUNK, 3, Priority.PLAYLIST));
    assertThat(granted.get(3)).isGreaterThan(granted.get(2) * 50);
  }

  @Test
  void whoComesLaterIsNotPaidForTheTimeBefore() {
    queue.rate(10 * MIB, now);
    play(10 * SECOND, Map.of(1, Priority.RECORDING));
    granted.clear();
    play(SECOND, Map.of(1, Priority.RECORDING, 2, Priority.RECORDING));
    assertThat(granted.get(2)).isCloseTo(granted.get(1), org.assertj.core.data.Offset.offset(MIB / 2));
  }

  @Test
  void whatWasGivenBackIsThereForTheNext() {
    queue.rate(MIB, now);
    play(SECOND, Map.of(1, Priority.RECORDING));
    Ticket next = queue.next();
    assertThat(queue.take(next, now)).isPositive();
    queue.giveBack(next.bytes());
    assertThat(queue.take(next, now)).isZero();
  }
}
