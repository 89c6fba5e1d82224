package org.reelway.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostNamesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger lookups = new AtomicInteger();
  private final InetAddress one = address(1);
  private final InetAddress two = address(2);

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private void later(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aResolverThatHangsIsNotWaitedForForEverAndAskedOnceOnly() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    HostNames names = new HostNames(host -> {
      lookups.incrementAndGet();
      try {
        hangs.await();
      } catch (InterruptedException e) {
        throw new UnknownHostException(host);
      }
      return new InetAddress[] {one};
    }, nanos::get);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> names.of("store.example", SHORT)).isInstanceOf(UnknownHostException.class)
          .hasMessage("the host store.example was not found within 20 ms: the name service does not answer");
    }
    assertThat(lookups).hasValue(1);
    hangs.countDown();
    assertThat(names.of("store.example", LONG)).containsExactly(one);
  }

  @Test
  void anUnknownHostIsNamed() {
    HostNames names = new HostNames(host -> { throw new UnknownHostException(host); }, nanos::get);
    assertThatThrownBy(() -> names.of("store.example", LONG)).hasMessage("the host store.example is not known");
  }

  @Test
  void anAnswerIsKeptForAShortTimeAndANameServiceThatFailsIsBridged() throws Exception {
    HostNames names = new HostNames(host -> {
      if (lookups.incrementAndGet() > 1) {
        throw new UnknownHostException(host);
      }
      return new InetAddress[] {one, two};
    }, nanos::get);
    assertThat(names.of("store.example", LONG)).containsExactly(one, two);
    later(Duration.ofSeconds(29));
    names.of("store.example", LONG);
    assertThat(lookups).hasValue(1);
    later(Duration.ofSeconds(2));
    assertThat(names.of("store.example", LONG)).containsExactly(one, two);
    assertThat(lookups).hasValue(2);
    later(Duration.ofMinutes(10));
    assertThatThrownBy(() -> names.of("store.example", LONG)).hasMessageContaining("not known");
  }

  @Test
  void anAddressThatFailedGoesBehindTheOthers() throws Exception {
    HostNames names = new HostNames(host -> new InetAddress[] {one, two}, nanos::get);
    names.of("store.example", LONG);
    names.failed("store.example", one);
    assertThat(names.of("store.example", LONG)).containsExactly(two, one);
  }

  @Test
  void whatIsKnownIsNotWaitedForAgainAndAgain() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    HostNames names = new HostNames(host -> {
      boolean first = lookups.incrementAndGet() == 1;
      try {
        hangs.await();
      } catch (InterruptedException e) {
        throw new UnknownHostException(host);
      }
      return new InetAddress[] {first ? one : two};
    }, nanos::get);
    assertThat(names.known("a.example", SHORT)).isEmpty();
    later(SHORT);
    assertThat(names.known("a.example", SHORT)).as("its time is over").isEmpty();
    hangs.countDown();
    assertThat(names.of("a.example", LONG)).containsExactly(one);
    later(Duration.ofMinutes(1));
    assertThat(names.known("a.example", LONG)).as("while it is asked again").containsExactly(one);
    await().until(() -> names.known("a.example", LONG).equals(List.of(two)));
    assertThat(lookups).hasValue(2);
  }
}
