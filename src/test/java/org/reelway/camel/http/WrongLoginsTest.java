package org.reelway.camel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WrongLoginsTest {
  private long millis;
  private final WrongLogins logins = new WrongLogins(() -> TimeUnit.MILLISECONDS.toNanos(millis));

  @Test
  void eachWrongLoginOfASourceWaitsTwiceAsLongUpToHalfAMinute() {
    assertThat(LongStream.generate(() -> logins.wrong("a", "")).limit(7))
        .containsExactly(1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L);
  }

  @Test
  void aSourceIsNotLookedAtUntilItHasWaitedAndNoOtherWaits() {
    logins.wrong("a", "");
    logins.wrong("a", "");

    assertThat(logins.wait("a", "")).isEqualTo(2000);
    assertThat(logins.wait("b", "")).isZero();
    millis += 1500;
    assertThat(logins.wait("a", "")).isEqualTo(500);
    millis += 500;
    assertThat(logins.wait("a", "")).isZero();
  }

  @Test
  void aSourceThatHasLoggedInIsAlwaysLookedAtWhoeverElseTriesFromThere() {
    logins.right("proxy");

    assertThat(logins.wrong("proxy", "")).isEqualTo(1000);
    assertThat(logins.wrong("proxy", "")).isEqualTo(2000);
    assertThat(logins.wait("proxy", "")).isZero();
  }

  @Test
  void aWholeNetworkOfIpv6IsOneSourceAndThisMachineIsAlwaysLookedAt() {
    logins.wrong("2001:db8:0:1:0:0:0:1", "");

    assertThat(logins.wait("2001:db8:0:1:a:b:c:d", "")).isEqualTo(1000);
    assertThat(logins.wait("2001:db8:0:2:0:0:0:1", "")).isZero();
    for (String own : new String[] {"127.0.0.1", "0:0:0:0:0:0:0:1"}) {
      logins.wrong(own, "");
      assertThat(logins.wait(own, "")).as(own).isZero();
    }
  }

  @Test
  void aNameThatIsTriedFromManyAddressesWaitsTooButNotThoseWhoKnowIt() {
    logins.right("operator");
    for (int i = 0; i < 4; i++) {
      logins.wrong("source-" + i, "admin");
    }

    assertThat(logins.wait("stranger", "admin")).isEqualTo(8000);
    assertThat(logins.wait("operator", "admin")).isZero();
    assertThat(logins.wait("127.0.0.1", "admin")).isZero();
    assertThat(logins.wait("stranger", "")).isZero();
  }

  @Test
  void namesThatAreMadeUpPushNoneOutAndTakeNoMemoryWithoutEnd() {
    logins.wrong("s", "admin");
    logins.wrong("s", "admin");
    for (int i = 0; i < 20_000; i++) {
      logins.wrong("s", "name-" + i);
    }

    assertThat(logins.wait("stranger", "admin")).isGreaterThanOrEqualTo(2000);
    assertThat(logins.size()).isLessThanOrEqualTo(WrongLogins.MOST_SOURCES + 1024);
  }

  @Test
  void wrongLoginsAreForgivenAfterARightOneAndAfterTenQuietMinutes() {
    logins.wrong("a", "");
    logins.right("a");
    assertThat(logins.wrong("a", "")).isEqualTo(1000);

    logins.wrong("b", "");
    millis += TimeUnit.MINUTES.toMillis(10);
    assertThat(logins.wrong("b", "")).isEqualTo(1000);
  }

  @Test
  void sourcesWithoutEndTakeNoMemoryWithoutEndAndPushOutNobodyWhoHasLoggedIn() {
    logins.right("proxy");
    for (int i = 0; i < 5 * WrongLogins.MOST_SOURCES; i++) {
      logins.wrong("source-" + i, "");
    }
    logins.wrong("proxy", "");

    assertThat(logins.size()).isEqualTo(WrongLogins.MOST_SOURCES + 1);
    assertThat(logins.wait("proxy", "")).isZero();
  }
}
