package org.reelway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.state.CallbackRow;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.TestCa;
import org.reelway.testkit.TlsFront;
import org.reelway.transfer.http.HostNames;
import org.reelway.transfer.store.CaFile;
import org.reelway.transfer.store.Trust;

/** What a receiver can do to us, with real sockets on loopback and the shipped route. */
@Execution(ExecutionMode.CONCURRENT)
class CallbackPostTest {
  private static final String BODY = "{\"a\":\"ü\"}";
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private int posts;
  private final CallbackReceiver receiver = new CallbackReceiver();

  @AfterEach
  void close() {
    receiver.close();
  }

  private Seen post(URI uri, Duration whole) {
    return post(uri, whole, List.of("127.0.0.1"), InetAddress::getAllByName, Trust.platform("reelway.callbacks"));
  }

  private Seen post(URI uri, Duration whole, List<String> allowed, HostNames.Lookup lookup, Trust trust) {
    OutboxFixture fixture = new OutboxFixture(folder.resolve("state-" + ++posts));
    fixture.addresses.put("backend", uri);
    fixture.allowed = new AllowedHosts(allowed);
    fixture.lookup = lookup;
    fixture.trust = trust;
    fixture.whole = whole;
    try (fixture) {
      fixture.open();
      Callback callback = new Callback("test.done", "one", "a", "a", BODY);
      fixture.outbox.add("backend", callback);
      String id = CallbackId.of("backend", callback);
      await().atMost(Duration.ofSeconds(30)).until(() -> fixture.row(id).tries() > 0);
      CallbackRow row = fixture.row(id);
      return new Seen(row.state(), row.status(), row.problem(), fixture.deliveries.away().contains("backend"));
    }
  }

  /** What became of it. @param isAway whether the receiver counts as away */
  private record Seen(String state, int status, String problem, boolean isAway) {
    static Seen delivered(int status) {
      return new Seen(CallbackRow.DELIVERED, status, null, false);
    }
  }

