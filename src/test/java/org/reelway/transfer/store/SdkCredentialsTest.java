package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
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
}
