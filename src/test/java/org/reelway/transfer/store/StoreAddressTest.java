package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;

class StoreAddressTest {
  @ParameterizedTest
  @CsvSource({
    ", eu-west-1, false, media, https://media.s3.eu-west-1.amazonaws.com/a%20b/c",
    ", eu-west-1, true, media, https://s3.eu-west-1.amazonaws.com/media/a%20b/c",
    ", cn-north-1, false, media, https://media.s3.cn-north-1.amazonaws.com.cn/a%20b/c",
    ", eu-west-1, false, media.example, https://s3.eu-west-1.amazonaws.com/media.example/a%20b/c",
    "http://store.example:9000/, x, false, media.example, http://media.example.store.example:9000/a%20b/c",
    "http://store.example:80, x, false, media, http://media.store.example/a%20b/c",
    "http://127.0.0.1:9000, x, false, media, http://127.0.0.1:9000/media/a%20b/c",
    "http://[::1]:9000, x, false, media, http://[::1]:9000/media/a%20b/c",
    "https://store.example/s3/, x, true, media, https://store.example/s3/media/a%20b/c",
    "https://STORE.example, x, true, Old_Bucket, https://store.example/Old_Bucket/a%20b/c",
  })
  void anObjectIsWhereTheStoreLooksForIt(
      URI endpoint, String region, boolean pathStyle, String bucket, String address) {
    assertThat(new StoreAddress(endpoint, region, pathStyle, "reelway.store").shown(bucket, "a b/c")).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"store.example:9000", "ftp://store.example", "/path", "https://a:b@"})
  void anEndpointThatIsNoneIsRefusedWithoutShowingItsPassword(String endpoint) {
    URI uri = URI.create(endpoint.equals("https://a:b@") ? "https://a:secret@under_score" : endpoint);
    assertThatThrownBy(() -> new StoreAddress(uri, "x", true, "reelway.store"))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("reelway.store.endpoint is \"")
        .hasMessageNotContaining("secret");
  }

  @Test
  void anEmptyKeyNeverBecomesACallOnTheBucket() {
    StoreAddress address = new StoreAddress(URI.create("http://store"), "x", true, "reelway.store");
    assertThatThrownBy(() -> address.path("media", "")).isInstanceOf(InputFailure.class);
    assertThatThrownBy(() -> address.path(" ", "k")).isInstanceOf(InputFailure.class);
  }

  @Test
  void twoKeysWithHalfCharactersNeverBecomeOne() {
    StoreAddress address = new StoreAddress(URI.create("http://store"), "x", true, "reelway.store");
    assertThatThrownBy(() -> address.path("media", "a\ud83c.mp4"))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("half a character");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "100%", "%41", " ends ", "a  b", "tab\tline\nü日🎬", "", "%"})
  void aMetadataValueComesBackAsItWas(String value) {
    String header = MetadataCode.encode(value);
    assertThat(header).matches("[\\x20-\\x7e]*").isEqualTo(header.strip()).doesNotContain("  ");
    assertThat(MetadataCode.decode(header)).isEqualTo(value);
  }

  @Test
  void metadataThatOthersWroteIsLeftAsItIs() {
    assertThat(MetadataCode.decode("100% of %zz %4")).isEqualTo("100% of %zz %4");
  }

  @Test
  void aSecondStoreIsToldByTheNamesOfItsOwnSettings() {
    assertThatThrownBy(() -> new StoreAddress(URI.create("ftp://store"), "x", true, "reelway.backup"))
        .hasMessageStartingWith("reelway.backup.endpoint is \"ftp://store\"");
    StoreAddress address = new StoreAddress(URI.create("http://store"), "x", true, "reelway.backup");
    assertThatThrownBy(() -> address.path("", "key")).hasMessage("no bucket is given; set reelway.backup.bucket");
  }
}
