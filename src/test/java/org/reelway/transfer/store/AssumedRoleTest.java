package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reelway.failure.DestinationFailure;
import org.reelway.testkit.TestStore;
import org.reelway.testkit.TokenService;

@Timeout(60)
class AssumedRoleTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
          return now.get();
        }
      };
  private final TokenService service = new TokenService();
  private final Role role =
      new Role("arn:aws:iam::123456789012:role/reelway", "studio-1", "ex=1", Duration.ofHours(1), service.endpoint());

  @AfterEach
  void stop() {
    service.close();
  }

  private AssumedRole assumed(CredentialsSource source) {
    StoreConnection connection =
        new StoreConnection(
            service.endpoint(), "eu-west-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20), source, null);
    service.ending(now.get().plus(Duration.ofHours(1)));
    return new AssumedRole(new StsCall(role, source, connection, clock), clock);
  }

  private AssumedRole assumed() {
    return assumed(CredentialsSource.fixed("source-key", "source-secret"));
  }

  private static Credentials token(int number) {
    return new Credentials(TestStore.ACCESS_KEY, TestStore.SECRET_KEY, "token-" + number);
  }

  private void later(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  @Test
  void theCallIsSignedForTheServiceAndItsAnswerKept() {
    try (AssumedRole assumed = assumed()) {
      assertThat(assumed.get()).isEqualTo(token(1));
      assertThat(assumed.get()).isEqualTo(token(1));
      assertThat(service.requests()).singleElement().asString()
          .startsWith("POST / HTTP/1.1\r\n")
          .contains("Credential=source-key/20261121/eu-west-1/sts/aws4_request")
          .doesNotContain("source-secret");
    }
  }

  @Test
  void theyAreRenewedBeforeTheyEnd() {
    try (AssumedRole assumed = assumed()) {
      assumed.get();
      later(Duration.ofMinutes(54));
      assertThat(assumed.get()).isEqualTo(token(1));
      later(Duration.ofMinutes(1));
      service.ending(now.get().plus(Duration.ofHours(1)));
      assertThat(assumed.get()).isEqualTo(token(2));
      assertThat(service.given()).isEqualTo(2);
    }
  }

  @Test
  void aServiceThatIsAwayIsBridgedAsLongAsTheOldOnesLast() {
    try (AssumedRole assumed = assumed()) {
      assumed.get();
      service.refusing("AccessDenied");
      later(Duration.ofMinutes(56));
      assertThat(assumed.get()).isEqualTo(token(1));
      assertThat(assumed.get()).isEqualTo(token(1));
      assertThat(service.requests()).as("it is not asked with every call").hasSize(2);
      later(Duration.ofMinutes(4));
      assertThatThrownBy(assumed::get).isInstanceOf(DestinationFailure.class).hasMessage(
          "the role arn:aws:iam::123456789012:role/reelway cannot be assumed: " + service.endpoint()
              + ": 403 AccessDenied (User is not authorized); allow these credentials sts:AssumeRole on it, and correct"
              + " reelway.store.role-arn and reelway.store.role-external-id");
      service.refusing(null);
      service.ending(now.get().plus(Duration.ofHours(1)));
      assertThat(assumed.get()).isEqualTo(token(2));
    }
  }

  @Test
  void whatAStoreRefusesIsRenewedAtOnceButNotAgainAndAgain() {
    try (AssumedRole assumed = assumed()) {
      Credentials first = assumed.get();
      assertThat(assumed.renew(first)).isTrue();
      assertThat(assumed.get()).isEqualTo(token(2));
      assertThat(assumed.renew(first)).as("another thread was first").isTrue();
      assertThat(service.given()).isEqualTo(2);
      assertThat(assumed.renew(token(2))).as("a moment later").isFalse();
      later(Duration.ofSeconds(10));
      assertThat(assumed.renew(token(2))).isTrue();
      assertThat(service.given()).isEqualTo(3);
    }
  }

  @Test
  void expiredSourceCredentialsAreRenewedAsWell() {
    AtomicReference<Credentials> source = new AtomicReference<>(new Credentials("old", "s", "t"));
    CredentialsSource renewable =
        new CredentialsSource() {
          @Override
          public Credentials get() {
            return source.get();
          }

          @Override
          public boolean renew(Credentials refused) {
            service.refusing(null);
            source.set(new Credentials("new", "s", "t"));
            return true;
          }
        };
    service.refusing("ExpiredToken");
    try (AssumedRole assumed = assumed(renewable)) {
      assertThat(assumed.get()).isEqualTo(token(1));
      assertThat(service.requests()).hasSize(2);
      assertThat(service.requests().get(1)).contains("Credential=new/");
    }
  }

  @Test
  void aServiceThatIsNoneIsSaid() throws Exception {
    try (ScriptedServer other = new ScriptedServer(c -> { c.request(); c.answer(200, "", "<html></html>"); })) {
      Role wrong = new Role(role.arn(), "reelway", null, Duration.ofHours(1), other.endpoint());
      StoreConnection connection =
          new StoreConnection(
              other.endpoint(), "eu-west-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
              CredentialsSource.fixed("a", "s"), null);
      try (AssumedRole assumed = new AssumedRole(wrong, connection.credentials(), connection)) {
        assertThatThrownBy(assumed::get).isInstanceOf(DestinationFailure.class)
            .hasMessageContaining("the answer of the security token service has no Credentials");
      }
    }
  }
}
