package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.DestinationFailure;

class SdkCredentialsTest {
  @TempDir Path folder;

  @Test
  void aProfileOfAFileGivesItsKeysAndToken() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("credentials"),
            "[studio]\naws_access_key_id=AK\naws_secret_access_key=SK\naws_session_token=TOK\n");
    assertThat(SdkCredentials.ofProfile("studio", file, "reelway.store").get()).isEqualTo(new Credentials("AK", "SK", "TOK"));
  }

  @Test
  void aMissingProfileSaysWhatWasLookedAtAndWhatToSet() throws Exception {
    Path file = Files.writeString(folder.resolve("credentials"), "[other]\naws_access_key_id=AK\n");
    assertThatThrownBy(() -> SdkCredentials.ofProfile("studio", file, "reelway.store").get())
        .isInstanceOf(DestinationFailure.class)
        .hasMessage("no credentials for the store: looked at profile \"studio\" in " + file
            + "; set reelway.store.access-key and reelway.store.secret-key, or reelway.store.profile, or give the"
            + " machine a role that the AWS default chain finds");
  }

  @Test
  void aMissingFileIsAFailureOfTheSameKind() {
    assertThatThrownBy(() -> SdkCredentials.ofProfile("studio", folder.resolve("none"), "reelway.store").get())
        .isInstanceOf(DestinationFailure.class)
        .hasMessageContaining(folder.resolve("none").toString());
  }

  @Test
  void secretsAreNeverShown() {
    assertThat(new Credentials("AK", "SECRET", "TOKEN")).hasToString(
        "Credentials[accessKey=AK, secretKey=****, sessionToken=****]");
  }

  private static void replace(Path file, String key) throws Exception {
    Path next = Files.writeString(
        file.resolveSibling("next"), "[studio]\naws_access_key_id=" + key + "\naws_secret_access_key=SK\n");
    Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aFileThatIsReplacedIsNoticedWithinASecond() throws Exception {
    AtomicLong nanos = new AtomicLong();
    Path file = folder.resolve("credentials");
    replace(file, "AK1");
    try (SdkCredentials credentials = new SdkCredentials("studio", file, "reelway.store", nanos::get)) {
      assertThat(credentials.get().accessKey()).isEqualTo("AK1");
      replace(file, "AK2");
      assertThat(credentials.get().accessKey()).as("files are not looked at for each request").isEqualTo("AK1");
      nanos.addAndGet(1_000_000_000L);
      assertThat(credentials.get().accessKey()).isEqualTo("AK2");
    }
  }

  @Test
  void whatWasRefusedIsLookedUpAnewAtOnceButNotAgainAndAgain() throws Exception {
    AtomicLong nanos = new AtomicLong();
    Path file = folder.resolve("credentials");
    replace(file, "AK1");
    try (SdkCredentials credentials = new SdkCredentials("studio", file, "reelway.store", nanos::get)) {
      Credentials first = credentials.get();
      replace(file, "AK2");
      assertThat(credentials.renew(first)).isTrue();
      assertThat(credentials.get().accessKey()).isEqualTo("AK2");
      assertThat(credentials.renew(first)).as("another thread was first").isTrue();
      Credentials second = credentials.get();
      assertThat(credentials.renew(second)).isFalse();
      replace(file, "AK3");
      assertThat(credentials.renew(second)).as("asked a moment ago").isFalse();
      nanos.addAndGet(10_000_000_000L);
      assertThat(credentials.renew(second)).isTrue();
    }
  }
}
