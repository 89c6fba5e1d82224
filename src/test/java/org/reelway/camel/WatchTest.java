package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.state.TestState;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.RawHttp;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.core.sync.RequestBody;

/** The routes {@code watch} and {@code player}, over a real store and the real HTTP server. */
class WatchTest {
  private static final byte[] CHUNK = bytes(300_000);
  /** Bytes of an object that no system's buffers hold. */
  private static final long LONG = 48L << 20;
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path folder;
  private static TestStore store;
  private static SlowWire wire;
  private static Sidecar sidecar;
  private static HttpCalls http;

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static Sidecar sidecar(String name, URI endpoint, Map<String, String> more) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>(Map.of(
        "reelway.recordings.folder", Files.createDirectories(folder.resolve(name).resolve("recordings")).toString(),
        "reelway.state.folder", folder.resolve(name).resolve("state").toString(),
        "reelway.store.endpoint", endpoint.toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.prefix", "studio",
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    settings.putAll(more);
    Sidecar made = new Sidecar(TestState.load(settings), Path.of("."));
    made.start();
    return made;
  }

  @BeforeAll
  static void start() throws IOException {
    store = TestStore.start(folder.resolve("store"));
    put("studio/viewer/s1/index.m3u8", "#EXTM3U\n".getBytes(StandardCharsets.UTF_8));
    put("studio/viewer/s1/chunk-1.ts", CHUNK);
    put("studio/viewer/s1/key", new byte[16]);
    put("studio/viewer/s1/${header.host} é.ts", CHUNK);
    // Beside the server: its bytes are in no test's memory.
    try (RandomAccessFile sparse =
        new RandomAccessFile(folder.resolve("store").resolve(TestStore.BUCKET).resolve("studio/viewer/s1/long.ts").toFile(), "rw")) {
      sparse.setLength(LONG);
    }
    put("studio/secret.mp4", CHUNK);
    put("studio/viewers.ts", CHUNK);
    store.client().putObject(
        put -> put.bucket(TestStore.BUCKET).key("studio/viewer/s1/own.m3u8").cacheControl("max-age=1").contentType("text/html"),
        RequestBody.fromString("#EXTM3U\n"));
    wire = SlowWire.to(store.endpoint(), 0);
    wire.allowAll();
    sidecar = sidecar("open", wire.endpoint(), Map.of());
    http = new HttpCalls(sidecar.http());
  }

  private static void put(String key, byte[] content) {
    store.client().putObject(put -> put.bucket(TestStore.BUCKET).key(key), RequestBody.fromBytes(content));
  }

  @AfterAll
  static void stop() {
    sidecar.close();
    wire.close();
    store.close();
  }

  private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(sidecar.http().resolve(path));
    return HttpClient.newHttpClient().send(
        (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofByteArray());
  }

  @Test
  void aChunkComesByteForByteAndMayBeKept() throws Exception {
    HttpResponse<byte[]> chunk = get("/watch/s1/chunk-1.ts");

    assertThat(chunk.statusCode()).isEqualTo(200);
    assertThat(chunk.body()).isEqualTo(CHUNK);
    assertThat(chunk.headers().firstValue("Content-Type")).contains("video/mp2t");
    assertThat(chunk.headers().firstValue("Content-Length")).contains("300000");
    assertThat(chunk.headers().firstValue("Transfer-Encoding")).isEmpty();
    assertThat(chunk.headers().allValues("Cache-Control")).containsExactly("public, max-age=86400");
    assertThat(chunk.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(chunk.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(chunk.headers().map().keySet()).noneMatch(name -> name.toLowerCase().startsWith("camel"));
  }

  @Test
  void aPlaylistIsAskedForAnew() {
    Answer playlist = http.get("/watch/s1/index.m3u8");

    assertThat(playlist.body()).isEqualTo("#EXTM3U\n");
    assertThat(playlist.header("Content-Type")).isEqualTo("application/vnd.apple.mpegurl");
    assertThat(playlist.header("Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void whatAnObjectSaysOfCachesHoldsAndWhatItSaysOfItsTypeDoesNot() {
    Answer playlist = http.get("/watch/s1/own.m3u8");

    assertThat(playlist.header("Cache-Control")).isEqualTo("max-age=1");
    assertThat(playlist.header("Content-Type")).isEqualTo("application/vnd.apple.mpegurl");
  }

  @Test
  void aNameIsNoExpression() throws Exception {
    assertThat(get("/watch/s1/$%7Bheader.host%7D%20%C3%A9.ts").body()).isEqualTo(CHUNK);
  }

  @Test
  void aRangeIsAnsweredAsOne() throws Exception {
    HttpResponse<byte[]> part = get("/watch/s1/chunk-1.ts", "Range", "bytes=100-199");

    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(CHUNK, 100, 200));
    assertThat(part.headers().firstValue("Content-Range")).contains("bytes 100-199/300000");
    assertThat(part.headers().firstValue("Content-Length")).contains("100");
    assertThat(get("/watch/s1/chunk-1.ts", "Range", "bytes=300000-").statusCode()).isEqualTo(416);
    assertThat(get("/watch/s1/chunk-1.ts", "Range", "lines=1-2").body()).isEqualTo(CHUNK);
  }

  @Test
  void aHeadTellsTheLengthAndKeepsTheConnection() {
    String head = "HEAD /watch/s1/chunk-1.ts HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String get = "GET /watch/s1/index.m3u8 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    try (RawHttp connection = RawHttp.to(sidecar.http())) {
      String answers = connection.send(head).send(get).rest();
      assertThat(answers.toLowerCase()).containsOnlyOnce("content-length: 300000");
      assertThat(answers).containsOnlyOnce("video/mp2t").endsWith("\r\n\r\n#EXTM3U\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "/watch/s1/other.ts", "/watch/", "/watch", "/watch/s1/", "/watch/s1", "/watch/../secret.mp4", "/watch/%2e%2e/secret.mp4",
      "/watch/s1/..%2f..%2fsecret.mp4", "/watch/s1/%2e%2e%2f%2e%2e%2fsecret.mp4", "/watch/..%5csecret.mp4", "/watch/s1/index.m3u8%00", "/watch/s1/./index.m3u8%0a", "/watchers.ts", "/watch/%zz", "/watch/s.ts",
      "/watch/s1/index.m3u8/", "/watch/s1/%c3%28.ts"})
  void nothingElseOfTheBucketIsThere(String path) {
    Answer answer = RawHttp.call(sidecar.http(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer.status()).as(answer.body()).isIn(404, 400);
    assertThat(answer.body()).containsPattern("\"class\" ?: ?\"input\"");
  }

  @Test
  void onlyReadingIsTaken() {
    assertThat(http.post("/watch/s1/index.m3u8", "text/plain", "x").status()).isEqualTo(405);
    assertThat(http.delete("/watch/s1/index.m3u8").status()).isEqualTo(405);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void theStoresConnectionGoesWithAClientThatGoesAway(boolean takesNothing) throws Exception {
    await().atMost(SOON).until(() -> sidecar.camelContext().getInflightRepository().size() == 0);
    try (Socket client = new Socket()) {
      client.setReceiveBufferSize(8192);
      client.connect(new java.net.InetSocketAddress("127.0.0.1", sidecar.http().getPort()));
      client.getOutputStream().write("GET /watch/s1/long.ts HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
      InputStream in = client.getInputStream();
      assertThat(in.readNBytes(20_000)).hasSize(20_000);
      if (takesNothing) {
        // Until nothing moves: Camel waits for room in the connection then.
        await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> wire.connections() > 0);
      }
      assertThat(sidecar.camelContext().getInflightRepository().size()).isEqualTo(1);
    }

    await().atMost(SOON).untilAsserted(() -> {
      assertThat(sidecar.camelContext().getInflightRepository().size()).isZero();
      // A connection that was used up to its end is kept for the next request for 15 seconds.
      assertThat(wire.connections()).isLessThanOrEqualTo(1);
    });
    assertThat(get("/watch/s1/chunk-1.ts").body()).isEqualTo(CHUNK);
  }

  @Test
  void aStoreThatBreaksOffInTheMiddleIsSeenByTheClient() throws Exception {
    try (RawHttp client = RawHttp.to(sidecar.http())) {
      client.send("GET /watch/s1/long.ts HTTP/1.1\r\nHost: localhost\r\n\r\n");
      // Under way, and not near its end: the system lets some 32 MiB wait in a connection.
      client.read(20_000);
      wire.cut();

      assertThat(client.restLength()).as("the connection ends").isLessThan(LONG);
    }
    await().atMost(SOON).until(() -> sidecar.camelContext().getInflightRepository().size() == 0);
  }

  @Test
  void aStoreThatHangsHoldsUpViewersAndNobodyElse() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest chunk = HttpRequest.newBuilder(sidecar.http().resolve("/watch/s1/chunk-1.ts")).build();
    wire.stall();
    List<CompletableFuture<HttpResponse<byte[]>>> viewers =
        Stream.generate(() -> client.sendAsync(chunk, BodyHandlers.ofByteArray())).limit(30).toList();
    try {
      await().atMost(SOON).until(() -> sidecar.camelContext().getInflightRepository().size("watch") == 6);
      HttpRequest other = HttpRequest.newBuilder(sidecar.http().resolve("/folders")).timeout(SOON).build();
      for (int i = 0; i < 10; i++) {
        assertThat(client.send(other, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
      }
    } finally {
      wire.allowAll();
    }
    for (CompletableFuture<HttpResponse<byte[]>> viewer : viewers) {
      assertThat(viewer.get(20, TimeUnit.SECONDS).body()).isEqualTo(CHUNK);
    }
  }

  @Test
  void viewersAndSplitsOfAStoreThatHangsTogetherLeaveThreadsToOthers() throws Exception {
    String id = http.post("/streams", "application/json",
        "{\"name\": \"old\", \"description\": \"\", \"archives_path\": {\"s-1\": \"s3://" + TestStore.BUCKET + "/old/s-1/\"}}")
        .json().path("id").asText();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest chunk = HttpRequest.newBuilder(sidecar.http().resolve("/watch/s1/chunk-1.ts")).build();
    HttpRequest split = HttpRequest.newBuilder(sidecar.http().resolve("/streams/" + id + "/split")).POST(BodyPublishers.ofString(
        "{\"session_id\": \"s-1\", \"timestamp_list\": [{\"start\": 0, \"end\": 1}]}")).build();
    wire.stall();
    List<CompletableFuture<HttpResponse<byte[]>>> calls =
        Stream.concat(Collections.nCopies(6, chunk).stream(), Collections.nCopies(5, split).stream())
            .map(call -> client.sendAsync(call, BodyHandlers.ofByteArray())).toList();
    try {
      await().atMost(SOON).until(() -> sidecar.camelContext().getInflightRepository().size("watch") == 6);
      HttpRequest other = HttpRequest.newBuilder(sidecar.http().resolve("/folders")).timeout(Duration.ofSeconds(10)).build();
      for (int i = 0; i < 10; i++) {
        assertThat(client.send(other, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
      }
      assertThat(sidecar.camelContext().getInflightRepository().size("workflow-split")).isEqualTo(5);
    } finally {
      wire.allowAll();
    }
    for (CompletableFuture<HttpResponse<byte[]>> call : calls) {
      call.get(60, TimeUnit.SECONDS);
    }
    http.delete("/streams/" + id);
  }

  @Test
  void viewersThatGoAwayWhileTheStoreHangsLeaveNoThreadsBehind() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    wire.stall();
    try {
      for (int round = 0; round < 3; round++) {
        List<RawHttp> viewers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          RawHttp viewer = RawHttp.to(sidecar.http());
          viewer.send("GET /watch/s1/chunk-1.ts HTTP/1.1\r\nHost: localhost\r\n\r\n");
          viewers.add(viewer);
        }
        await().atMost(SOON).until(() -> sidecar.camelContext().getInflightRepository().size("watch") >= 6);
        for (RawHttp viewer : viewers) {
          viewer.close();
        }
      }
      HttpRequest other = HttpRequest.newBuilder(sidecar.http().resolve("/folders")).timeout(Duration.ofSeconds(5)).build();
      for (int i = 0; i < 10; i++) {
        assertThat(client.send(other, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
      }
      assertThat(sidecar.camelContext().getInflightRepository().size("watch")).isEqualTo(6);
    } finally {
      wire.allowAll();
    }
    await().atMost(SOON).until(() -> sidecar.camelContext().getInflightRepository().size("watch") == 0);
    assertThat(get("/watch/s1/chunk-1.ts").body()).isEqualTo(CHUNK);
  }

  @Test
  void withCredentialsPagesOfOthersGetWhatIsToBeShownAndNothingElse() throws Exception {
    Map<String, String> login = Map.of("reelway.http.username", "studio", "reelway.http.password", "a password");
    try (Sidecar guarded = sidecar("guarded", store.endpoint(), login)) {
      HttpCalls anybody = new HttpCalls(guarded.http());
      HttpCalls cdn = anybody.as("studio", "a password");

      assertThat(anybody.get("/watch/s1/index.m3u8").status()).isEqualTo(401);
      assertThat(anybody.get("/player").status()).isEqualTo(401);
      assertThat(cdn.get("/watch/s1/index.m3u8", "Origin", "https://tv.example.com", "Sec-Fetch-Site", "cross-site").body())
          .isEqualTo("#EXTM3U\n");
      assertThat(cdn.get("/player", "Sec-Fetch-Site", "cross-site").status()).isEqualTo(200);
      assertThat(cdn.get("/recordings", "Origin", "https://tv.example.com").status()).isEqualTo(403);
      assertThat(cdn.post("/watch/s1/index.m3u8", "text/plain", "", "Origin", "https://tv.example.com").status()).isEqualTo(403);
    }
    assertThat(http.get("/watch/s1/index.m3u8", "Origin", "https://tv.example.com").status())
        .as("where nobody is asked who he is").isEqualTo(403);
  }

  @Test
  void aStopEndsWhatIsOnItsWayAndSaysNothingOfIt() throws Exception {
    try (LogLines log = new LogLines("org.apache.camel.impl.engine");
        Sidecar stopping = sidecar("stopping", store.endpoint(), Map.of());
        RawHttp client = RawHttp.to(stopping.http())) {
      client.send("GET /watch/s1/long.ts HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await().atMost(SOON).until(() -> stopping.camelContext().getInflightRepository().size() == 1);
      await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> stopping.camelContext().getInflightRepository().size() == 1);

      stopping.close();

      assertThat(client.restLength()).isLessThan(LONG);
      assertThat(log.of("WARN")).isEmpty();
    }
  }

  @Test
  void aStoreThatIsAwayIsSaidSo() throws Exception {
    URI nowhere;
    try (TestStore other = TestStore.start(folder.resolve("away"))) {
      nowhere = other.endpoint();
    }
    try (Sidecar away = sidecar("alone", nowhere, Map.of())) {
      Answer answer = new HttpCalls(away.http()).get("/watch/s1/index.m3u8");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isNotEmpty();
      assertThat(answer.json().path("class").asText()).isEqualTo("destination");
    }
  }

  @Test
  void thePlayersPageHasNoScriptInItAndMayContactNobody() {
    Answer page = http.get("/player?stream=s1");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.header("Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self';").doesNotContain("unsafe", "http:", "https:");
    assertThat(page.body()).doesNotContain("%VIEWER", "http:", "https:", "onclick").doesNotContainPattern("<script(?! src)");
    assertThat(http.get("/player/hls.js").header("Content-Type")).startsWith("text/javascript");
    assertThat(http.get("/player/player.html").status()).isEqualTo(404);
    assertThat(http.get("/player/../application.properties").status()).isEqualTo(404);
    assertThat(http.get("/players").status()).isEqualTo(404);
  }

  @Test
  void aCdnsAddressIsTheOneThatThePageMayContactToo() throws Exception {
    try (Sidecar cdn =
        sidecar("cdn", store.endpoint(), Map.of("reelway.workflow.viewer-url", "https://cdn.example.com:8443/live"))) {
      Answer page = new HttpCalls(cdn.http()).get("/player");

      assertThat(page.header("Content-Security-Policy")).contains("connect-src 'self' https://cdn.example.com:8443;");
      assertThat(page.body()).contains("content=\"https://cdn.example.com:8443/live\"");
    }
  }
}
