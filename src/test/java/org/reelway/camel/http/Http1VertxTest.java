package org.reelway.camel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.settings.HttpSettings;
import org.reelway.settings.Settings;
import org.reelway.testkit.RawHttp;

/** Clients that are slow, idle or many take no more of a port than its limits; who waits for an answer gets it. */
class Http1VertxTest {
  private static final Duration SOON = Duration.ofMillis(400);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final String GET = "GET /now HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String GET_LATER = "GET /later HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  private static final String LONG = " HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n";
  private static final String HALF = "GET / HTTP/1.1\r\nHo";

  private final Vertx vertx = Vertx.vertx();
  private final HttpPorts ports = new HttpPorts();
  /** Those that wait until the test answers them. */
  private final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
  private final List<String> closed = new CopyOnWriteArrayList<>();
  private URI server;

  private void serve(int connections, Duration request, Duration idle) {
    HttpLimits limits = new HttpLimits(connections, request, idle);
    HttpServer http = new Http1Vertx(vertx, limits, ports).createHttpServer(new HttpServerOptions());
    http.requestHandler(this::handle).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    server = URI.create("http://127.0.0.1:" + http.actualPort());
  }

  private void handle(HttpServerRequest request) {
    request.connection().closeHandler(end -> closed.add(request.path()));
    switch (request.path()) {
      case "/refused" -> request.response().setStatusCode(413).end();
      case "/much" -> request.response().end(Buffer.buffer(new byte[64 << 20]));
      case "/continued" -> {
        request.response().writeContinue();
        request.endHandler(end -> held.add(request));
      }
      case "/later" -> request.endHandler(end -> held.add(request));
      default -> request.endHandler(end -> request.response().end("now"));
    }
  }

