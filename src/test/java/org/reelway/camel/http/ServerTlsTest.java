package org.reelway.camel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;
import org.reelway.settings.HttpSettings;
import org.reelway.settings.Settings;
import org.reelway.state.TestState;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.TestCa;
import org.reelway.testkit.TestStore;

/** Both servers speak https, and their certificates are replaced while they run. */
class ServerTlsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path folder;
  private static TestCa.Pem first;
  private static TestCa.Pem second;

  @BeforeAll
  static void certificates() {
    TestCa ca = TestCa.make(folder, "ca");
    first = ca.pem("dns:first.example");
    second = ca.pem("dns:second.example");
  }

  private static Sidecar sidecar(Path certificate, Path key, TestStore store) throws IOException {
    Map<String, String> settings = new HashMap<>(Map.of(
        "reelway.recordings.folder", Files.createDirectories(folder.resolve("recordings")).toString(),
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.store.endpoint", store.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    for (String server : new String[] {"http", "management"}) {
      settings.put("reelway." + server + ".tls-certificate", certificate.toString());
      settings.put("reelway." + server + ".tls-key", key.toString());
    }
    return new Sidecar(TestState.load(settings), Path.of("."));
  }

  /** Takes any certificate, and shows it. */
  private static SSLSocket connect(URI server, String... protocols) throws Exception {
    X509TrustManager anybody = new X509TrustManager() {
      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type) {}

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type) {}

      @Override
      public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
      }
    };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {anybody}, null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(server.getHost(), server.getPort());
    socket.setSoTimeout(20_000);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.startHandshake();
    return socket;
  }

  private static String shown(URI server) throws Exception {
    try (SSLSocket socket = connect(server)) {
      X509Certificate[] chain = (X509Certificate[]) socket.getSession().getPeerCertificates();
      assertThat(chain).as("the authority's certificate comes too").hasSize(2);
      return chain[0].getSubjectAlternativeNames().iterator().next().get(1).toString();
    }
  }

  private static String get(Socket socket, String path) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    byte[] head = new byte[15];
    assertThat(in.readNBytes(head, 0, 15)).isEqualTo(15);
    return new String(head, StandardCharsets.US_ASCII);
  }

  private static void replace(TestCa.Pem by, Path certificate, Path key) throws IOException {
    Files.copy(by.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(by.key(), key, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void certificatesAreReplacedWhileTheServersRunAndAPairThatDoesNotBelongTogetherIsNotTaken() throws Exception {
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    replace(first, certificate, key);
    try (TestStore store = TestStore.start(folder.resolve("store"));
        LogLines log = new LogLines("org.reelway");
        Sidecar sidecar = sidecar(certificate, key, store)) {
      sidecar.start();
      assertThat(sidecar.http().getScheme()).isEqualTo("https");
      assertThat(shown(sidecar.http())).isEqualTo("first.example");
      assertThat(shown(sidecar.management())).isEqualTo("first.example");
      try (SSLSocket before = connect(sidecar.http())) {
        assertThat(before.getSession().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(get(before, "/openapi.json")).isEqualTo("HTTP/1.1 200 OK");

        Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(SOON).until(() -> log.of("WARN").stream().anyMatch(line -> line.contains("is not that of the certificate")));
        assertThat(shown(sidecar.http())).as("still with its own key").isEqualTo("first.example");

        replace(second, certificate, key);
        await().atMost(SOON).until(() -> shown(sidecar.http()).equals("second.example"));
        await().atMost(SOON).until(() -> shown(sidecar.management()).equals("second.example"));
        assertThat(before.getSession().isValid()).isTrue();
        before.getOutputStream().write("GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(before.getInputStream().read()).as("a connection that is there goes on").isNotEqualTo(-1);
      }
      assertThatThrownBy(() -> connect(sidecar.http(), "TLSv1.1").close()).isInstanceOf(SSLException.class);
      try (Socket plain = new Socket(sidecar.http().getHost(), sidecar.http().getPort())) {
        plain.setSoTimeout(20_000);
        plain.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).doesNotContain("HTTP/1.1");
      }
    }
  }

  private static ServerTls of(Path certificate, Path key) {
    Settings settings = Settings.load(null, Map.of(), Map.of(
        "reelway.http.tls-certificate", certificate.toString(), "reelway.http.tls-key", key.toString()));
    return ServerTls.of(settings, HttpSettings.TLS_CERTIFICATE, HttpSettings.TLS_KEY).orElseThrow();
  }

  @Test
  void whatIsWrongWithTheFilesIsSaid() throws IOException {
    assertThatThrownBy(() -> of(first.certificate(), second.key())).hasMessage(
        "reelway.http.tls-certificate: the key in " + second.key() + " is not that of the certificate in " + first.certificate()
            + "; name two that belong together");
    assertThatThrownBy(() -> of(first.key(), first.key())).hasMessageStartingWith(
        "reelway.http.tls-certificate: " + first.key() + " and " + first.key() + " are not a certificate and its key in PEM form (");
    Path none = folder.resolve("none.pem");
    assertThatThrownBy(() -> of(first.certificate(), none))
        .hasMessage("reelway.http.tls-certificate: the file " + none + " is not there; make it, or name another");
    assertThatThrownBy(() -> Settings.load(null, Map.of(), Map.of("reelway.http.tls-key", "a")))
        .hasMessageContaining("reelway.http.tls-key: is set, but reelway.http.tls-certificate is not; set both or neither");
  }

  @Test
  void aCertificateThatIsOverIsTrouble() {
    ServerTls tls = of(first.certificate(), first.key());

    assertThat(tls.trouble(Clock.systemUTC())).isEmpty();
    Instant later = Instant.now().plus(Duration.ofDays(3));
    assertThat(tls.trouble(Clock.fixed(later, ZoneOffset.UTC))).hasValueSatisfying(
        found -> assertThat(found).startsWith("reelway.http.tls-certificate: the certificate ended on "));
  }
}
