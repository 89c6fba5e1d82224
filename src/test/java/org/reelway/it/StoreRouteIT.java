package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.HttpGate;
import org.reelway.testkit.HttpProxy;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestCa;
import org.reelway.testkit.TestStore;
import org.reelway.testkit.TlsFront;
import org.reelway.testkit.TokenService;

/** The long way to a store: a proxy that asks who comes, TLS of an own authority, and a role whose credentials end. */
class StoreRouteIT {
  private static final String PROXY_PASSWORD = "proxy-password-never-shown";

  @TempDir Path folder;

  private ChildReelway.CommandLine sidecar(TlsFront front, HttpProxy proxy, TestCa ca, TokenService service) {
    return ChildReelway.sidecar(folder, front.endpoint())
        .set("reelway.store.proxy", "http://127.0.0.1:" + proxy.port())
        .set("reelway.store.proxy-username", "studio")
        .set("reelway.store.proxy-password", PROXY_PASSWORD)
        .set("reelway.store.ca-file", ca.certificate())
        .set("reelway.store.role-arn", "arn:aws:iam::123456789012:role/reelway")
        .set("reelway.store.sts-endpoint", service.endpoint())
        .set("reelway.transfer.bandwidth", "50MiB/s");
  }

  @Test
  void aRecordingTakesItAndNoSecretIsSaid() {
    TestCa ca = TestCa.make(folder, "Studio-CA");
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    Path file = recordings.random("live.mp4", 4 * Recordings.PART, 1);
    java.util.concurrent.atomic.AtomicInteger parts = new java.util.concurrent.atomic.AtomicInteger();
    try (TestStore store = TestStore.start(folder.resolve("store"));
        TokenService service = new TokenService();
        // The first token ends with the second part.
        HttpGate gate = HttpGate.before(store.endpoint(), TokenService.expired(head ->
            TokenService.carries(head, "token-1")
                && (parts.get() >= 2 || head.contains("partNumber=") && parts.incrementAndGet() > 2)));
        TlsFront front = TlsFront.before(gate.endpoint(), ca.issue("ip:127.0.0.1"));
        HttpProxy proxy = HttpProxy.asking("studio", PROXY_PASSWORD);
        ChildReelway child = sidecar(front, proxy, ca, service).startReady()) {
      Recordings.mark(file);
      child.await("it is sent", () -> !Recordings.isMarked(file));
      assertThat(store.bytes("live.mp4")).isEqualTo(Recordings.bytes(file));
      assertThat(proxy.seen()).contains(
          "CONNECT 127.0.0.1:" + front.port() + " HTTP/1.1", "POST " + service.endpoint() + "/ HTTP/1.1");
      assertThat(service.given()).isGreaterThanOrEqualTo(2);
      assertThat(child.http().get("/bandwidth").json().path("bytesSent").asLong())
          .isGreaterThanOrEqualTo(4L * Recordings.PART);
      assertThat(child.http().get("/recordings").body() + child.err() + child.out())
          .doesNotContain(PROXY_PASSWORD, TestStore.SECRET_KEY, "token-1", "token-2");
    }
  }

  @Test
  void whatIsWrongOnTheWayIsSaidOnceAndKeepsTheRecordingWaiting() {
    TestCa ca = TestCa.make(folder, "Studio-CA");
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    Path file = recordings.random("live.mp4", 100_000, 1);
    try (TestStore store = TestStore.start(folder.resolve("store"));
        TokenService service = new TokenService();
        TlsFront front = TlsFront.before(store.endpoint(), ca.issue("ip:127.0.0.1"));
        HttpProxy proxy = HttpProxy.asking("studio", PROXY_PASSWORD)) {
      service.refusing("AccessDenied");
      try (ChildReelway child = sidecar(front, proxy, ca, service).startReady()) {
        Recordings.mark(file);
        child.awaitLog("cannot be assumed");
        child.await("health says so", () ->
            child.management().get("/observe/health/ready?data=true").body().contains("cannot be assumed"));
        assertThat(child.http().get("/recordings?state=set-aside").json().path("recordings")).isEmpty();
        child.await("it was tried more than once", () -> service.requests().size() > 3);
        assertThat(child.err().lines().filter(line -> line.contains("StoreOutlook") && line.contains("cannot be assumed")))
            .hasSize(1);
        service.refusing(null);
        child.await("it is sent", () -> !Recordings.isMarked(file));
        assertThat(store.has("live.mp4")).isTrue();
      }
    }
  }
}