  @Test
  void aCallbackIsOnePostWithItsBodyAndHeaders() {
    Seen answer = post(receiver.uri("/hook/a%20b?token=x%26y"), PATIENT);

    assertThat(answer).isEqualTo(Seen.delivered(200));
    assertThat(receiver.received()).singleElement().satisfies(request -> {
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.path()).isEqualTo("/hook/a%20b?token=x%26y");
      assertThat(request.headers())
          .containsEntry("host", "127.0.0.1:" + receiver.port())
          .containsEntry("content-type", "application/json")
          .containsEntry("user-agent", "Reelway/test")
          .containsKey("webhook-timestamp")
          .containsOnlyKeys(
              "host", "connection", "content-type", "content-length", "user-agent", "webhook-id", "webhook-timestamp");
    });
  }

  @Test
  void itsBodyArrivesByteForByte() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Thread client = new Thread(() -> post(URI.create("http://127.0.0.1:" + server.getLocalPort()), PATIENT));
      client.start();
      try (var socket = server.accept()) {
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().endsWith("\"}")) {
          seen.append((char) socket.getInputStream().read());
        }
        assertThat(seen.toString().getBytes(StandardCharsets.ISO_8859_1)).endsWith(BODY.getBytes(StandardCharsets.UTF_8));
        assertThat(seen.toString()).startsWith("POST / HTTP/1.1\r\n");
      }
      client.join();
    }
  }

  @Test
  void silenceAndTrickleEndAfterTheWholeTime() {
    for (CallbackReceiver.Behaviour behaviour : List.of(CallbackReceiver.silent(), CallbackReceiver.trickling())) {
      receiver.behave(behaviour);
      Seen answer = post(receiver.uri("/"), Duration.ofMillis(300));
      assertThat(answer.isAway()).isTrue();
      assertThat(answer.problem()).isEqualTo("it did not answer within 300 ms");
    }
  }

  @Test
  void aBodyWithoutEndChangesNothingOfItsStatus() {
    receiver.behave((request, client) -> {
      client.getOutputStream().write("HTTP/1.1 202 ok\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      while (true) {
        client.getOutputStream().write(new byte[8192]);
      }
    });
    assertThat(post(receiver.uri("/"), PATIENT)).isEqualTo(Seen.delivered(202));
  }

  @Test
  void headerLinesWithoutEndAreNotRead() {
    receiver.behave((request, client) -> {
      client.getOutputStream().write("HTTP/1.1 200 ok\r\n".getBytes(StandardCharsets.UTF_8));
      while (true) {
        client.getOutputStream().write("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".getBytes(StandardCharsets.UTF_8));
      }
    });
    assertThat(post(receiver.uri("/"), PATIENT).problem()).contains("Maximum header count exceeded");
  }

  @Test
  void interimAnswersAreNotTheAnswer() {
    receiver.behave((request, client) ->
        client.getOutputStream().write(
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 400 no\r\nContent-Length: 3\r\n\r\nbad"
                .getBytes(StandardCharsets.UTF_8)));
    Seen answer = post(receiver.uri("/"), PATIENT);
    assertThat(answer.isAway()).isFalse();
    assertThat(answer.problem()).isEqualTo("it answers 400: bad");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void aRedirectOnTheSameHostIsFollowedAsAPost(int status) {
    receiver.behave((request, client) -> {
      boolean there = request.path().equals("/there");
      CallbackReceiver.answering(there ? 200 : status, "Location: /there").answer(request, client);
    });

    assertThat(post(receiver.uri("/hook"), PATIENT)).isEqualTo(Seen.delivered(200));

    assertThat(receiver.received()).extracting(CallbackReceiver.Received::method).containsExactly("POST", "POST");
    assertThat(receiver.received().get(1).body()).isEqualTo(receiver.received().get(0).body()).isNotEmpty();
  }

  @Test
  void aRedirectElsewhereIsNotFollowed() {
    try (CallbackReceiver other = new CallbackReceiver()) {
      for (String location :
          List.of(
              other.uri("/").toString(), "http://localhost:" + receiver.port() + "/", "//127.0.0.2/", "ftp://127.0.0.1/",
              "https://127.0.0.1:" + receiver.port() + "/", "http://me@127.0.0.1:" + receiver.port() + "/")) {
        receiver.behave(CallbackReceiver.answering(307, "Location: " + location));
        Seen answer = post(receiver.uri("/"), PATIENT);
        assertThat(answer.isAway()).as(location).isTrue();
        assertThat(answer.problem()).as(location).contains("it redirects to another host");
      }
      assertThat(other.received()).isEmpty();
      assertThat(receiver.received()).hasSize(6);
    }
  }

  @Test
  void redirectsInACircleAnd303End() {
    receiver.behave(CallbackReceiver.answering(308, "Location: /"));
    assertThat(post(receiver.uri("/"), PATIENT).problem()).isEqualTo("it redirects more than 3 times");
    assertThat(receiver.received()).hasSize(4);
    receiver.behave(CallbackReceiver.answering(303, "Location: /"));
    assertThat(post(receiver.uri("/"), PATIENT).problem()).contains("303");
  }

  @Test
  void aPrivateAddressIsRefusedUnlessItIsAllowed() {
    Seen answer = post(receiver.uri("/"), PATIENT, List.of(), InetAddress::getAllByName, null);

    assertThat(answer.isAway()).isTrue();
    assertThat(answer.problem()).contains("127.0.0.1 is a private address", "reelway.callbacks.allow-private");
    assertThat(receiver.received()).isEmpty();
  }

  /** A name that is allowed when it is looked at, and another address when it is connected to. */
  @Test
  void aNameThatBecomesAnotherAddressIsNoWayIn() {
    AtomicInteger asked = new AtomicInteger();
    HostNames.Lookup rebinding =
        host -> new InetAddress[] {address(asked.incrementAndGet() == 1 ? "127.0.0.2" : "127.0.0.1")};
    URI uri = URI.create("http://hooks.example:" + receiver.port() + "/");

    Seen first = post(uri, Duration.ofSeconds(5), List.of("127.0.0.2"), rebinding, null);
    Seen second = post(uri, Duration.ofSeconds(5), List.of("127.0.0.2"), rebinding, null);

    assertThat(asked).as("once for each try: what was checked is connected to").hasValue(2);
    assertThat(first.problem()).doesNotContain("private");
    assertThat(second.problem()).contains("private address (127.0.0.1)");
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void ofSeveralAddressesOnlyTheAllowedOnesAreTried() {
    HostNames.Lookup both = host -> new InetAddress[] {address("127.0.0.1"), address("127.0.0.2")};
    post(URI.create("http://hooks.example:" + receiver.port() + "/"), Duration.ofSeconds(5), List.of("127.0.0.2"), both, null);
    assertThat(receiver.received()).isEmpty();
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  @Test
  void aNameServiceThatHangsIsNotWaitedForLong() {
    HostNames.Lookup hanging = host -> {
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException e) {
        throw new UnknownHostException(host);
      }
      throw new UnknownHostException(host);
    };
    Seen answer = post(URI.create("http://hooks.example/"), Duration.ofMillis(200), List.of(), hanging, null);
    assertThat(answer.problem()).contains("the name service does not answer");
  }

  @Test
  void aCertificateMustBeTrustedAndOfTheHost() {
    TestCa ca = TestCa.make(folder, "backend-ca");
    Trust trust = CaFile.of(ca.certificate(), "reelway.callbacks");
    List<String> allowed = List.of("127.0.0.1");
    try (TlsFront front = TlsFront.before(receiver.uri("/"), ca.issue("ip:127.0.0.1"));
        TlsFront wrong = TlsFront.before(receiver.uri("/"), ca.issue("dns:other.example"))) {
      assertThat(post(front.endpoint(), PATIENT, allowed, InetAddress::getAllByName, trust))
          .isEqualTo(Seen.delivered(200));
      // The name is checked, not the address that it has.
      HostNames.Lookup named = host -> new InetAddress[] {address("127.0.0.1")};
      URI other = URI.create("https://other.example:" + wrong.port());
      assertThat(post(other, PATIENT, allowed, named, trust)).isEqualTo(Seen.delivered(200));

      assertThat(post(front.endpoint(), PATIENT).problem()).startsWith("no TLS connection");
      assertThat(post(wrong.endpoint(), PATIENT, allowed, InetAddress::getAllByName, trust).problem())
          .startsWith("no TLS connection");
      assertThat(receiver.received()).hasSize(2);
    }
  }
}
