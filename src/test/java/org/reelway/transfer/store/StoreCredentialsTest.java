package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.DestinationFailure;
import org.reelway.testkit.TestStore;
import org.reelway.testkit.TokenService;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Where a store's credentials come from, and how they are renewed. */
@Timeout(60)
class StoreCredentialsTest {
  @TempDir Path folder;
  private final TokenService service = new TokenService();

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void aProfileOfAFileGivesItsKeysAndToken() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("credentials"),
            "[studio]\naws_access_key_id=AK\naws_secret_access_key=SK\naws_session_token=TOK\n");
    AwsCredentials found = StoreCredentials.ofProfile("studio", file, "reelway.store").resolveCredentials();
    assertThat(found.accessKeyId()).isEqualTo("AK");
    assertThat(found.secretAccessKey()).isEqualTo("SK");
    assertThat(((AwsSessionCredentials) found).sessionToken()).isEqualTo("TOK");
  }

  @Test
  void aMissingProfileSaysWhatWasLookedAtAndWhatToSet() throws Exception {
    Path file = Files.writeString(folder.resolve("credentials"), "[other]\naws_access_key_id=AK\n");
    StoreCredentials credentials = StoreCredentials.ofProfile("studio", file, "reelway.store");
    assertThatThrownBy(credentials::resolveCredentials)
        .isInstanceOf(DestinationFailure.class)
        .hasMessage("no credentials for the store: looked at profile \"studio\" in " + file
            + "; set reelway.store.access-key and reelway.store.secret-key, or reelway.store.profile, or give the"
            + " machine a role that the AWS default chain finds");
  }

  @Test
  void aMissingFileIsAFailureOfTheSameKind() {
    StoreCredentials credentials = StoreCredentials.ofProfile("studio", folder.resolve("none"), "reelway.store");
    assertThatThrownBy(credentials::resolveCredentials)
        .isInstanceOf(DestinationFailure.class)
        .hasMessageContaining(folder.resolve("none").toString());
  }

  private static void replace(Path file, String key) throws Exception {
    Path next = Files.writeString(
        file.resolveSibling("next"), "[studio]\naws_access_key_id=" + key + "\naws_secret_access_key=SK\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void aFileThatIsReplacedIsNoticedWithoutARefusal() throws Exception {
    Path file = folder.resolve("credentials");
    replace(file, "AK1");
    try (StoreCredentials credentials = StoreCredentials.ofProfile("studio", file, "reelway.store")) {
      assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("AK1");
      replace(file, "AK2");
      Awaitility.await().untilAsserted(
          () -> assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("AK2"));
    }
  }

  @Test
  void whatWasRefusedIsLookedUpAnewAtOnceButNotAgainAndAgain() {
    AtomicLong nanos = new AtomicLong();
    AtomicInteger made = new AtomicInteger();
    try (StoreCredentials credentials =
        new StoreCredentials(
            () -> StaticCredentialsProvider.create(AwsBasicCredentials.create("AK" + made.incrementAndGet(), "SK")),
            e -> new DestinationFailure("none", e), List.of(), () -> { }, nanos::get)) {
      AwsCredentials first = credentials.resolveCredentials();
      assertThat(credentials.renew(first)).isTrue();
      AwsCredentials second = credentials.resolveCredentials();
      assertThat(second.accessKeyId()).isEqualTo("AK2");
      assertThat(credentials.renew(first)).as("another thread was first").isTrue();
      assertThat(credentials.renew(second)).as("asked a moment ago").isFalse();
      assertThat(made).hasValue(2);
      nanos.addAndGet(10_000_000_000L);
      assertThat(credentials.renew(second)).isTrue();
      assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("AK3");
    }
  }

  private StoreCredentials role(StoreCredentials source) {
    Role role =
        new Role("arn:aws:iam::123456789012:role/reelway", "studio-1", "ex=1", Duration.ofHours(1), service.endpoint());
    return StoreCredentials.ofRole(
        role, source,
        new StoreConnection(
            service.endpoint(), "eu-west-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20), source, null));
  }

  private StoreCredentials role() {
    return role(StoreCredentials.fixed("source-key", "source-secret"));
  }

  private static String token(StoreCredentials credentials) {
    AwsSessionCredentials found = (AwsSessionCredentials) credentials.resolveCredentials();
    assertThat(found.accessKeyId()).isEqualTo(TestStore.ACCESS_KEY);
    return found.sessionToken();
  }

  @Test
  void aRoleIsAssumedByASignedCallAndKept() {
    try (StoreCredentials role = role()) {
      assertThat(token(role)).isEqualTo("token-1");
      assertThat(token(role)).isEqualTo("token-1");
      assertThat(service.requests()).singleElement().asString()
          .startsWith("POST / HTTP/1.1\r\n")
          .containsPattern("Credential=source-key/\\d{8}/eu-west-1/sts/aws4_request")
          .doesNotContain("source-secret");
    }
  }

  @Test
  void aRoleIsRenewedBeforeItsEnd() {
    // The SDK does so in the last five minutes, at a moment of its own choice, and surely one minute before the end.
    service.ending(Instant.now().plusSeconds(63));
    try (StoreCredentials role = role()) {
      assertThat(token(role)).isEqualTo("token-1");
      service.ending(Instant.now().plusSeconds(3600));
      Awaitility.await().untilAsserted(() -> assertThat(token(role)).isEqualTo("token-2"));
      assertThat(token(role)).isEqualTo("token-2");
    }
  }

  @Test
  void aRoleThatMayNotBeAssumedIsSaidWithWhatToSet() {
    service.refusing("AccessDenied");
    try (StoreCredentials role = role()) {
      assertThatThrownBy(role::resolveCredentials).isInstanceOf(DestinationFailure.class).hasMessage(
          "the role arn:aws:iam::123456789012:role/reelway cannot be assumed: " + service.endpoint()
              + ": 403 AccessDenied (User is not authorized); allow these credentials sts:AssumeRole on it, and correct"
              + " reelway.store.role-arn and reelway.store.role-external-id");
      service.refusing(null);
      assertThat(token(role)).isEqualTo("token-1");
    }
  }

  @Test
  void expiredSourceCredentialsAreRenewedAsWell() {
    AtomicInteger made = new AtomicInteger();
    StoreCredentials source =
        new StoreCredentials(
            () -> {
              if (made.incrementAndGet() == 2) {
                service.refusing(null);
              }
              return StaticCredentialsProvider.create(AwsBasicCredentials.create("source-" + made, "s"));
            },
            e -> new DestinationFailure("none", e), List.of(), () -> { }, System::nanoTime);
    service.refusing("ExpiredToken");
    try (StoreCredentials role = role(source)) {
      assertThat(token(role)).isEqualTo("token-1");
      assertThat(service.requests()).hasSize(2);
      assertThat(service.requests().get(1)).contains("Credential=source-2/");
    }
  }

  @Test
  void aServiceThatIsNoneIsSaid() throws Exception {
    try (ScriptedServer other = new ScriptedServer(c -> { c.request(); c.answer(200, "", "<html></html>"); })) {
      Role wrong = new Role("arn:role", "reelway", null, Duration.ofHours(1), other.endpoint());
      StoreCredentials source = StoreCredentials.fixed("a", "s");
      StoreConnection connection =
          new StoreConnection(
              other.endpoint(), "eu-west-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20), source, null);
      try (StoreCredentials role = StoreCredentials.ofRole(wrong, source, connection)) {
        assertThatThrownBy(role::resolveCredentials).isInstanceOf(DestinationFailure.class)
            .hasMessageStartingWith("the role arn:role cannot be assumed: " + other.endpoint())
            .hasMessageEndingWith("; check reelway.store.sts-endpoint");
      }
    }
  }
}
