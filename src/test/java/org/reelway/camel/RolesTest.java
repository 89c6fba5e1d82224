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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.camel.Route;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.TestState;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Postgres;
import org.reelway.testkit.TestStore;

/** What a sidecar does and does not do by {@code reelway.roles}. */
class RolesTest {
  @TempDir static Path folder;
  private static TestStore store;
  private static String database;

  private final Map<String, String> settings = new HashMap<>();

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Postgres postgres = Postgres.shared();
    database = postgres.address(postgres.newSchema());
    store = TestStore.start(folder.resolve("store"));
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  private Sidecar started(String roles) {
    settings.putAll(Map.of(
        "reelway.recordings.folder", folder.resolve("not-there").toString(),
        "reelway.state.folder", folder.resolve("state-" + roles).toString(),
        "reelway.state.url", database,
        "reelway.state.username", Postgres.USER,
        "reelway.roles", roles,
        "reelway.store.endpoint", store.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.http.port", "0"));
    settings.putAll(Map.of("reelway.management.port", "0", "reelway.callbacks.url", "backend=http://127.0.0.1:9/hook",
        "reelway.callbacks.allow-private", "127.0.0.1"));
    Sidecar sidecar = new Sidecar(TestState.load(settings), Path.of("."));
    sidecar.start();
    return sidecar;
  }

  /** By id, without those that kamelets are made of. */
  private static Set<String> routes(Sidecar sidecar) {
    return sidecar.camelContext().getRoutes().stream().filter(route -> !route.isCreatedByKamelet()).map(Route::getRouteId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The store is asked behind the start's back. No sidecar of these has the role callbacks but one, which `fleet` tells. */
  private static void awaitUp(HttpCalls management) {
    await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
      for (JsonNode check : management.get("/observe/health").json().path("checks")) {
        boolean isUp = check.path("status").asText().equals("UP");
        assertThat(isUp || check.toString().contains("no sidecar runs that has the role callbacks")).as("%s", check).isTrue();
      }
    });
  }

  private static Set<String> healthOf(HttpCalls management) {
    Set<String> all = new TreeSet<>();
    for (JsonNode check : management.get("/observe/health").json().path("checks")) {
      all.add(check.path("name").asText());
    }
    return all;
  }

  @Test
  void oneWithoutIngestWatchesNoFolderAndTakesNoHooks() {
    try (Sidecar sidecar = started("callbacks")) {
      HttpCalls http = new HttpCalls(sidecar.http());
      HttpCalls management = new HttpCalls(sidecar.management());

      assertThat(routes(sidecar)).contains("callback-delivery", "callbacks-forget", "recordings-list")
          .doesNotContain("recordings-transfer", "recordings-hook", "stream-fan-out", "live-publish", "dashboard", "dashboard-now",
              "recordings-repair", "workflow-told", "housekeeping-night", "callbacks-list", "workflow-list");
      assertThat(sidecar.folders().statuses()).isEmpty();
      assertThat(http.post("/hooks/recorded", "application/json", "{}").status()).isEqualTo(404);
      assertThat(http.get("/").status()).isEqualTo(404);
      assertThat(healthOf(management)).contains("state", "store", "callbacks", "process")
          .doesNotContain("folders", "relays", "recorders", "workflow", "servers", "disk");
      awaitUp(management);
      assertThat(folder.resolve("not-there")).doesNotExist();
    }
  }

  @Test
  void oneForApiAndDashboardShowsBoth() {
    try (Sidecar sidecar = started("api")) {
      HttpCalls http = new HttpCalls(sidecar.http());

      assertThat(routes(sidecar)).contains("dashboard", "recordings-list", "callbacks-list", "mixes-list")
          .doesNotContain("callback-delivery", "recordings-transfer", "recordings-hook");
      assertThat(http.get("/").status()).isEqualTo(200);
      assertThat(http.get("/dashboard/now").json().path("relays").has("error")).isFalse();
      assertThat(http.get("/recordings").status()).isEqualTo(200);
      awaitUp(new HttpCalls(sidecar.management()));
    }
  }

  @Test
  void oneForMixesNeedsNoRecordings() {
    try (Sidecar sidecar = started("mixer")) {
      assertThat(routes(sidecar)).doesNotContain("dashboard", "callback-delivery", "recordings-transfer", "recordings-hook");
      assertThat(new HttpCalls(sidecar.http()).get("/mixes").status()).isEqualTo(200);
      awaitUp(new HttpCalls(sidecar.management()));
    }
  }

  @Test
  void oneNextToAMediaServerHasNeitherDashboardNorDelivery() throws IOException {
    Files.createDirectories(folder.resolve("not-there"));
    settings.put("reelway.live.folder", Files.createDirectories(folder.resolve("live")).toString());
    try (Sidecar sidecar = started("ingest")) {
      assertThat(routes(sidecar)).contains("recordings-transfer", "recordings-hook", "stream-fan-out", "recordings-repair", "live-publish")
          .doesNotContain("dashboard", "callback-delivery", "callbacks-list");
      assertThat(sidecar.folders().statuses()).isNotEmpty();
      assertThat(new HttpCalls(sidecar.http()).get("/").status()).isEqualTo(404);
    } finally {
      Files.deleteIfExists(folder.resolve("not-there"));
    }
  }
}
