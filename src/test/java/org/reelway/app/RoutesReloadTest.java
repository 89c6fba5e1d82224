package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;
import org.reelway.settings.Settings;
import org.reelway.state.TestState;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/** Routes that are edited while a sidecar runs with them. */
class RoutesReloadTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final long PLENTY = 1L << 40;
  private static final String API = "80-api.camel.yaml";
  private static final String MINE = """
      - route:
          id: mine
          description: Answers with a word.
          from:
            id: asked
            uri: platform-http:/mine
            steps:
              - to: {id: ask-word, uri: "direct:word"}
      """;
  private static final String WORD = """
      - route:
          id: word
          description: Says the word.
          from:
            id: word-wanted
            uri: direct:word
            parameters: {}
            steps:
              - setBody: {id: say-word, expression: {constant: {expression: WORD}}}
      """;

  @TempDir static Path folder;
  private static Path routes;
  private static Path kamelets;
  private static Path live;
  private static TestStore store;
  private static SlowWire wire;
  private static Recordings recordings;
  private static Sidecar sidecar;
  private static HttpCalls http;
  private static HttpCalls management;

  @BeforeAll
  static void start() throws IOException {
    routes = copied("routes");
    kamelets = copied("kamelets");
    Files.writeString(routes.resolve("91-mine.camel.yaml"), MINE);
    Files.writeString(routes.resolve("92-word.camel.yaml"), WORD);
    store = TestStore.start(folder.resolve("store"));
    wire = SlowWire.to(store.endpoint(), PLENTY);
    recordings = new Recordings(Files.createDirectories(folder.resolve("recordings")).toRealPath());
    Map<String, String> all = new LinkedHashMap<>(Map.of(
        "reelway.recordings.folder", recordings.folder().toString(),
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.store.endpoint", wire.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.transfer.part-size", "5MiB",
        "reelway.transfer.parts-at-once", "1",
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    all.put("reelway.transfer.multipart-threshold", "5MiB");
    all.put("reelway.routes.folder", Files.createSymbolicLink(folder.resolve("linked"), routes).toString());
    all.put("reelway.routes.kamelets", kamelets.toString());
    all.put("reelway.routes.reload", "true");
    live = Files.createDirectories(folder.resolve("live")).toRealPath();
    all.put("reelway.live.folder", live.toString());
    Settings settings = TestState.load(all);
    sidecar = new Sidecar(settings, Path.of("."), () -> RouteTrouble.errors(settings, Path.of(".")));
    sidecar.start();
    http = new HttpCalls(sidecar.http());
    management = new HttpCalls(sidecar.management());
  }

  private static Path copied(String name) throws IOException {
    Path to = Files.createDirectories(folder.resolve(name));
    putShipped(name, to);
    return to;
  }

  private static void putShipped(String name, Path to) throws IOException {
    try (Stream<Path> shipped = Files.list(Path.of(name))) {
      for (Path file : shipped.toList()) {
        Files.writeString(to.resolve(file.getFileName()), text(file));
      }
    }
  }

  /** As shipped, but of the API the calls about recordings only: its forty others are half of all routes, and alike. */
  private static String text(Path shipped) throws IOException {
    String text = Files.readString(shipped);
    return shipped.endsWith(API) ? text.substring(0, text.indexOf("\n- rest:", text.indexOf("id: recordings-list")) + 1) : text;
  }

  @AfterAll
  static void stop() {
    sidecar.close();
    wire.close();
    store.close();
  }

  @AfterEach
  void putBack() throws IOException {
    wire.allow(PLENTY);
    putShipped("routes", routes);
    putShipped("kamelets", kamelets);
    Files.writeString(routes.resolve("91-mine.camel.yaml"), MINE);
    Files.writeString(routes.resolve("92-word.camel.yaml"), WORD);
    Files.deleteIfExists(routes.resolve("93-more.camel.yaml"));
    await().atMost(SOON).until(() -> state().equals("current") && http.get("/mine").body().equals("WORD"));
  }

  private static JsonNode newest() {
    return http.get("/dashboard/now").json().path("routes").path("newest");
  }

  private static String state() {
    return newest().path("state").asText();
  }

  private static void edit(String file, String from, String to) throws IOException {
    Path path = (file.endsWith(".kamelet.yaml") ? kamelets : routes).resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
  }

  /** Does something, and waits until what comes of it is told. @return what is told */
  private static String told(String state, Edit edit) throws Exception {
    String before = newest().path("at").asText();
    edit.make();
    await().atMost(SOON).until(() -> !newest().path("at").asText().equals(before) && state().equals(state));
    return newest().path("message").asText();
  }

  private interface Edit {
    void make() throws Exception;
  }

  @Test
  void routesThatWereSwappedAreLetGo() throws Exception {
    told("current", () -> edit("00-errors.camel.yaml", "id: retry-later", "id: retry-later-on"));
    List<WeakReference<Route>> swapped = sidecar.camelContext().getRoutes().stream().map(WeakReference::new).toList();
    told("current", () -> edit("00-errors.camel.yaml", "id: retry-later-on", "id: retry-after-all"));
    // JMX keeps the route of an endpoint's first producer, however often it is swapped.
    await().atMost(SOON).untilAsserted(() -> {
      System.gc();
      Set<Route> running = Set.copyOf(sidecar.camelContext().getRoutes());
      assertThat(swapped.stream().map(WeakReference::get).filter(Objects::nonNull).filter(each -> !running.contains(each)))
          .extracting(Route::getId).hasSizeLessThan(swapped.size() / 3);
    });
  }

  @Test
  void whatAnEditorPutsBesideAFileIsNoEdit() throws Exception {
    Path lock = Files.createSymbolicLink(routes.resolve(".#92-word.camel.yaml"), Path.of("somebody@here.1:2"));
    Path named = Files.createDirectory(routes.resolve("folder.camel.yaml"));
    try {
      told("current", () -> edit("92-word.camel.yaml", "WORD", "WORT"));
    } finally {
      Files.delete(lock);
      Files.delete(named);
    }
  }

  private static String health(String check) {
    for (JsonNode each : management.get("/observe/health?data=true").json().path("checks")) {
      if (each.path("name").asText().equals(check)) {
        return each.path("status").asText() + " " + each.toString();
      }
    }
    return "none";
  }

  private static Map<String, Route> running() {
    return context().getRoutes().stream().collect(Collectors.toMap(Route::getRouteId, route -> route));
  }

  private static CamelContext context() {
    return sidecar.camelContext();
  }

  @Test
  void whoAsksMeanwhileIsAnsweredByTheOldStepsOrTheNew() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<String> answers = new ArrayList<>();
    CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> {
      while (!over.get()) {
        HttpCalls.Answer answer = http.get("/mine");
        answers.add(answer.status() + " " + answer.body());
        LockSupport.parkNanos(5_000_000);
      }
    });
    Map<String, Route> before = running();

    told("current", () -> edit("92-word.camel.yaml", "expression: WORD", "expression: other"));
    told("current", () -> edit("91-mine.camel.yaml", "with a word", "with the word"));
    told("current", () -> edit("92-word.camel.yaml", "expression: other", "expression: third"));
    over.set(true);
    asking.join();

    assertThat(Set.copyOf(answers)).containsExactlyInAnyOrder("200 WORD", "200 other", "200 third");
    assertThat(answers.get(answers.size() - 1)).isEqualTo("200 third");
    Map<String, Route> now = running();
    before.forEach((id, route) -> {
      if (!id.equals("mine") && !id.equals("word")) {
        assertThat(now.get(id)).as(id).isSameAs(route);
      }
    });
    assertThat(now.keySet()).isEqualTo(before.keySet());
  }

  @Test
  void anUploadThatIsUnderWayGoesOnInTheNewRouteWithTheSameParts() throws Exception {
    Map<String, Route> before = running();
    long passed = wire.passed();
    wire.stall();
    wire.allow(12 << 20);
    Path file = recordings.random("long.mp4", 40 << 20, 1);
    Recordings.mark(file);
    await().atMost(SOON).until(() -> wire.passed() - passed > 11 << 20);
    List<String> uploads = store.uploads();
    assertThat(uploads).hasSize(1);

    AtomicBoolean swapped = new AtomicBoolean();
    CompletableFuture<Void> flowing = CompletableFuture.runAsync(() -> {
      while (!swapped.get()) {
        wire.allow(100_000);
        LockSupport.parkNanos(200_000_000);
      }
    });
    told("current", () -> {
      edit("20-recordings-transfer.camel.yaml", "        - to:\n            id: verified\n",
          "        - setHeader: {id: new-step, name: New, expression: {constant: {expression: x}}}\n"
              + "        - to:\n            id: verified\n");
      edit("30-recordings-verified.camel.yaml", "      steps:\n        - setProperty", "      steps:\n        - log: {id: seen-new, message: \"new\"}\n        - setProperty");
    });
    swapped.set(true);
    flowing.join();
    assertThat(store.uploads()).isEqualTo(uploads);
    wire.allowAll();

    await().atMost(SOON).until(() -> http.get("/recordings?state=done&search=long.mp4").body().contains("long.mp4"));
    assertThat(wire.passed() - passed).as("bytes sent").isLessThan((40 << 20) + (1 << 20));
    assertThat(running().get("recordings-transfer")).isNotSameAs(before.get("recordings-transfer"));
    String inner = before.keySet().stream().filter(id -> id.startsWith("recording-markers-")).findFirst().orElseThrow();
    assertThat(running().get(inner)).as("the watch of the folder").isSameAs(before.get(inner));
  }

  @Test
  void aWrongEditIsNotPutIntoForceAndIsToldEverywhere() throws Exception {
    Map<String, Route> before = running();

    String message = told("refused", () -> edit("92-word.camel.yaml", "constant:", "konstant:"));

    assertThat(message).contains("92-word.camel.yaml:9").contains("konstant");
    assertThat(http.get("/mine").body()).isEqualTo("WORD");
    assertThat(running()).isEqualTo(before);
    assertThat(health("routes-reload")).startsWith("DOWN").contains("konstant");
    assertThat(management.get("/observe/metrics").body()).contains("reelway_routes_behind 1.0")
        .containsPattern("reelway_routes_reloads_total\\{outcome=\"refused\"} \\d");

    told("current", () -> edit("92-word.camel.yaml", "konstant: {expression: WORD", "constant: {expression: mended"));
    assertThat(http.get("/mine").body()).isEqualTo("mended");
    assertThat(health("routes-reload")).startsWith("UP");
  }

  @Test
  void whatOnlyAStartShowsPutsTheOldRoutesBack() throws Exception {
    String message = told("refused", () -> {
      edit("92-word.camel.yaml", "expression: WORD", "expression: never");
      Files.writeString(routes.resolve("93-more.camel.yaml"), """
          - route:
              id: more
              description: Reads from a folder that is not there.
              from:
                id: no-folder
                uri: file:%s/nothing
                parameters: {autoCreate: false, startingDirectoryMustExist: true}
                steps:
                  - log: {id: got, message: "${body}"}
          """.formatted(folder));
    });

    assertThat(message).contains("nothing");
    assertThat(http.get("/mine").body()).isEqualTo("WORD");
    assertThat(running()).doesNotContainKey("more");
  }

  @Test
  void aCallOfTheApiComesAndGoes() throws Exception {
    told("current", () -> edit(API, "      - id: recordings-list\n", """
              - id: folders-again
                routeId: folders-again
                path: /folders-again
                description: The same.
                to: {id: again-folders, uri: "bean:recordingFolders?method=list"}
              - id: recordings-list
        """.indent(0)));
    assertThat(http.get("/folders-again").status()).isEqualTo(200);
    assertThat(http.get("/openapi.json").json().path("paths").has("/folders-again")).isTrue();
    assertThat(http.get("/recordings").status()).isEqualTo(200);

    told("current", () -> Files.writeString(routes.resolve(API), text(Path.of("routes", API))));
    assertThat(http.get("/folders-again").status()).isEqualTo(404);
    assertThat(http.get("/openapi.json").json().path("paths").has("/folders-again")).isFalse();
    assertThat(http.get("/openapi.json").json().path("paths").has("/recordings")).isTrue();
  }

  @Test
  void anEditedKameletIsSwappedWithAllThatPlaceIt() throws Exception {
    Map<String, Route> before = running();
    String message = told("current", () -> edit("recording-tidy.kamelet.yaml", "      steps:\n",
        "      steps:\n        - log:\n            message: tidied anew\n"));
    assertThat(message).contains("30-recordings-verified", "recording-tidy");
    assertThat(running().keySet().stream().filter(id -> id.startsWith("recording-tidy-"))).hasSameSizeAs(
        before.keySet().stream().filter(id -> id.startsWith("recording-tidy-")).toList());
    Recordings.mark(recordings.random("tidied.mp4", 1000, 2));
    await().atMost(SOON).until(() -> http.get("/recordings?state=done&search=tidied.mp4").body().contains("tidied.mp4"));
  }

  @Test
  void anotherErrorPolicySwapsAllRoutesAndRecordingsGoOn() throws Exception {
    Map<String, Route> before = running();
    wire.stall();
    Recordings.mark(recordings.random("held.mp4", 12 << 20, 3));
    await().atMost(SOON).until(() -> http.get("/recordings").body().contains("held.mp4"));
    CompletableFuture.delayedExecutor(3, java.util.concurrent.TimeUnit.SECONDS).execute(wire::allowAll);

    told("current", () -> edit("00-errors.camel.yaml", "maximumRedeliveries: 2", "maximumRedeliveries: 1"));

    await().atMost(SOON).until(() -> http.get("/recordings?state=done&search=held.mp4").body().contains("held.mp4"));
    assertThat(running()).hasSameSizeAs(before);
    assertThat(running().get("word")).isNotSameAs(before.get("word"));
    assertThat(health("expected-routes")).startsWith("UP");
  }

  private static void publish(Path stream, int newest) throws IOException {
    byte[] chunk = new byte[188 * 20];
    for (int i = 0; i < chunk.length; i += 188) {
      chunk[i] = 0x47;
    }
    StringBuilder playlist = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n");
    for (int i = 0; i <= newest; i++) {
      if (Files.notExists(stream.resolve("c" + i + ".ts"))) {
        Files.write(stream.resolve("c" + i + ".ts"), chunk);
      }
      playlist.append("#EXTINF:2.0,\nc").append(i).append(".ts\n");
    }
    Files.writeString(stream.resolve("new"), playlist);
    Files.move(stream.resolve("new"), stream.resolve("index.m3u8"), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void awaitPublished(int chunk) {
    await().atMost(SOON).until(() -> store.has("cam/index.m3u8") && new String(store.bytes("cam/index.m3u8")).contains("c" + chunk + ".ts"));
    assertThat(store.has("cam/c" + chunk + ".ts")).isTrue();
  }

  @Test
  void aLiveStreamGoesOnAcrossAnEditOfItsRouteAndOfAll() throws Exception {
    Path stream = Files.createDirectories(live.resolve("cam"));
    publish(stream, 2);
    awaitPublished(2);
    Map<String, Route> before = running();
    String inner = before.keySet().stream().filter(id -> id.startsWith("live-chunks-")).findFirst().orElseThrow();

    told("current", () -> edit("25-live.camel.yaml", "reach the store", "come to the store"));
    assertThat(running().get(inner)).as("the publisher's route").isSameAs(before.get(inner));
    publish(stream, 3);
    awaitPublished(3);
    told("current", () -> edit("00-errors.camel.yaml", "maximumRedeliveries: 2", "maximumRedeliveries: 1"));
    publish(stream, 4);
    awaitPublished(4);
  }

  @Test
  void whatOnlyAStartReadsIsRefused() throws Exception {
    assertThat(told("refused", () -> edit(API, "value: Reelway", "value: Other")))
        .contains("restConfiguration", "restart");
  }

  @Test
  void manyEditsLeaveNothingBehind() throws Exception {
    told("current", () -> edit("92-word.camel.yaml", "expression: WORD", "expression: word0"));
    told("current", () -> edit("00-errors.camel.yaml", "maximumRedeliveries: 2", "maximumRedeliveries: 1"));
    List<Integer> first = sizes();
    long beans = beans();
    for (int i = 0; i < 3; i++) {
      String from = i % 2 == 0 ? "1" : "2";
      String to = i % 2 == 0 ? "2" : "1";
      told("current", () -> edit("00-errors.camel.yaml", "maximumRedeliveries: " + from, "maximumRedeliveries: " + to));
    }
    assertThat(sizes()).isEqualTo(first);
    // Camel keeps the producers of dead letters that the inner routes of sources have.
    assertThat(beans()).isLessThanOrEqualTo(beans + 3 * 15);
  }

  private static List<Integer> sizes() {
    return List.of(context().getRoutesSize(), context().getEndpoints().size());
  }

  private static long beans() throws Exception {
    return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("org.apache.camel:*"), null).size();
  }
}
