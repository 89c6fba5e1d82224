package org.reelway.transfer.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.reelway.failure.InputFailure;

class ManifestFormatTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private final ManifestFormat plain = new ManifestFormat(Optional.empty());
  private final ManifestFormat signed = signing("geheim");

  private static ManifestFormat signing(String secret) {
    return new ManifestFormat(Optional.of(new ManifestSignature(secret)));
  }

  /** @param name goes into the text, so it can try to look like a signature */
  private static Manifest manifest(String name) {
    return new Manifest(
        new Manifest.Recording("0123456789abcdef0123", name, "live/" + name, "/rec/live/" + name, "studio", "hook"),
        List.of(
            new Manifest.StoredFile(
                7,
                Map.of("crc32c", "AAAAAA==", "sha256", "ab"),
                "crc32c:AAAAAA==",
                List.of(new Manifest.Place("http://s", "b", "live/" + name, "etag", null)))),
        new Manifest.Times(NOON, NOON, null, NOON, NOON),
        JsonNodeFactory.instance.objectNode().put("error", "no media"),
        true,
        "1.2.3");
  }

  /** As a route makes it JSON. */
  private static byte[] written(ManifestFormat format, Manifest manifest) {
    try {
      return format.seal(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(format.members(manifest)));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void whatIsWrittenIsRead() {
    assertThat(plain.read(written(plain, manifest("ä \"b\".mp4")))).isEqualTo(manifest("ä \"b\".mp4"));
    assertThat(signed.read(written(signed, manifest("a.mp4")))).isEqualTo(manifest("a.mp4"));
    assertThat(plain.read(written(signed, manifest("a.mp4")))).as("the secret is needed to check only").isNotNull();
  }

  @Test
  void theSignatureIsThatOfTheBytesWithZerosInItsPlace() throws Exception {
    String zeros = "0".repeat(64);
    String text = text(written(signed, manifest(zeros + ".mp4")));
    String value = new ObjectMapper().readTree(text).at("/signature/value").asText();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(bytes("geheim"), "HmacSHA256"));

    assertThat(value).isEqualTo(HexFormat.of().formatHex(mac.doFinal(bytes(text.replace(value, zeros)))));
    assertThat(signed.read(bytes(text)).recording().name()).startsWith(zeros);
  }

  @Test
  void whatIsNotSignedWithTheSecretIsNotBelieved() {
    String text = text(written(signed, manifest("a.mp4")));

    assertThatThrownBy(() -> signed.read(bytes(text.replace("\"bytes\" : 7", "\"bytes\" : 8"))))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("it was altered, or signed with another secret");
    assertThatThrownBy(() -> signing("other").read(bytes(text))).hasMessageContaining("another secret");
    assertThatThrownBy(() -> signed.read(written(plain, manifest("a.mp4")))).hasMessageStartingWith("it is not signed");
  }

  @Test
  void whatIsNoManifestIsSaid() {
    assertThatThrownBy(() -> plain.read(bytes("{\"a\":"))).hasMessage("it is not whole JSON");
    assertThatThrownBy(() -> plain.read(bytes("[1]"))).hasMessage("it is no manifest of Reelway's");
    assertThatThrownBy(() -> plain.read(bytes("{\"reelwayManifest\":2}"))).hasMessageContaining("newer Reelway");
    assertThatThrownBy(() -> plain.read(bytes("{\"reelwayManifest\":1}"))).hasMessage("it names no object");
  }

  @Test
  void aKeyWithoutRoomForTheSuffixIsCutAndKeptApartFromOthers() {
    String longest = "ü".repeat(510) + "abcd";

    assertThat(ManifestKey.of("a/b.mp4")).isEqualTo("a/b.mp4.manifest.json");
    assertThat(bytes(ManifestKey.of(longest)).length).isLessThanOrEqualTo(1024);
    assertThat(ManifestKey.of(longest)).endsWith(ManifestKey.SUFFIX).isNotEqualTo(ManifestKey.of(longest + "e"));
  }
}
