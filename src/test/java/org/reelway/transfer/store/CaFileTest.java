package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.testkit.TestCa;
import org.reelway.testkit.TestStore;
import org.reelway.testkit.TlsFront;
import org.reelway.transfer.bandwidth.Bandwidth;

@Timeout(120)
class CaFileTest {
  @TempDir static Path shared;
  private static TestStore server;
  private static TestCa ca;
  private static TlsFront front;
  private static TlsFront wrongName;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestStore.start(shared.resolve("store"));
    ca = TestCa.make(shared, "Studio-CA");
    front = TlsFront.before(server.endpoint(), ca.issue("ip:127.0.0.1"));
    wrongName = TlsFront.before(server.endpoint(), ca.issue("dns:other.example"));
  }

  @AfterAll
  static void stop() {
    front.close();
    wrongName.close();
    server.close();
  }

  private static S3Store store(TlsFront front, Trust trust) {
    return new S3Store(
        new StoreConnection(
            front.endpoint(), "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
            new Transport(1024, trust, null, Bandwidth.unlimited()),
            StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY), "reelway.store"));
  }

  private static StoreFailure refused(S3Store store) {
    StoreFailure failure =
        catchThrowableOfType(StoreFailure.class, () -> store.headBucket(TestStore.BUCKET));
    assertThat(failure.code()).isEqualTo("ConnectionFailed");
    assertThat(failure.isTransient()).isTrue();
    return failure;
  }

  @Test
  void aStoreWithACertificateOfTheFilesAuthorityIsBelieved() {
    try (S3Store store = store(front, CaFile.of(ca.certificate(), "reelway.store"))) {
      store.headBucket(TestStore.BUCKET);
    }
  }

  @Test
  void theJvmsOwnAuthoritiesStayTrusted() throws Exception {
    Path file = Files.copy(ca.certificate(), folder.resolve("ca.pem"));
    javax.net.ssl.SSLContext context = CaFile.of(file, "reelway.store").context();
    assertThat(context).isNotNull();
    assertThat(Trust.PlatformTrust.managerOf(null).getAcceptedIssuers()).isNotEmpty();
    java.security.cert.X509Certificate known = Trust.PlatformTrust.managerOf(null).getAcceptedIssuers()[0];
    assertThat(CaFile.together(java.util.List.of()).getCertificateAlias(known)).isNotNull();
  }

  @Test
  void anUnknownAuthorityIsNamedAndWhatToSet() {
    try (S3Store store = store(front, Trust.platform("reelway.store"))) {
      assertThat(refused(store))
          .hasMessageContaining("no TLS connection to https://127.0.0.1:" + front.port() + ": ")
          .hasMessageContaining("the certificate \"CN=store\", issued by \"CN=Studio-CA\", valid from ")
          .hasMessageContaining("is not trusted (")
          .hasMessageContaining(
              "): set reelway.store.ca-file to a PEM file with the certificate of \"CN=Studio-CA\"");
    }
  }

  @Test
  void theNameIsCheckedWhateverIsTrusted() {
    try (S3Store store = store(wrongName, CaFile.of(ca.certificate(), "reelway.store"))) {
      assertThat(refused(store))
          .hasMessageContaining("issued by \"CN=Studio-CA\"")
          .hasMessageContaining("is refused (No subject alternative names matching IP address 127.0.0.1 found)")
          .hasMessageContaining("it is for other.example: correct reelway.store.endpoint");
    }
  }

  @Test
  void aFileThatIsReplacedIsReadAgain() throws Exception {
    Path file = Files.copy(TestCa.make(folder, "Other-CA").certificate(), folder.resolve("ca.pem"));
    try (S3Store store = store(front, CaFile.of(file, "reelway.store"))) {
      refused(store);
      Files.move(Files.copy(ca.certificate(), folder.resolve("next.pem")), file,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      store.headBucket(TestStore.BUCKET);
    }
  }

  @Test
  void aFileThatIsSpoiledLaterLeavesWhatItHeldBefore() throws Exception {
    Path file = Files.copy(ca.certificate(), folder.resolve("ca.pem"));
    Trust trust = CaFile.of(file, "reelway.store");
    Files.writeString(file, "half of a certifi");
    try (S3Store store = store(front, trust)) {
      store.headBucket(TestStore.BUCKET);
    }
    Files.delete(file);
    try (S3Store store = store(front, trust)) {
      store.headBucket(TestStore.BUCKET);
    }
  }

  @Test
  void aFileWithoutCertificatesStopsTheStartAndSaysWhy() throws Exception {
    Path none = folder.resolve("none.pem");
    assertThatThrownBy(() -> CaFile.of(none, "reelway.store")).isInstanceOf(InputFailure.class)
        .hasMessage("reelway.store.ca-file is \"" + none + "\": there is no such file; name a file with certificates in"
            + " PEM form (-----BEGIN CERTIFICATE-----)");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    assertThatThrownBy(() -> CaFile.of(empty, "reelway.store")).isInstanceOf(InputFailure.class)
        .hasMessageContaining("no certificate is in it");
    Path text = Files.writeString(folder.resolve("text.pem"), "no certificate\n");
    assertThatThrownBy(() -> CaFile.of(text, "reelway.store")).isInstanceOf(InputFailure.class)
        .hasMessageContaining("reelway.store.ca-file is \"" + text + "\": ");
  }
}
