package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.failure.Sha256;
import org.reelway.state.TestState;
import org.reelway.stream.workflow.ScriptedDriver;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.TestStore;

/** Accounts of a file and of the settings ask both servers of a running sidecar. */
class AccessTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String OPERATOR = "operator-secret-0001";
  private static final String VIEWER = "viewer-secret-00002";
  private static final String SERVER = "media-server-000003";

  @TempDir static Path folder;
  private static TestStore store;
  private static Sidecar sidecar;
  private static HttpCalls http;
  private static HttpCalls management;

  private static Path accounts(String... lines) throws IOException {
    return Files.writeString(folder.resolve("access"), String.join("\n", lines) + "\n");
  }

  private static String standard() {
    return "# accounts\n\nolga operate " + OPERATOR + "\nvera  read\tsha256:" + Sha256.hex(VIEWER, 64) + "\nnginx hooks " + SERVER;
  }

  @BeforeAll
  static void start() throws IOException {
    store = TestStore.start(folder.resolve("store"));
    Map<String, String> settings = new HashMap<>(Map.of(
        "reelway.recordings.folder", Files.createDirectories(folder.resolve("recordings")).toString(),
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.store.endpoint", store.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    settings.put("reelway.http.access-file", accounts(standard()).toString());
    settings.put("reelway.http.username", "studio");
    settings.put("reelway.http.password-file", Files.writeString(folder.resolve("password"), "first password\n").toString());
    sidecar = new Sidecar(TestState.load(settings), Path.of("."), Optional.of(new ScriptedDriver()));
    sidecar.start();
    http = new HttpCalls(sidecar.http());
    management = new HttpCalls(sidecar.management());
  }

  @AfterAll
  static void stop() {
    sidecar.close();
    store.close();
  }

  private static String[] bearer(String secret) {
    return new String[] {"Authorization", "Bearer " + secret};
  }

  @Test
  void eachAccountAsksByNameAndSecretOrByItsSecretAlone() {
    assertThat(http.get("/recordings").status()).isEqualTo(401);
    for (HttpCalls calls : List.of(http, management)) {
      String path = calls == http ? "/recordings" : "/observe/metrics";
      assertThat(calls.as("olga", OPERATOR).get(path).status()).isEqualTo(200);
      assertThat(calls.as("vera", VIEWER).get(path).status()).isEqualTo(200);
      assertThat(calls.get(path, bearer(OPERATOR)).header("X-Reelway-Role")).isEqualTo("operate");
      assertThat(calls.get(path, bearer(VIEWER)).header("X-Reelway-Role")).isEqualTo("read");
    }
    assertThat(http.as("studio", "first password").get("/recordings").header("X-Reelway-Role")).isEqualTo("operate");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /recordings/none/release", "POST, /streams", "DELETE, /mixes/none", "PUT, /bandwidth?rate=0",
    "POST, /rest-api/stream/startRecording", "POST, /hooks/recorded", "POST, /nothing"
  })
  void whoMayReadChangesNothing(String method, String path) {
    HttpCalls vera = http.as("vera", VIEWER);
    Answer answer =
        switch (method) {
          case "POST" -> vera.post(path, "application/json", "{}");
          case "PUT" -> vera.put(path);
          default -> vera.delete(path);
        };

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.error()).isEqualTo(
        "the account \"vera\" has the role read, which may not change anything; ask with an account of the role operate");
  }

  @Test
  void whoMayReadSeesStreamsWithoutTheKeysOfPublishers() {
    HttpCalls olga = http.as("olga", OPERATOR);
    String id = olga.post("/streams", "application/json", "{\"name\": \"one\", \"description\": \"\"}").json().path("id").asText();
    await().atMost(SOON).until(() -> olga.get("/streams/" + id).json().path("state").asText().equals("stopped"));

    for (String path : List.of("/streams", "/streams/" + id)) {
      assertThat(olga.get(path).body()).contains("rtmp://127.0.0.1/live/key1-" + id, "rtmp://127.0.0.1/live/key2-" + id);
      Answer seen = http.as("vera", VIEWER).get(path, "CamelVertxPlatformHttpAuthenticatedUser", "olga");
      assertThat(seen.body()).contains("rtmp://127.0.0.1/live/***", "/watch/" + id).doesNotContain("key1", "key2");
    }
    // It is made once a second for all who look.
    await().atMost(SOON).until(
        () -> http.as("vera", VIEWER).get("/dashboard/now").json().at("/streams/first/0/id").asText().equals(id));
    JsonNode whole = olga.get("/streams/" + id).json();
    assertThat(olga.post("/streams/" + id, "application/json", whole.toString()).status()).as("sent back as it is").isEqualTo(200);
  }

  @Test
  void whoMayReadAsksWcsForItsListsToo() {
    assertThat(http.as("vera", VIEWER).post("/rest-api/recorder/find_all", "application/json", "{}").status()).isEqualTo(404);
  }

  @Test
  void aMediaServerPostsHooksAndSeesNothingElse() throws IOException {
    HttpCalls nginx = http.as("nginx", SERVER);
    Path file = Files.write(folder.resolve("recordings/one.mp4"), new byte[100]);

    assertThat(nginx.post("/hooks/recorded", "application/json", "{\"file\": \"" + file + "\"}").status()).isEqualTo(202);
    assertThat(nginx.post("/hooks/nginx-rtmp", "application/x-www-form-urlencoded", "call=publish&app=live&name=one").status())
        .isEqualTo(200);
    for (String path : List.of("/", "/recordings", "/streams", "/openapi.json", "/dashboard/page/dashboard.js",
        "/dashboard/now", "/watch/a", "/hooks/../recordings")) {
      assertThat(nginx.get(path).status()).as(path).isEqualTo(403);
    }
    assertThat(nginx.post("/hooks/../streams", "application/json", "{}").status()).isEqualTo(403);
    assertThat(nginx.post("/hooks/%2e%2e/streams", "application/json", "{}").status()).isEqualTo(403);
    assertThat(nginx.post("/mixes", "application/json", "{}").error()).contains("role hooks, which may not do anything but post hooks");
    assertThat(management.as("nginx", SERVER).get("/observe/health").status()).isEqualTo(403);
  }

  @Test
  void accountsAndPasswordsAreReadAgainAndWhatIsWrongChangesNothing() throws IOException {
    try (LogLines log = new LogLines("org.reelway")) {
      accounts(standard(), "nora read new-reader-secret-4");
      await().atMost(SOON).until(() -> http.get("/recordings", bearer("new-reader-secret-4")).status() == 200);

      accounts("olga operate short");
      await().atMost(SOON).until(() -> log.of("WARN").stream().anyMatch(line -> line.contains("shorter than 16")));
      assertThat(http.get("/recordings", bearer("new-reader-secret-4")).status()).isEqualTo(200);
      assertThat(management.as("olga", OPERATOR).get("/observe/health").body()).contains("\"name\":\"access\",\"status\":\"DOWN\"");

      accounts(standard());
      await().atMost(SOON).until(() -> http.get("/recordings", bearer("new-reader-secret-4")).status() == 401);
      assertThat(log.of("WARN").stream().filter(line -> line.contains("shorter than 16"))).as("both servers read it").hasSize(1);
    }
    Files.writeString(folder.resolve("password"), "second password");
    await().atMost(SOON).until(() -> http.as("studio", "second password").get("/recordings").status() == 200);
    Files.writeString(folder.resolve("password"), "first password\n");
    await().atMost(SOON).until(() -> http.as("studio", "first password").get("/recordings").status() == 200);
  }

  @Test
  void actionsAndWhatIsRefusedStandInTheAuditLogWithoutSecrets() {
    try (LogLines log = new LogLines("reelway.audit")) {
      http.get("/recordings", bearer(OPERATOR));
      http.post("/recordings/x/release?token=" + OPERATOR, "application/json", "{}", bearer(OPERATOR));
      http.as("vera", VIEWER).delete("/mixes/m1");
      http.as("studio", "wrong").delete("/mixes/m2");

      await().atMost(SOON).until(() -> log.of("INFO").size() >= 2);
      assertThat(log.of("INFO")).containsExactly(
          "INFO olga (operate) from 127.0.0.1: POST /recordings/x/release -> 404",
          "INFO vera (read) from 127.0.0.1: DELETE /mixes/m1 -> 403");
    }
    HttpCalls olga = http.as("olga", OPERATOR);
    assertThat(olga.get("/dashboard/now").json().at("/actions/first").findValuesAsText("what"))
        .contains("POST /recordings/x/release", "DELETE /mixes/m1");
  }

  @Test
  void everyAnswerForbidsBrowsersWhatNobodyNeeds() {
    HttpCalls olga = http.as("olga", OPERATOR);
    for (Answer answer : Stream.of("/", "/recordings", "/nothing", "/player").map(olga::get).toList()) {
      assertThat(answer.headers().allValues("Content-Security-Policy")).singleElement().asString()
          .contains("default-src 'none'", "frame-ancestors '");
      assertThat(answer.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }
    for (Answer answer : List.of(
        http.get("/recordings"), management.get("/observe/health"), management.as("olga", OPERATOR).get("/observe/metrics"),
        http.get("/recordings", "Origin", "https://elsewhere.example"))) {
      assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'none'");
      assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }
  }

  @Test
  void nothingOfAnAccountIsShownInTheEffectiveSettings() {
    String encoded = Base64.getEncoder().encodeToString("first password".getBytes());
    String body = http.as("olga", OPERATOR).get("/dashboard/now").body() + management.as("olga", OPERATOR).get("/observe/info").body();
    assertThat(body).doesNotContain("first password", encoded, OPERATOR, VIEWER, SERVER);
  }
}
