package org.reelway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.testkit.LogLines;

/** Secrets that stand in files of their own. */
class SecretFilesTest {
  @TempDir Path folder;
  private Path secret;

  @BeforeEach
  void write() throws IOException {
    secret = Files.writeString(folder.resolve("secret"), "\n one-secret-of-a-file \n");
  }

  static Set<Setting<?>> secrets() {
    return Settings.all().stream().filter(Setting::secret).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void everySecretHasATwinThatNamesItsFile(Setting<?> setting) {
    Path none = folder.resolve("none");
    for (Map<String, String> environment : Set.of(Map.of(setting.env() + "_FILE", none.toString()))) {
      assertThatThrownBy(() -> Settings.load(null, environment, Map.of()))
          .hasMessageContaining("environment " + setting.env() + "_FILE: " + setting + "-file: the file " + none + " is not there");
    }
    assertThatThrownBy(() -> Settings.load(null, Map.of(), Map.of(setting + "-file", none.toString())))
        .hasMessageContaining("--set: " + setting + "-file: the file " + none + " is not there");
  }

  @Test
  void theFilesTextWithoutTheSpaceAroundItIsTheSecret() {
    Settings settings = Settings.load(null, Map.of("REELWAY_HTTP_PASSWORD_FILE", secret.toString()), Map.of("reelway.http.username", "a"));

    assertThat(settings.get(HttpSettings.PASSWORD)).isEqualTo("one-secret-of-a-file");
    assertThat(settings.isSet(HttpSettings.PASSWORD)).isTrue();
    assertThat(settings.fileOf(HttpSettings.PASSWORD)).contains(secret);
    assertThat(settings.effective()).containsEntry("reelway.http.password", "*****");
    assertThat(settings.inForce()).contains(
        new InForce("reelway.http.password", "*****", "environment REELWAY_HTTP_PASSWORD_FILE", true, true));
    assertThat(settings.toString()).doesNotContain("one-secret");
  }

  @Test
  void itIsReadAgainWhereItChangedAndKeptWhereItIsWrong() throws Exception {
    Settings settings = Settings.load(null, Map.of(), Map.of("reelway.callbacks.secret-file", secret.toString()));
    Files.writeString(secret, "another-secret-of-a-file");

    assertThat(settings.now(CallbackSettings.SECRET)).as("not looked at within a second").isEqualTo("one-secret-of-a-file");
    Thread.sleep(1010);
    settings.lookAtSecrets();
    assertThat(settings.last(CallbackSettings.SECRET)).isEqualTo("another-secret-of-a-file");
    assertThat(settings.get(CallbackSettings.SECRET)).as("as it was at the start").isEqualTo("one-secret-of-a-file");

    try (LogLines log = new LogLines("org.reelway.settings")) {
      for (String wrong : new String[] {"short", "", null}) {
        if (wrong == null) {
          Files.delete(secret);
        } else {
          Files.writeString(secret, wrong);
        }
        for (int look = 0; look < 3; look++) {
          Thread.sleep(1010);
          settings.lookAtSecrets();
        }
        assertThat(settings.last(CallbackSettings.SECRET)).isEqualTo("another-secret-of-a-file");
        assertThat(settings.secretTroubles()).singleElement().asString().startsWith("reelway.callbacks.secret-file: the ");
      }
      assertThat(log.of("WARN")).hasSize(3).allMatch(line -> line.endsWith("; what was read before holds on"))
          .noneMatch(line -> line.contains("short;"));
    }
  }

  /** A pipe that nobody writes to would hold up the reading of all others, for ever. */
  @Test
  void onlyRegularFilesAreRead() {
    assertThatThrownBy(() -> Settings.load(null, Map.of(), Map.of("reelway.callbacks.secret-file", "/dev/null")))
        .hasMessageContaining("the file /dev/null is a pipe or a device; name a regular file");
  }

  @Test
  void aSecretAndItsFileInOnePlaceAreTooMuchAndInTwoTheStrongerPlaceWins() throws IOException {
    Path file = Files.writeString(folder.resolve("p"),
        "reelway.callbacks.secret=a-secret-as-such-in-here\nreelway.callbacks.secret-file=" + secret + "\n");
    assertThatThrownBy(() -> Settings.load(file, Map.of(), Map.of())).hasMessage(
        file + ":2: reelway.callbacks.secret-file: the secret reelway.callbacks.secret is given as such and by a file; remove one of them");

    Files.writeString(file, "reelway.callbacks.secret-file=" + secret + "\nreelway.callbacks.secret=\n");
    assertThat(Settings.load(file, Map.of(), Map.of()).get(CallbackSettings.SECRET)).isEqualTo("one-secret-of-a-file");
    assertThat(Settings.load(file, Map.of("REELWAY_CALLBACKS_SECRET", "an-environments-secret"), Map.of()).get(CallbackSettings.SECRET))
        .isEqualTo("an-environments-secret");
    Files.writeString(file, "reelway.callbacks.secret=a-secret-as-such-in-here");
    assertThat(Settings.load(file, Map.of("REELWAY_CALLBACKS_SECRET_FILE", secret.toString()), Map.of()).get(CallbackSettings.SECRET))
        .isEqualTo("one-secret-of-a-file");
  }

  @Test
  void onlySecretsHaveSuchATwin() {
    assertThatThrownBy(() -> Settings.load(null, Map.of("REELWAY_STORE_BUCKET_FILE", "/x"), Map.of()))
        .hasMessageContaining("REELWAY_STORE_BUCKET_FILE: is not a setting");
    assertThatThrownBy(() -> Settings.load(null, Map.of(), Map.of("reelway.store.bucket-file", "/x")))
        .hasMessageContaining("reelway.store.bucket-file: is not a setting");
  }

  @Test
  void whoDoesNotNeedSecretsReadsNoFileUntilOneIsAskedFor() {
    Path none = folder.resolve("none");
    Settings settings = Settings.load(
        null, Map.of("REELWAY_STORE_SECRET_KEY_FILE", none.toString(), "REELWAY_STORE_ACCESS_KEY", "a"), Map.of(), Set.of(), false);

    assertThat(settings.get(StoreSettings.PRIMARY.secretKey)).isNull();
    assertThatThrownBy(() -> settings.now(StoreSettings.PRIMARY.secretKey)).hasMessage(
        "reelway.store.secret-key-file: the file " + none + " is not there; make it, or name another");
  }
}
