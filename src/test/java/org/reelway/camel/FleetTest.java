package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Language;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.api.StreamsApi;
import org.reelway.state.TestState;
import org.reelway.testkit.Browser;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Postgres;
import org.reelway.testkit.TestStore;

/** What a sidecar knows and tells of the others that share its state. */
class FleetTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String NOW = "(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000)::BIGINT";

  @TempDir static Path folder;
  private static Postgres postgres;
  private static String schema;
  private static TestStore store;
  private static Sidecar sidecar;
  private static HttpCalls http;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    postgres = Postgres.shared();
    schema = postgres.newSchema();
    store = TestStore.start(folder.resolve("store"));
    Map<String, String> settings = new HashMap<>(Map.of(
        "reelway.recordings.folder", Files.createDirectories(folder.resolve("recordings")).toString(),
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.state.url", postgres.address(schema),
        "reelway.state.username", Postgres.USER,
        "reelway.store.endpoint", store.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    settings.put("reelway.node", "studio-1");
    settings.put("reelway.callbacks.url", "cms=https://backend.example/");
    sidecar = new Sidecar(TestState.load(settings), Path.of("."));
    sidecar.start();
    http = new HttpCalls(sidecar.http());
  }

  @AfterAll
  static void stop() {
    sidecar.close();
    store.close();
  }

  @BeforeEach
  void forgetOthers() {
    postgres.execute("DELETE FROM " + schema + ".node WHERE id <> 'studio-1'");
    postgres.execute("DELETE FROM " + schema + ".server_stream WHERE node <> 'studio-1'");
  }

  /** @param seenAgo and @param leftAgo seconds; null where it has not left */
  private static void node(String id, String roles, int seenAgo, Integer leftAgo) {
    postgres.execute("INSERT INTO " + schema + ".node (id, token, who, version, roles, address, started_at, seen_at, left_at)"
        + " VALUES ('" + id + "', 'a-token', 'host of " + id + ", process 7', '1.0', '" + roles + "', 'http://" + id + ".example:8090', "
        + NOW + " - 900000, " + NOW + " - " + seenAgo * 1000 + ", " + (leftAgo == null ? "NULL" : NOW + " - " + leftAgo * 1000) + ")");
  }

  private static JsonNode node(String id) {
    return StreamSupport.stream(http.get("/nodes").json().path("nodes").spliterator(), false)
        .filter(node -> node.path("id").asText().equals(id)).findFirst().orElseThrow();
  }

  private static JsonNode health() {
    JsonNode all = new HttpCalls(sidecar.management()).get("/observe/health").json().path("checks");
    return StreamSupport.stream(all.spliterator(), false)
        .filter(check -> check.path("name").asText().equals("fleet")).findFirst().orElseThrow();
  }

  @Test
  void aScheduleOfAllNodesRunsOnOne() {
    String simple = "${bean:nodes?method=isFirst('nightly-report')}";
    Language language = sidecar.camelContext().resolveLanguage("simple");
    Exchange tick = new DefaultExchange(sidecar.camelContext());
    assertThat(language.createPredicate(simple).matches(tick)).isTrue();

    postgres.execute("UPDATE " + schema + ".lease SET node = 'studio-2' WHERE name = 'task/nightly-report'");
    assertThat(language.createPredicate(simple).matches(tick)).isFalse();
  }

  @Test
  void eachNodeIsToldWithItsWork() {
    node("studio-2", "ingest,api", 2, null);
    node("mixer-1", "mixer", 300, null);
    node("mixer-2", "mixer", 300, 290);

    assertThat(http.get("/nodes").json().path("self").asText()).isEqualTo("studio-1");
    assertThat(node("studio-2").path("state").asText()).isEqualTo("running");
    assertThat(node("studio-2").path("roles").toString()).isEqualTo("[\"ingest\",\"api\"]");
    assertThat(node("studio-2").path("address").asText()).isEqualTo("http://studio-2.example:8090");
    assertThat(node("mixer-1").path("state").asText()).isEqualTo("gone");
    assertThat(node("mixer-2").path("state").asText()).isEqualTo("left");
    assertThat(new HttpCalls(sidecar.management()).get("/observe/metrics").body())
        .contains("reelway_nodes{state=\"gone\"} 1.0", "reelway_nodes{state=\"left\"} 1.0");
  }

  @Test
  void aRoleThatNobodyHasMakesTheFleetUnhealthy() {
    postgres.execute("UPDATE " + schema + ".node SET roles = 'ingest,mixer,api' WHERE id = 'studio-1'");
    node("sender-1", "callbacks", 300, 290);
    try {
      assertThat(health().path("status").asText()).isEqualTo("DOWN");
      assertThat(health().path("message").asText()).startsWith("no sidecar runs that has the role callbacks: ");
      node("sender-2", "callbacks", 2, null);
      assertThat(health().path("status").asText()).isEqualTo("UP");
    } finally {
      postgres.execute("UPDATE " + schema + ".node SET roles = 'ingest,mixer,callbacks,api' WHERE id = 'studio-1'");
    }
  }

  @Test
  void oneThatIsGoneWithFilesMakesTheFleetUnhealthyAndNobodyUnready() {
    node("mixer-1", "mixer,callbacks", 300, null);
    assertThat(health().path("status").asText()).isEqualTo("UP");

    node("studio-2", "ingest", 300, null);

    assertThat(health().path("status").asText()).isEqualTo("DOWN");
    assertThat(health().path("message").asText()).contains("node studio-2 (host of studio-2, process 7) is gone, last seen ")
        .contains("recordings may wait on its disk", "DELETE /nodes/studio-2");
    assertThat(new HttpCalls(sidecar.management()).get("/observe/health/ready").status()).isEqualTo(200);
  }

  @Test
  void oneThatIsGoneForGoodIsForgottenAndOneThatRunsIsNot() {
    node("studio-2", "ingest", 300, null);
    node("studio-3", "ingest", 1, null);

    assertThat(http.delete("/nodes/studio-2").status()).isEqualTo(200);
    assertThat(http.delete("/nodes/studio-3").status()).isEqualTo(409);
    assertThat(http.delete("/nodes/studio-3").error()).isEqualTo("the node studio-3 runs (host of studio-3, process 7); stop it first");
    assertThat(http.delete("/nodes/studio-4").status()).isEqualTo(404);

    assertThat(http.get("/nodes").body()).contains("studio-3").doesNotContain("studio-2");
    assertThat(health().path("status").asText()).isEqualTo("UP");
  }

  @Test
  void streamsOfAllAreListedWithTheirNode() {
    postgres.execute("INSERT INTO " + schema + ".server_stream (node, source, server, app, name, direction, session, publisher, since,"
        + " since_from, found_by, last_seen, details) VALUES ('studio-2', 'srs', 'one', 'live', 'hall', 'in', '', '', 1, 'event',"
        + " 'on_publish', 1, '{\"codec\": \"h264\"}')");

    assertThat(http.post("/hooks/event", "application/json",
        "{\"event\": \"stream-started\", \"server\": \"here\", \"app\": \"live\", \"stream\": \"stage\"}").status()).isBetween(200, 204);
    await().atMost(SOON).until(() -> http.get("/streams/registry").json().path("count").asInt() == 2);

    JsonNode all = http.get("/streams/registry").json().path("streams");
    assertThat(List.of(all.path(0).path("node").asText(), all.path(0).path("name").asText())).isEqualTo(List.of("studio-1", "stage"));
    assertThat(List.of(all.path(1).path("node").asText(), all.path(1).path("name").asText())).isEqualTo(List.of("studio-2", "hall"));
    assertThat(all.path(1).path("details").path("codec").asText()).isEqualTo("h264");
    assertThat(http.get("/streams/registry?node=studio-2").json().path("streams")).hasSize(1);
    assertThat(http.get("/streams/registry?node=studio-1").json().path("streams")).hasSize(1);
    assertThat(http.get("/streams/registry?node=studio-2&state=ended").json().path("count").asInt()).isZero();
    assertThat(http.get("/streams/registry?after=1").json().path("streams").path(0).path("name").asText()).isEqualTo("hall");
  }

  @Test
  void ofTwoThatHaveAStreamOneHadItFirst() {
    assertThat(http.post("/hooks/event", "application/json",
        "{\"event\": \"stream-started\", \"server\": \"here\", \"app\": \"two\", \"stream\": \"cam\"}").status()).isBetween(200, 204);
    await().atMost(SOON).until(() -> isFirstHere("two", "cam"));
    assertThat(isFirstHere("two", "another")).isFalse();

    postgres.execute("INSERT INTO " + schema + ".server_stream (node, source, server, app, name, direction, session, publisher, since,"
        + " since_from, found_by, last_seen, details) VALUES ('studio-2', 'srs', 'one', 'two', 'cam', 'in', '', '', 1, 'event', 'x', 1, '{}')");
    node("studio-2", "ingest", 300, null);
    assertThat(isFirstHere("two", "cam")).as("who is gone has it no more").isTrue();

    postgres.execute("UPDATE " + schema + ".node SET seen_at = " + NOW + " WHERE id = 'studio-2'");
    assertThat(isFirstHere("two", "cam")).isFalse();
    postgres.execute("UPDATE " + schema + ".server_stream SET since = 99999999999999 WHERE node = 'studio-2'");
    assertThat(isFirstHere("two", "cam")).isTrue();
  }

  private static boolean isFirstHere(String app, String name) {
    return sidecar.camelContext().getRegistry().lookupByNameAndType("streams", StreamsApi.class).isFirstHere(app, name);
  }

  @Test
  void whatIsNextToAnotherNodeIsRefusedWithItsAddress() {
    node("studio-2", "ingest,api", 1, null);
    postgres.execute("INSERT INTO " + schema + ".recording (id, file, path, size, state, found_at, updated_at, node)"
        + " VALUES ('of-studio-2', '/nowhere/a.mp4', 'a.mp4', 5, 'done', 1, 1, 'studio-2')");

    assertThat(http.get("/recordings?node=studio-2").json().path("recordings").path(0).path("node").asText()).isEqualTo("studio-2");
    assertThat(http.get("/recordings?node=studio-1").json().path("recordings")).isEmpty();
    HttpCalls.Answer refused = http.post("/recordings/of-studio-2/upload", "application/json", "");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.error()).isEqualTo(
        "the recording of-studio-2 is next to the node studio-2; ask there: http://studio-2.example:8090");
    HttpCalls.Answer unknown = http.post("/relays/no-such/restart", "application/json", "");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.error()).isEqualTo("no relay here has the id no-such; GET /relays lists them; other nodes have their own:"
        + " studio-2 at http://studio-2.example:8090");
  }

  @Test
  void theDashboardShowsNodesWhereThereAreSeveral() {
    try (Browser browser = Browser.start(); Page page = browser.open(sidecar.http() + "/")) {
      page.waitForFunction("() => document.getElementById('link').textContent.includes('ealthy')");
      page.locator("#now .tiles").waitFor();
      assertThat(page.locator("#nodes").count()).isZero();

      node("studio-2", "ingest,api", 1, null);
      node("studio-3", "ingest", 300, null);
      Locator rows = page.locator("section[aria-labelledby='nodes'] li");
      rows.first().waitFor();
      await().atMost(SOON).until(() -> rows.count() >= 2);

      assertThat(rows.first().textContent()).contains("studio-3", "gone");
      assertThat(page.locator("section[aria-labelledby='nodes'] a").getAttribute("href")).isEqualTo("http://studio-2.example:8090");
      rows.first().locator("button").click();
      page.locator("#confirm-yes").click();
      await().atMost(SOON).until(() -> !http.get("/nodes").body().contains("studio-3"));
      assertThat(browser.errors()).isEmpty();
    }
  }
}
