package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** The alerts and the Grafana dashboard of docker/monitoring, with a real Prometheus that asks a running sidecar. */
class MonitoringIT {
  private static final Path MONITORING = Path.of("docker/monitoring").toAbsolutePath();
  private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");
  private static final Pattern SELECTOR = Pattern.compile("\\b(?:reelway_\\w+|up)(?:\\{[^}]*})?");

  @TempDir Path folder;

  private Process prometheus(URI sidecar, int port) throws IOException {
    assumeTrue(Files.isExecutable(PROMETHEUS), PROMETHEUS + " is not installed (Debian's package prometheus)");
    Files.copy(MONITORING.resolve("prometheus-secret"), folder.resolve("prometheus-secret"));
    Files.writeString(folder.resolve("alerts.yml"),
        Files.readString(MONITORING.resolve("alerts.yml")).replaceAll("\n +for: .*", ""));
    Path config = Files.writeString(folder.resolve("prometheus.yml"), Files.readString(MONITORING.resolve("prometheus.yml"))
        .replace("reelway:9876", sidecar.getHost() + ":" + sidecar.getPort()).replace("15s", "1s"));
    return new ProcessBuilder(PROMETHEUS.toString(), "--config.file=" + config, "--storage.tsdb.path=" + folder.resolve("tsdb"),
        "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true).redirectOutput(folder.resolve("prometheus.log").toFile()).start();
  }

  private static JsonNode answer(HttpCalls prometheus, String query) {
    JsonNode json = prometheus.get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)).json();
    assertThat(json.path("status").asText()).as(query + ": " + json).isEqualTo("success");
    return json.at("/data/result");
  }

  private static Set<String> firing(HttpCalls prometheus) {
    Set<String> names = new TreeSet<>();
    answer(prometheus, "ALERTS{alertstate=\"firing\"}").forEach(alert -> names.add(alert.at("/metric/alertname").asText()));
    return names;
  }

  private static List<String> queriesOfTheDashboard() throws IOException {
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : new JsonMapper().readTree(MONITORING.resolve("grafana/reelway.json").toFile()).path("panels")) {
      panel.path("targets").forEach(target -> queries.add(
          target.path("expr").asText().replace("$__rate_interval", "10s").replace("[1h]", "[10s]").replace("$instance", ".*")));
    }
    return queries;
  }

  @Test
  void everyQueryHasAnAnswerAndAlertsFireWhenTheyShould() throws Exception {
    int port = FreePort.any();
    int storePort = FreePort.any();
    Path objects = folder.resolve("store");
    TestStore store = TestStore.start(objects, storePort);
    store.createBucket("second");
    Process prometheus = null;
    try (ChildReelway child = ChildReelway.sidecar(folder, store.endpoint())
        .set("reelway.live.folder", folder.resolve("live"))
        .set("reelway.transfer.bandwidth", "1000MiB/s")
        .set("reelway.routing.destinations", "cdn=rtmp://127.0.0.1:9/live/{stream}")
        .set("reelway.backup.endpoint", store.endpoint()).set("reelway.backup.bucket", "second")
        .set("reelway.backup.access-key", TestStore.ACCESS_KEY).set("reelway.backup.secret-key", TestStore.SECRET_KEY)
        .set("reelway.http.access-file", MONITORING.resolve("access"))
        .startReady()) {
      prometheus = prometheus(child.management().server(), port);
      HttpCalls asked = new HttpCalls(URI.create("http://127.0.0.1:" + port));
      Recordings recordings = new Recordings(folder.resolve("recordings"));
      Recordings.mark(recordings.random("a.mp4", 100_000, 1));
      soon("Prometheus has logged in, and sees the recording",
          () -> answer(asked, "reelway_recordings_verified_total == 1").size() == 1);

      for (String query : queriesOfTheDashboard()) {
        soon(query, () -> !answer(asked, query).isEmpty());
      }
      for (JsonNode rule : asked.get("/api/v1/rules").json().at("/data/groups/0/rules")) {
        List<String> selectors = SELECTOR.matcher(rule.path("query").asText()).results().map(MatchResult::group).toList();
        assertThat(selectors).as(rule.toString()).isNotEmpty();
        assertThat(selectors).as(rule.path("name").asText()).allSatisfy(each -> assertThat(answer(asked, each)).as(each).isNotEmpty());
        assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
      }
      assertThat(firing(asked)).as("all is well").isEmpty();

      store.close();
      Recordings.mark(recordings.random("b.mp4", 100_000, 2));
      soon("the store is missed", () -> firing(asked).contains("ReelwayStoreAway"));
      store = TestStore.start(objects, storePort);
      soon("it is back", () -> firing(asked).isEmpty());
      child.kill();
      soon("Reelway is missed", () -> firing(asked).equals(Set.of("ReelwayDown")));
    } finally {
      store.close();
      if (prometheus != null) {
        prometheus.destroy();
        prometheus.waitFor();
      }
    }
  }

  private void soon(String what, java.util.concurrent.Callable<Boolean> condition) {
    await(what).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200)).ignoreExceptions().until(condition);
  }
}
