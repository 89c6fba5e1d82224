package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.testkit.HttpProxy;
import org.reelway.testkit.TestCa;
import org.reelway.testkit.TestStore;
import org.reelway.testkit.TlsFront;
import org.reelway.transfer.bandwidth.Bandwidth;

/** A real store, by http and https, behind a proxy that really forwards. */
@Timeout(120)
class StoreProxyTest {
  private static final String BUCKET = TestStore.BUCKET;
  private static final int SIZE = 7_000_001;

  @TempDir static Path folder;
  private static TestStore server;
  private static TlsFront front;
  private static Trust trust;

  @BeforeAll
  static void start() {
    TestCa ca = TestCa.make(folder, "Studio-CA");
    server = TestStore.start(folder.resolve("store"));
    front = TlsFront.before(server.endpoint(), ca.issue("dns:only.behind.the.proxy,ip:127.0.0.1"));
    trust = CaFile.of(ca.certificate(), "reelway.store");
  }

  @AfterAll
  static void stop() {
    front.close();
    server.close();
  }

  private static S3Store store(URI endpoint, StoreProxy proxy) {
    return new S3Store(
        new StoreConnection(
            endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
            new Transport(1024, trust, proxy, Bandwidth.unlimited()),
            StoreCredentials.fixed(TestStore.ACCESS_KEY, TestStore.SECRET_KEY), "reelway.store"));
  }

  private static StoreProxy by(HttpProxy proxy, String... exceptions) {
    return new StoreProxy("127.0.0.1", proxy.port(), null, null, List.of(exceptions));
  }

  private static void travels(S3Store store, String key) throws Exception {
    byte[] bytes = new byte[SIZE];
    new java.util.Random(3).nextBytes(bytes);
    try (FileChannel file =
        FileChannel.open(folder.resolve(key), StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(bytes), 0);
      store.put(BUCKET, key, new Body.FileSlice(file, 0, SIZE), null, ObjectAttributes.NONE, Precondition.NONE,
          Sent.NOBODY);
    }
    assertThat(store.head(BUCKET, key)).get().extracting(StoredObject::size).isEqualTo((long) SIZE);
    assertThat(server.bytes(key)).isEqualTo(bytes);
  }

  @Test
  void anHttpStoreIsAskedWithItsWholeAddress() throws Exception {
    try (HttpProxy proxy = HttpProxy.open(); S3Store store = store(server.endpoint(), by(proxy))) {
      travels(store, "plain");
      assertThat(proxy.seen()).hasSize(2).first().asString()
          .isEqualTo("PUT " + server.endpoint() + "/recordings/plain HTTP/1.1");
    }
  }

  @Test
  void anHttpsStoreIsReachedByATunnelAndTheProxySeesNothingOfIt() throws Exception {
    try (HttpProxy proxy = HttpProxy.open(); S3Store store = store(front.endpoint(), by(proxy))) {
      travels(store, "tunnelled");
      assertThat(proxy.seen()).containsExactly("CONNECT 127.0.0.1:" + front.port() + " HTTP/1.1");
    }
  }

