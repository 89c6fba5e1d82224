package org.reelway.settings.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.failure.Sha256;
import org.reelway.settings.Settings;

/** Who an account of a file or of the settings is, and what is wrong with a file. */
class LoginsTest {
  private static final String OPERATOR = "operator-secret-0001";
  private static final String VIEWER = "viewer-secret-00002";
  private static final String FILE =
      "\n# people\nolga  operate\t" + OPERATOR + "\n  vera read sha256:" + Sha256.hex(VIEWER, 64).toUpperCase() + "  \r\n";

  @TempDir Path folder;

  private Logins logins(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("access"), text);
    return Logins.http(Settings.load(null, Map.of("REELWAY_HTTP_PASSWORD", "a password"), Map.of(
        "reelway.http.access-file", file.toString(), "reelway.http.username", "studio")));
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void nobodyIsAskedWhereThereIsNoAccount() {
    assertThat(Logins.http(Settings.load(null, Map.of(), Map.of())).areAsked()).isFalse();
    assertThat(Logins.http(Settings.load(null, Map.of(), Map.of())).account("Bearer " + OPERATOR)).isEmpty();
  }

  @Test
  void anAccountIsKnownByItsNameAndSecretOrByItsSecretAlone() throws IOException {
    Logins logins = logins(FILE);
    Account olga = new Account("olga", Role.OPERATE);

    assertThat(logins.areAsked()).isTrue();
    assertThat(logins.account("olga", OPERATOR)).contains(olga);
    assertThat(logins.account(basic("olga:" + OPERATOR))).contains(olga);
    assertThat(logins.account("bearer  " + OPERATOR)).contains(olga);
    assertThat(logins.account("vera", VIEWER)).contains(new Account("vera", Role.READ));
    assertThat(logins.account(basic("studio:a password"))).contains(new Account("studio", Role.OPERATE));
    assertThat(logins.account("Bearer a password")).contains(new Account("studio", Role.OPERATE));
    assertThat(logins.own()).contains(basic("studio:a password"));
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "Basic", "Basic ", "Basic !", "Basic b2xnYQ==", "Bearer", "Bearer ", "Bearer x", "Digest olga", "", "operator-secret-0001",
    "Bearer olga:operator-secret-0001", "Basic olga:operator-secret-0001", "Bearer OPERATOR-SECRET-0001"
  })
  void whatIsNoLoginIsNobodys(String authorization) throws IOException {
    assertThat(logins(FILE).account(authorization)).isEmpty();
  }

  @Test
  void theSecretOfAnotherNorItsHashIsRight() throws IOException {
    Logins logins = logins(FILE);

    assertThat(logins.account("olga", VIEWER)).isEmpty();
    assertThat(logins.account("", OPERATOR)).isEmpty();
    assertThat(logins.account("vera", "sha256:" + Sha256.hex(VIEWER, 64))).isEmpty();
    assertThat(logins.account("vera", Sha256.hex(VIEWER, 64))).isEmpty();
    assertThat(logins.account(null)).isEmpty();
    assertThat(Logins.name(basic("olga:x:y"))).isEqualTo("olga");
    assertThat(Logins.name("Bearer x")).isEmpty();
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("", "the file FILE has no account; write NAME ROLE SECRET, separated by spaces"),
        Arguments.of("olga", "FILE:1: the line has 1 word; write NAME ROLE SECRET, separated by spaces"),
        Arguments.of("a operate 1234567890123456\nb read two words",
            "FILE:2: the line has 4 words; write NAME ROLE SECRET, separated by spaces"),
        Arguments.of("a admin 1234567890123456",
            "FILE:1: the second word (not shown) is no role; allowed: read, operate, hooks"),
        Arguments.of("a:b read 1234567890123456",
            "FILE:1: the name is longer than 64 characters, or has a colon or a control character in it"),
        Arguments.of("a read 123456789012345",
            "FILE:1: the secret (not shown) is shorter than 16 characters; make one by openssl rand -hex 24"),
        Arguments.of("a read sha256:1234",
            "FILE:1: what follows sha256: is no SHA-256 in hex, 64 digits; make it by printf %s SECRET | sha256sum"),
        Arguments.of("a read 1234567890123456\na operate 1234567890123457",
            "FILE:2: the name \"a\" was given before; give each account its own"),
        Arguments.of("a read 1234567890123456\nb operate sha256:" + Sha256.hex("1234567890123456", 64),
            "FILE:2: the secret is that of \"a\", too; give each account its own, or a bearer's role cannot be known"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aFileThatIsWrongIsToldByItsLineWithoutASecret(String text, String message) {
    assertThatThrownBy(() -> logins(text))
        .isInstanceOf(InputFailure.class)
        .hasMessage("reelway.http.access-file: " + message.replace("FILE", folder.resolve("access").toString()));
  }

  @Test
  void aFileThatIsNotThereIsToldOf() {
    Path file = folder.resolve("none");
    Settings settings = Settings.load(null, Map.of(), Map.of("reelway.http.access-file", file.toString()));
    assertThatThrownBy(() -> Logins.http(settings))
        .hasMessage("reelway.http.access-file: the file " + file + " is not there; make it, or name another");
  }

  @Test
  void clientsOfThisMachineUseAnOperatorWhoseSecretStandsThere() throws IOException {
    Path file = Files.writeString(folder.resolve("access"), FILE);
    assertThat(Logins.http(Settings.load(null, Map.of(), Map.of("reelway.http.access-file", file.toString()))).own())
        .contains(basic("olga:" + OPERATOR));
    Files.writeString(file, "vera read " + VIEWER + "\nolga operate sha256:" + Sha256.hex(OPERATOR, 64));
    assertThat(Logins.http(Settings.load(null, Map.of(), Map.of("reelway.http.access-file", file.toString()))).own())
        .isEqualTo(Optional.empty());
  }
}
