package org.reelway.transfer.bandwidth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reelway.settings.BandwidthPlan;

/** The clock stands still unless a test moves it, so a limit holds for as long as a test likes. */
@Timeout(60)
class BandwidthTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MIB = 1 << 20;

  private final AtomicLong nanos = new AtomicLong(5 * SECOND);
  /** Monday 2026-11-23, 07:59:59 UTC, when the nanoseconds are 5 s. */
  private final Instant start = Instant.parse("2026-11-23T07:59:59Z").minusSeconds(5);

  private Bandwidth bandwidth(String plan) {
    return bandwidth(plan, ZoneOffset.UTC);
  }

  private Bandwidth bandwidth(String plan, ZoneId zone) {
    Clock clock =
        new Clock() {
          @Override
          public ZoneId getZone() {
            return zone;
          }

          @Override
          public Clock withZone(ZoneId other) {
            throw new UnsupportedOperationException();
          }

          @Override
          public Instant instant() {
            return start.plusNanos(nanos.get());
          }
        };
    return new Bandwidth(BandwidthPlan.parse(plan), clock, nanos::get);
  }

  private static CompletableFuture<Long> waiting(Bandwidth bandwidth) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return bandwidth.acquire(10 * MIB, Priority.RECORDING);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private static void empty(Bandwidth bandwidth, AtomicLong nanos) throws Exception {
    // The bucket starts empty: a slice's worth of time brings exactly one.
    nanos.addAndGet(SECOND / 100);
    assertThat(bandwidth.acquire(MIB, Priority.RECORDING)).isPositive();
  }

  @Test
  void withoutALimitAllThatIsWantedIsGrantedAndCounted() throws Exception {
    Bandwidth bandwidth = bandwidth("0");
    assertThat(bandwidth.acquire(100 * MIB, Priority.RECORDING)).isEqualTo(100 * MIB);
    bandwidth.giveBack(MIB);
    assertThat(bandwidth.sent()).isEqualTo(99 * MIB);
    assertThat(bandwidth.limit()).isZero();
  }

  @Test
  void whoeverWaitsGoesOnWhenTheLimitIsLiftedLive() throws Exception {
    Bandwidth bandwidth = bandwidth("1MiB/s");
    empty(bandwidth, nanos);
    CompletableFuture<Long> one = waiting(bandwidth);
    CompletableFuture<Long> two = waiting(bandwidth);
    bandwidth.use(BandwidthPlan.parse("0"));
    assertThat(one.get()).isEqualTo(10 * MIB);
    assertThat(two.get()).isEqualTo(10 * MIB);
    assertThat(bandwidth.isChanged()).isTrue();
    bandwidth.useConfigured();
    assertThat(bandwidth.isChanged()).isFalse();
    assertThat(bandwidth.limit()).isEqualTo(MIB);
  }

  @Test
  void aLimitSetLiveHoldsAtOnce() throws Exception {
    Bandwidth bandwidth = bandwidth("0");
    bandwidth.use(BandwidthPlan.parse("1MiB/s"));
    empty(bandwidth, nanos);
    CompletableFuture<Long> next = waiting(bandwidth);
    nanos.addAndGet(SECOND / 100 + 1);
    assertThat(next.get()).isEqualTo(MIB / 100);
  }

  @Test
  void theHoursOfTheZoneDecideAndTheirChangeIsNoticed() throws Exception {
    Bandwidth bandwidth = bandwidth("08:00-18:00 1MiB/s, 0");
    assertThat(bandwidth.acquire(10 * MIB, Priority.RECORDING)).isEqualTo(10 * MIB);
    nanos.addAndGet(2 * SECOND);
    assertThat(bandwidth.limit()).isEqualTo(MIB);
    CompletableFuture<Long> limited = waiting(bandwidth);
    Awaitility.await().until(() -> {
      nanos.addAndGet(SECOND / 100);
      return limited.isDone();
    });
    assertThat(limited.get()).isEqualTo(MIB / 100);
    assertThat(bandwidth("08:00-18:00 1MiB/s, 0", ZoneId.of("Asia/Tokyo")).limit()).isEqualTo(MIB);
    assertThat(bandwidth("08:00-18:00 1MiB/s, 0", ZoneId.of("Pacific/Honolulu")).limit()).isZero();
  }

  @Test
  void anInterruptEndsAWaitAndLeavesTheOthersTheirTurn() throws Exception {
    Bandwidth bandwidth = bandwidth("1MiB/s");
    empty(bandwidth, nanos);
    CompletableFuture<Long> interrupted = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      try {
        interrupted.complete(bandwidth.acquire(MIB, Priority.RECORDING));
      } catch (InterruptedException e) {
        interrupted.completeExceptionally(e);
      }
    });
    thread.start();
    thread.interrupt();
    assertThatThrownBy(interrupted::get).isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    CompletableFuture<Long> next = waiting(bandwidth);
    nanos.addAndGet(SECOND);
    assertThat(next.get()).isEqualTo(MIB / 100);
  }

  @Test
  void afterTheEndNobodyWaits() throws Exception {
    Bandwidth bandwidth = bandwidth("1KiB/s");
    CompletableFuture<Long> one = waiting(bandwidth);
    bandwidth.close();
    assertThat(one.get()).isEqualTo(10 * MIB);
    bandwidth.use(BandwidthPlan.parse("1KiB/s"));
    assertThat(bandwidth.acquire(MIB, Priority.RECORDING)).isEqualTo(MIB);
  }
}
