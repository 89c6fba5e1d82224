package org.reelway.transfer.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.DaemonThreads;
import org.reelway.testkit.TestCa;
import org.reelway.testkit.TlsFront;
import org.reelway.transfer.store.CaFile;
import org.reelway.transfer.store.Trust;

/** How long a peer can hold up an exchange, with real sockets on loopback. */
class HttpCallerTest {
  private static final Duration WHOLE = Duration.ofSeconds(2);
  /** More than all buffers on the way hold. */
  private static final int LARGE = 32 << 20;

  @TempDir Path folder;
  private final List<Socket> held = new ArrayList<>();

  @Test
  void aPeerThatDoesNotReadHoldsUpNeitherItsExchangeNorTheNext() throws Exception {
    try (ServerSocket deaf = deaf()) {
      requireBounded(Trust.platform("test"), URI.create("http://127.0.0.1:" + deaf.getLocalPort() + "/"));
    }
  }

  @Test
  void norDoesItOverTls() throws Exception {
    TestCa ca = TestCa.make(folder, "ca");
    try (ServerSocket deaf = deaf();
        TlsFront tls =
            TlsFront.before(URI.create("http://127.0.0.1:" + deaf.getLocalPort()), ca.issue("ip:127.0.0.1"))) {
      requireBounded(CaFile.of(ca.certificate(), "test"), URI.create("https://127.0.0.1:" + tls.port() + "/"));
    }
  }

  private static void requireBounded(Trust trust, URI target) {
    HttpCaller.Limits limits = new HttpCaller.Limits(WHOLE, Duration.ofMinutes(1), WHOLE, 1000, 4);
    try (HttpCaller caller = new HttpCaller(trust, limits)) {
      for (int i = 0; i < 2; i++) {
        // What hangs in a write cannot be interrupted.
        CompletableFuture<Void> put = new CompletableFuture<>();
        DaemonThreads.of("put", () -> put(caller, target, put)).start();
        assertThatThrownBy(() -> put.get(20, TimeUnit.SECONDS))
            .hasRootCauseInstanceOf(IOException.class)
            .cause().hasMessage("it did not answer within 2000 ms");
      }
    }
  }

  private static void put(HttpCaller caller, URI target, CompletableFuture<Void> ended) {
    try {
      caller.client().execute(
          ClassicRequestBuilder.put(target).setEntity(new byte[LARGE], ContentType.APPLICATION_OCTET_STREAM).build(),
          answer -> ended.complete(null));
    } catch (IOException | RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  /** Takes connections, and reads nothing. */
  private ServerSocket deaf() throws IOException {
    ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    DaemonThreads.of("deaf", () -> accept(server)).start();
    return server;
  }

  private void accept(ServerSocket server) {
    try {
      while (true) {
        held.add(server.accept());
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }
}
