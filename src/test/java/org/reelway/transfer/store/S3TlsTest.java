package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.zip.CRC32C;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class S3TlsTest {
  private static final int SIZE = 9_000_001;

  @TempDir static Path folder;
  private static TestTls right;
  private static TestTls wrongName;

  @BeforeAll
  static void makeCertificates() throws Exception {
    right = TestTls.make(folder, "ip:127.0.0.1");
    wrongName = TestTls.make(folder, "dns:other.example");
  }

  private static ScriptedServer server(TestTls tls, String protocol, ScriptedServer.Script... scripts)
      throws Exception {
    SSLServerSocket socket =
        (SSLServerSocket)
            tls.server().getServerSocketFactory().createServerSocket(0, 16, InetAddress.getLoopbackAddress());
    socket.setEnabledProtocols(new String[] {protocol});
    return new ScriptedServer(socket, scripts);
  }

  private static S3Store store(ScriptedServer server, TestTls trusted) {
    return new S3Store(
        new StoreConnection(
            URI.create(server.endpoint().toString().replace("http:", "https:")), "us-east-1", true,
            Duration.ofSeconds(5), Duration.ofSeconds(1), StoreCredentials.fixed("a", "s"),
            trusted == null ? null : trusted.client()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bytesTravelWholeBothWaysOverOneConnection(String protocol) throws Exception {
    CRC32C received = new CRC32C();
    CRC32C expected = new CRC32C();
    try (FileChannel file = file(expected);
        ScriptedServer server =
            server(right, protocol, c -> {
              c.head();
              c.say("HTTP/1.1 100 Continue\r\n\r\n");
              c.read(SIZE, received);
              c.answer(200, "ETag: \"e\"\r\n", "");
              c.request();
              c.answer(200, "", "x".repeat(300_000));
            });
        S3Store store = store(server, right)) {
      store.put("b", "k", new Body.FileSlice(file, 0, SIZE), null, ObjectAttributes.NONE, Precondition.NONE,
          Sent.NOBODY);
      assertThat(received.getValue()).isEqualTo(expected.getValue());
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      store.get("b", "k", got);
      assertThat(got.size()).isEqualTo(300_000);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aPeerThatStopsTakingBytesIsFound() throws Exception {
    try (FileChannel file = file(new CRC32C());
        ScriptedServer server =
            server(right, "TLSv1.3", c -> { c.head(); c.say("HTTP/1.1 100 Continue\r\n\r\n"); c.silence(); });
        S3Store store = store(server, right)) {
      StoreFailure failure =
          catchThrowableOfType(StoreFailure.class, () -> {
            for (int i = 0; i < 100; i++) {
              store.put("b", "k", new Body.FileSlice(file, 0, SIZE), null, ObjectAttributes.NONE, Precondition.NONE,
                  Sent.NOBODY);
            }
          });
      assertThat(failure.code()).isEqualTo("Timeout");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anAnswerMayEndWithItsConnection(String protocol) throws Exception {
    try (ScriptedServer server = server(right, protocol, c -> {
          c.request();
          c.say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
              + "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
        });
        S3Store store = store(server, right)) {
      assertThat(store.createMultipart("b", "k", ObjectAttributes.NONE, ChecksumKind.CRC32C)).isEqualTo("u");
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    try (ScriptedServer server = server(wrongName, "TLSv1.3", c -> c.request());
        S3Store store = store(server, wrongName)) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket("b"));
      assertThat(failure.code()).isEqualTo("ConnectionFailed");
      assertThat(failure).hasMessageContaining("No subject alternative names matching IP address 127.0.0.1 found");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void anUnknownCertificateIsRefused() throws Exception {
    try (ScriptedServer server = server(right, "TLSv1.3", c -> c.request());
        S3Store store = store(server, null)) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket("b"));
      assertThat(failure.code()).isEqualTo("ConnectionFailed");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aPeerThatSpeaksPlainHttpIsRefused() throws Exception {
    try (ScriptedServer server = new ScriptedServer(c -> c.say("HTTP/1.1 400 Bad Request\r\n\r\n"));
        S3Store store = store(server, right)) {
      StoreFailure failure = catchThrowableOfType(StoreFailure.class, () -> store.headBucket("b"));
      assertThat(failure.code()).isEqualTo("ConnectionFailed");
    }
  }

  private static FileChannel file(CRC32C checksum) throws Exception {
    byte[] bytes = new byte[SIZE];
    new java.util.Random(5).nextBytes(bytes);
    checksum.update(bytes);
    FileChannel file =
        FileChannel.open(folder.resolve("body"), StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    file.write(ByteBuffer.wrap(bytes), 0);
    return file;
  }
}
