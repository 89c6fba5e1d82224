package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.TestState;
import org.reelway.testkit.Broker;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Postgres;
import org.reelway.testkit.TestStore;

/** Two sidecars with a real broker hear of each other's streams; their states are apart here, so that only the topic can tell. */
class FleetTopicTest {
  private static final Duration SOON = Duration.ofSeconds(40);

  @TempDir Path folder;
  private TestStore store;
  private Broker broker;
  private Sidecar one;
  private Sidecar other;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Postgres postgres = Postgres.shared();
    store = TestStore.start(folder.resolve("store"));
    broker = Broker.start(folder.resolve("broker"));
    one = started("one", postgres.address(postgres.newSchema()));
    other = started("other", postgres.address(postgres.newSchema()));
  }

  @AfterEach
  void stop() throws InterruptedException {
    Stream.of(one, other).filter(Objects::nonNull).forEach(Sidecar::close);
    broker.close();
    store.close();
  }

  private Sidecar started(String node, String database) throws IOException {
    Map<String, String> settings = new HashMap<>(Map.of(
        "reelway.node", node,
        "reelway.recordings.folder", Files.createDirectories(folder.resolve("recordings-" + node)).toString(),
        "reelway.state.folder", folder.resolve("state-" + node).toString(),
        "reelway.state.url", database,
        "reelway.state.username", Postgres.USER,
        "reelway.queue.url", broker.url(),
        "reelway.store.endpoint", store.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY));
    settings.putAll(Map.of("reelway.http.port", "0", "reelway.management.port", "0"));
    Sidecar sidecar = new Sidecar(TestState.load(settings), Path.of("."));
    sidecar.start();
    return sidecar;
  }

  private static void tell(Sidecar sidecar, String event, String name) {
    assertThat(new HttpCalls(sidecar.http()).post("/hooks/event", "application/json",
        "{\"event\": \"stream-" + event + "\", \"server\": \"here\", \"app\": \"live\", \"stream\": \"" + name + "\"}").status()).isBetween(200, 204);
  }

  /** How many messages came through a route since the start. */
  private static int through(Sidecar sidecar, String route) {
    JsonNode flows = new HttpCalls(sidecar.http()).get("/dashboard/flows").json().path("flows");
    return StreamSupport.stream(flows.spliterator(), false)
        .filter(flow -> flow.path("id").asText().equals(route)).findFirst().orElseThrow().path("total").asInt();
  }

  @Test
  void aStreamNextToOneIsToldToTheOtherAndABrokerThatIsAwayHoldsNothingUp() throws Exception {
    // A topic keeps nothing for who has not subscribed yet: both are told of some stream first.
    await().atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> {
      tell(one, "started", "first");
      tell(one, "ended", "first");
      return through(other, "stream-elsewhere") > 0;
    });
    assertThat(through(one, "stream-events-out")).isPositive();
    assertThat(through(one, "stream-elsewhere")).as("its own are known there").isZero();

    broker.goAway();
    tell(one, "started", "cam");
    await().atMost(SOON).untilAsserted(() -> assertThat(new HttpCalls(one.http()).get("/streams/registry?state=live").json().findValuesAsText("name"))
        .contains("cam"));
    await().atMost(SOON).until(() -> new HttpCalls(one.http()).get("/streams/registry").json().path("eventsWaiting").asInt() == 0);

    int before = through(other, "stream-elsewhere");
    broker.comeBack();
    await().atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> {
      tell(one, "started", "second");
      tell(one, "ended", "second");
      return through(other, "stream-elsewhere") > before;
    });
  }
}