  private void listen(int port) {
    new Http1Vertx(vertx, HttpLimits.ofProcess(), ports).createHttpServer(new HttpServerOptions())
        .requestHandler(this::handle)
        .listen(port, "127.0.0.1")
        .toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aPortIsHeldUntilItsServerListens() {
    Settings settings = Settings.load(null, Map.of(), Map.of("reelway.http.port", "0"));
    int port = ports.hold(settings, HttpSettings.HOST, HttpSettings.PORT);

    assertThatThrownBy(() -> new Socket("127.0.0.1", port)).as("who asks too early").isInstanceOf(ConnectException.class);
    listen(port);
    ports.requireListening();
  }

  @Test
  void aServerThatCannotListenIsToldOf() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> listen(other.getLocalPort())).hasRootCauseInstanceOf(BindException.class);
      assertThatThrownBy(ports::requireListening)
          .isInstanceOf(InputFailure.class)
          .hasMessageContaining(":" + other.getLocalPort() + " (Address already in use)");
    }
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** Sends a byte now and then until nobody takes any more. */
  private static void trickle(RawHttp connection) {
    Thread sender = new Thread(() -> {
      try {
        while (true) {
          Thread.sleep(50);
          connection.send("a");
        }
      } catch (UncheckedIOException | InterruptedException end) {
        // The connection is closed.
      }
    });
    sender.setDaemon(true);
    sender.start();
  }

  private void awaitHeld(int number) {
    await().until(() -> held.size() == number);
  }

  private void answerHeld() {
    held.forEach(request -> request.response().end("later"));
  }

  /** Others that came later are closed meanwhile. */
  private void letBothTimesPass() {
    assertThat(RawHttp.call(server, HALF).status()).isEqualTo(408);
    assertThat(RawHttp.call(server, "").body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: ", "POST /now" + LONG, GET + HALF})
  void aRequestThatTricklesInIsRefusedWhenItsTimeIsOver(String begin) {
    serve(16, SOON, NEVER);
    try (RawHttp connection = RawHttp.to(server).send(begin)) {
      trickle(connection);
      assertThat(connection.rest()).contains("HTTP/1.1 408 ", "the request was not whole", "\"class\":\"input\"");
    }
  }

  @Test
  void theRestOfARefusedRequestHasATimeToo() {
    serve(16, SOON, NEVER);
    try (RawHttp connection = RawHttp.to(server).send("POST /refused" + LONG)) {
      trickle(connection);
      assertThat(connection.rest()).startsWith("HTTP/1.1 413 ").doesNotContain("408");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", GET, GET + GET})
  void aConnectionWithoutARequestIsClosed(String before) {
    serve(16, NEVER, SOON);
    try (RawHttp connection = RawHttp.to(server).send(before)) {
      assertThat(connection.rest().split("HTTP/1.1 200 ", -1)).hasSize(before.split("GET", -1).length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
    GET_LATER,
    "GET /later HTTP/1.1\r\nHost: a\r\n\r\n" + HALF,
    "POST /continued HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na"
  })
  void anAnswerMayTakeLongerThanRequestsAndIdleness(String request) {
    serve(16, SOON, SOON);
    try (RawHttp connection = RawHttp.to(server).send(request)) {
      awaitHeld(1);
      letBothTimesPass();
      answerHeld();
      assertThat(connection.rest()).contains("HTTP/1.1 200 ").contains("later");
    }
  }

  @Test
  void whoDoesNotReadItsAnswerIsCutOff() {
    serve(16, NEVER, SOON);
    try (RawHttp connection = RawHttp.to(server).send("GET /much HTTP/1.1\r\nHost: a\r\n\r\n")) {
      await().until(() -> closed.contains("/much"));
    }
  }

  @Test
  void aFullPortClosesTheLongestWaitingAndNoneThatIsBeingAnswered() {
    serve(3, NEVER, NEVER);
    try (RawHttp answered = RawHttp.to(server).send(GET_LATER)) {
      awaitHeld(1);
      try (RawHttp idle = RawHttp.to(server);
          RawHttp half = RawHttp.to(server).send(HALF);
          RawHttp newer = RawHttp.to(server).send(HALF)) {
        assertThat(idle.rest()).isEmpty();
        assertThat(RawHttp.call(server, GET_LATER.replace("later", "now")).body()).isEqualTo("now");
        assertThat(half.rest()).isEmpty();
        newer.send("st: a\r\nConnection: close\r\n\r\n");
        assertThat(newer.answer().body()).isEqualTo("now");
      }
      answerHeld();
      assertThat(answered.answer().body()).isEqualTo("later");
    }
  }

  @Test
  void whileAllAreBeingAnsweredOthersGetTheirTurn() {
    serve(2, NEVER, NEVER);
    try (RawHttp first = RawHttp.to(server).send(GET_LATER); RawHttp second = RawHttp.to(server).send(GET_LATER)) {
      awaitHeld(2);
      for (int i = 0; i < 40; i++) {
        // Keeps its connection, which is closed for the next one.
        try (RawHttp other = RawHttp.to(server).send(GET); RawHttp next = RawHttp.to(server).send(GET)) {
          assertThat(other.answer().body()).isEqualTo("now");
        }
      }
      answerHeld();
      assertThat(first.answer().body()).isEqualTo("later");
      assertThat(second.answer().body()).isEqualTo("later");
    }
  }

  @Test
  void halfARequestHoldsNobodyUpWhileAllOthersAreBeingAnswered() {
    serve(2, NEVER, NEVER);
    try (RawHttp first = RawHttp.to(server).send(GET_LATER); RawHttp second = RawHttp.to(server).send(GET_LATER)) {
      awaitHeld(2);
      try (RawHttp half = RawHttp.to(server).send(HALF);
          RawHttp silent = RawHttp.to(server);
          RawHttp other = RawHttp.to(server).send(GET)) {
        assertThat(other.answer().body()).isEqualTo("now");
        assertThat(half.rest()).isEmpty();
        assertThat(silent.rest()).isEmpty();
      }
      answerHeld();
      assertThat(first.answer().body()).isEqualTo("later");
      assertThat(second.answer().body()).isEqualTo("later");
    }
  }
}
