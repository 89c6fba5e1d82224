package org.reelway.camel.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;
import org.reelway.camel.http.Audit;
import org.reelway.state.TestState;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.TestStore;

/** What JMX over HTTP shows and does, for whom. */
class JmxTest {
  private static final String OPERATOR = "operator-secret-0001";
  private static final String VIEWER = "viewer-secret-00002";
  private static final String CALLBACK_SECRET = "callback-signing-secret-01";
  private static final String CONTEXT = "org.apache.camel:context=reelway,type=context,name=\\\"reelway\\\"";
  private static final String ROUTE = "org.apache.camel:context=reelway,type=routes,name=\\\"relays-list\\\"";

  @TempDir static Path folder;
  private static TestStore store;
  private static Sidecar sidecar;
  private static HttpCalls operator;
  private static HttpCalls viewer;

  @BeforeAll
  static void start() throws IOException {
    store = TestStore.start(folder.resolve("store"));
    Path accounts = Files.writeString(folder.resolve("access"), "olga operate " + OPERATOR + "\nvera read " + VIEWER + "\n");
    Map<String, String> settings = new HashMap<>(Map.of(
        "reelway.recordings.folder", Files.createDirectories(folder.resolve("recordings")).toString(),
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.store.endpoint", store.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.http.access-file", accounts.toString(),
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    settings.put("reelway.callbacks.url", "cms=https://cms.example/hook?token=url-password-0001");
    settings.put("reelway.routing.destinations", "twitch=rtmp://live.example/app/stream-key-0001");
    settings.put("reelway.callbacks.secret", CALLBACK_SECRET);
    sidecar = new Sidecar(TestState.load(settings), Path.of("."));
    sidecar.start();
    operator = new HttpCalls(sidecar.management()).as("olga", OPERATOR);
    viewer = new HttpCalls(sidecar.management()).as("vera", VIEWER);
  }

  @AfterAll
  static void stop() {
    if (sidecar != null) {
      sidecar.close();
      store.close();
    }
  }

  private static String exec(String bean, String operation, String... arguments) {
    return "{\"type\":\"exec\",\"mbean\":\"" + bean + "\",\"operation\":\"" + operation + "\",\"arguments\":["
        + String.join(",", arguments) + "]}";
  }

  private static Answer post(HttpCalls who, String body) {
    return who.post("/observe/jolokia", "application/json", body);
  }

  private static int status(HttpCalls who, String body) {
    return post(who, body).json().path("status").asInt();
  }

  @Test
  void everybodySeesSourcesAndStatisticsAndNoSecretIsAmongThem() {
    List<String> shows = List.of(
        exec(CONTEXT, "dumpRoutesAsXml()"), exec(CONTEXT, "dumpRoutesAsXml(boolean)", "true"),
        exec(CONTEXT, "dumpRoutesStatsAsXml(boolean,boolean)", "true", "true"), exec(ROUTE, "dumpRouteAsXml()"),
        exec(ROUTE, "dumpRouteStatsAsXml(boolean,boolean)", "true", "true"),
        exec("org.apache.camel:context=reelway,type=services,name=DefaultInflightRepository", "browse()"),
        "{\"type\":\"read\",\"mbean\":\"org.apache.camel:*\"}", "{\"type\":\"read\",\"mbean\":\"org.reelway:*\"}",
        "{\"type\":\"list\"}");
    for (String each : shows) {
      Answer answer = post(viewer, each);
      assertThat(answer.json().path("status").asInt()).as(each + answer.body().substring(0, Math.min(300, answer.body().length())))
          .isEqualTo(200);
      assertThat(answer.body()).as(each).doesNotContain(
          TestStore.SECRET_KEY, OPERATOR, VIEWER, CALLBACK_SECRET, "url-password-0001", "stream-key-0001");
    }
  }

  @Test
  void operationsOfOurBeansAreForTheRoleOperateAndAreAudited() {
    String back = exec("org.reelway:type=Bandwidth", "useConfigured()");

    assertThat(status(viewer, back)).isEqualTo(403);
    try (LogLines lines = new LogLines(Audit.LOGGER)) {
      assertThat(status(operator, back)).isEqualTo(200);
      assertThat(lines.all()).anyMatch(
          line -> line.contains("olga (operate) from 127.0.0.1: JMX org.reelway:type=Bandwidth useConfigured() -> 200"));
    }
    assertThat(status(operator, "{\"type\":\"write\",\"mbean\":\"java.lang:type=Memory\",\"attribute\":\"Verbose\",\"value\":true}"))
        .isEqualTo(403);
    assertThat(operator.get("/observe/jolokia/exec/org.reelway:type=Bandwidth/useConfigured").json().path("status").asInt())
        .as("by an address, as an image would").isEqualTo(403);
  }

  @Test
  void routesAreNotStoppedUnlessASettingSaysSo() {
    for (String operation : List.of("stop()", "start()", "suspend()", "remove()", "updateRouteFromXml(java.lang.String)")) {
      assertThat(status(operator, exec(ROUTE, operation))).as(operation).isEqualTo(403);
    }
    for (String operation : List.of("stop()", "suspend()", "sendBody(java.lang.String,java.lang.Object)", "startRoute(java.lang.String)")) {
      assertThat(status(operator, exec(CONTEXT, operation))).as(operation).isEqualTo(403);
    }
    assertThat(status(operator, exec("com.sun.management:type=HotSpotDiagnostic", "dumpHeap", "\"/tmp/x\"", "true"))).isEqualTo(403);
    assertThat(status(operator, exec("com.sun.management:type=DiagnosticCommand", "vmSystemProperties"))).isEqualTo(403);
  }

  @Test
  void nobodyRegistersForNotifications() {
    for (HttpCalls who : List.of(operator, viewer)) {
      assertThat(status(who, "{\"type\":\"notification\",\"command\":\"register\"}")).isEqualTo(403);
      assertThat(status(who, "{\"type\":\"NOTIFICATION\",\"command\":\"register\"}")).isEqualTo(403);
      assertThat(who.get("/observe/jolokia/notification/register").json().path("status").asInt()).isEqualTo(403);
    }
  }

  @Test
  void aListSaysWhatWhoeverAsksMayRun() {
    String bandwidth = "/observe/jolokia/list/org.reelway/type=Bandwidth";
    String route = "/observe/jolokia/list/org.apache.camel/context=reelway,name=%22relays-list%22,type=routes";

    assertThat(viewer.post("/observe/jolokia", "application/json", "{\"type\":\"list\",\"path\":\"org.reelway/type=Bandwidth\"}").json()
        .at("/value/op/useConfigured/canInvoke").asBoolean(true)).isFalse();
    assertThat(operator.post("/observe/jolokia", "application/json", "{\"type\":\"list\",\"path\":\"org.reelway/type=Bandwidth\"}").json()
        .at("/value/opByString/useConfigured()/canInvoke").asBoolean()).isTrue();
    assertThat(viewer.get(bandwidth).json().at("/value/attr/BytesSent/desc").asText()).startsWith("Bytes of bodies");
    assertThat(viewer.get(route).body()).contains("\"dumpRouteAsXml()\":{\"canInvoke\":true}", "\"stop()\":{\"canInvoke\":false}");
  }

  @Test
  void howLongItRunsIsToldAndTheCommandLineIsNot() {
    Answer all = post(operator, "{\"type\":\"read\",\"mbean\":\"java.lang:type=Runtime\",\"config\":{\"ignoreErrors\":true}}");

    assertThat(all.json().at("/value/Uptime").asLong()).isPositive();
    assertThat(all.json().at("/value/StartTime").asLong()).isPositive();
    for (String hidden : List.of("SystemProperties", "InputArguments", "ClassPath", "LibraryPath", "Name")) {
      assertThat(all.json().at("/value/" + hidden + "/error").asText()).contains("is forbidden");
    }
  }

  @Test
  void nobodyMakesTheHeapFullByAsking() {
    String all = "{\"type\":\"list\",\"config\":{\"listCache\":\"false\"}}";

    assertThat(post(viewer, all).body().length()).isLessThan(Jolokia.LONGEST / 4);
    Answer many = post(viewer, "[" + (all + ",").repeat(60) + all + "]");
    assertThat(many.status()).isEqualTo(413);
    assertThat(many.error()).isEqualTo("the answer is longer than 8388608 characters; ask for less at once");
    assertThat(post(viewer, "[[" + all + "]]").body()).contains("a request is a JSON object");
    for (String odd : List.of("", "{", "3", "null", "{\"type\":\"nothing\"}", "{\"type\":\"exec\",\"mbean\":\"::\"}")) {
      assertThat(post(viewer, odd).body()).as(odd).contains("\"error\":");
    }
  }

  /** As Hawtio 4.2's own server hands the requests of its page on, which connects to another machine. */
  @Test
  void aHawtioElsewhereLooksWithALoginAndAPageFromElsewhereDoesNot() {
    String version = "{\"type\":\"version\"}";
    String[] handedOn = {"Origin", "https://hawtio.example", "Sec-Fetch-Site", "same-origin"};

    assertThat(viewer.post("/observe/jolokia", "text/json", version, handedOn).json().at("/value/agent").asText()).isNotEmpty();
    assertThat(viewer.post("/observe/jolokia", "text/json", exec(CONTEXT, "dumpRoutesAsXml()"), handedOn).json().path("status").asInt())
        .isEqualTo(200);
    assertThat(viewer.post("/observe/jolokia", "text/plain", version, handedOn).status()).isEqualTo(403);
    assertThat(viewer.post("/observe/jolokia", "text/json", version, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site").status())
        .isEqualTo(403);
    assertThat(new HttpCalls(sidecar.management()).post("/observe/jolokia", "text/json", version, handedOn).status()).isEqualTo(403);
    assertThat(viewer.get("/hawtio/").status()).as("it is off").isEqualTo(404);
  }

  @Test
  void theCommandsOfTheDocsAnswer() throws Exception {
    String page = Files.readString(Path.of("docs/hawtio.md"));
    String commands = page.substring(page.indexOf("```sh\n") + 6, page.lastIndexOf("```"))
        .replace("127.0.0.1:9876", sidecar.management().getAuthority()).replace("SECRET", VIEWER).replace("curl ", "curl -sSf ");
    Process shell = new ProcessBuilder("sh", "-ec", commands).redirectErrorStream(true).start();
    String out = new String(shell.getInputStream().readAllBytes());

    assertThat(shell.waitFor()).as(out).isZero();
    assertThat(out).contains("\"agent\":\"2.", "\"BytesSent\":", "exchangesCompleted").doesNotContain("\"error\"");
  }
}