  @Test
  void aNameThatOnlyTheProxyKnowsIsNotLookedUpHereAndStillChecked() throws Exception {
    try (HttpProxy proxy = HttpProxy.open().reachingAllAt("127.0.0.1")) {
      try (S3Store store = store(URI.create("https://only.behind.the.proxy:" + front.port()), by(proxy))) {
        travels(store, "far");
      }
      try (S3Store store = store(URI.create("https://another.behind.the.proxy:" + front.port()), by(proxy))) {
        StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket(BUCKET));
        assertThat(failure).hasMessageContaining("another.behind.the.proxy")
            .hasMessageContaining("it is for only.behind.the.proxy, 127.0.0.1");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aProxyThatAsksGetsUserNameAndPassword(boolean tls) throws Exception {
    try (HttpProxy proxy = HttpProxy.asking("user", "pass word");
        S3Store store =
            store(
                tls ? front.endpoint() : server.endpoint(),
                new StoreProxy("127.0.0.1", proxy.port(), "user", "pass word", List.of()))) {
      travels(store, "asked-" + tls);
      assertThat(proxy.seen()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aProxyThatIsNotGivenWhatItAsksForIsNamed(boolean tls) {
    URI endpoint = tls ? front.endpoint() : server.endpoint();
    try (HttpProxy proxy = HttpProxy.asking("user", "right")) {
      String shown = "the proxy http://127.0.0.1:" + proxy.port();
      try (S3Store store = store(endpoint, by(proxy))) {
        StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket(BUCKET));
        assertThat(failure.code()).isEqualTo("ProxyFailed");
        assertThat(failure.isTransient()).isTrue();
        assertThat(failure.isAnswerLost()).isFalse();
        assertThat(failure).hasMessage("HEAD " + endpoint + "/recordings: " + shown
            + " wants a user name and password (407); check reelway.store.proxy, reelway.store.proxy-username and"
            + " reelway.store.proxy-password, or name the store's host in reelway.store.no-proxy");
      }
      StoreProxy wrong = new StoreProxy("127.0.0.1", proxy.port(), "user", "very-wrong", List.of());
      try (S3Store store = store(endpoint, wrong)) {
        StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket(BUCKET));
        assertThat(failure).hasMessageContaining(shown + " does not take this user name and password (407)");
        assertThat(failure.getMessage() + wrong).doesNotContain("very-wrong");
      }
      assertThat(proxy.seen()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "502, does not reach the store: it answered 502 to CONNECT to 127.0.0.1:",
    "403, does not allow CONNECT to 127.0.0.1:",
    "500, answered 500 to CONNECT to 127.0.0.1:"})
  void aProxyThatRefusesATunnelIsNamed(int status, String said) {
    try (HttpProxy proxy = HttpProxy.open().refusing(status); S3Store store = store(front.endpoint(), by(proxy))) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket(BUCKET));
      assertThat(failure.code()).isEqualTo("ProxyFailed");
      assertThat(failure).hasMessageContaining("the proxy http://127.0.0.1:" + proxy.port() + " " + said);
    }
  }

  @Test
  void anErrorOfTheProxyInPlaceOfAnHttpStoreIsNotSaidToBeTheStores() {
    try (HttpProxy proxy = HttpProxy.open().refusing(502); S3Store store = store(server.endpoint(), by(proxy))) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket(BUCKET));
      assertThat(failure.status()).isEqualTo(502);
      assertThat(failure.isTransient()).isTrue();
      assertThat(failure).hasMessageContaining("it may come from the proxy http://127.0.0.1:" + proxy.port());
    }
  }

  @Test
  void aProxyThatIsAwayIsNamed() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (S3Store store = store(front.endpoint(), new StoreProxy("127.0.0.1", port, null, null, List.of()))) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket(BUCKET));
      assertThat(failure.code()).isEqualTo("ProxyFailed");
      assertThat(failure).hasMessageContaining(
          "the proxy http://127.0.0.1:" + port + ": no connection: Connection refused");
    }
  }

  @Test
  void anExceptionIsReachedWithoutTheProxy() throws Exception {
    try (HttpProxy proxy = HttpProxy.open(); S3Store store = store(server.endpoint(), by(proxy, "127.0.0.1"))) {
      travels(store, "straight");
      assertThat(proxy.seen()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, false", "example.com, s3.example.com, false", "example.com, notexample.com, true",
    ".example.com, s3.EXAMPLE.com, false", "*.example.com, s3.example.com, false", "10.0.0.7, 10.0.0.7, false",
    "10.0.0.7, 10.0.0.70, true", "*, anything, false", "[::1], ::1, false"})
  void exceptionsAreNamesWithAllBelowThemAndAddresses(String exception, String host, boolean proxied) {
    assertThat(new StoreProxy("p", 1, null, null, List.of(exception)).isFor(host)).isEqualTo(proxied);
  }
}
