package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.RawHttp;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** Whatever clients send to either port, the sidecar answers, stays up, and says little. */
class HttpIT {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String HEAD = " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";

  @TempDir static Path folder;
  private static TestStore store;
  private static ChildReelway child;
  private static Recordings recordings;

  @BeforeAll
  static void start() {
    store = TestStore.start(folder.resolve("store"));
    recordings = new Recordings(folder.resolve("recordings"));
    child = ChildReelway.sidecar(folder, store.endpoint()).startReady();
  }

  @AfterAll
  static void stop() {
    child.close();
    store.close();
  }

  private static Answer call(String request) {
    return RawHttp.call(child.http().server(), request);
  }

  private static String chunked(int bytes) {
    StringBuilder body = new StringBuilder("Transfer-Encoding: chunked\r\n\r\n");
    for (int sent = 0; sent < bytes; sent += 0x400) {
      body.append("400\r\n").append("a".repeat(0x400)).append("\r\n");
    }
    return body.append("0\r\n\r\n").toString();
  }

  @Test
  void jsonThatCurlSendsAsAFormIsJson() {
    Path file = recordings.random("100% {a} + b&c.mp4", 1000, 1);

    Answer answer = child.http().post("/hooks/recorded", FORM, "{\"file\": \"" + file + "\", \"stream\": \"s\"}");

    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    assertThat(answer.json().path("file").asText()).isEqualTo(file.toString());
    assertThat(child.http().post("/hooks/event", FORM, "{\"event\": \"x\"}").error()).doesNotContain("form");
  }

  @Test
  void aFormThatNamesNoTypeIsOne() {
    Path file = recordings.random("without type.mp4", 1000, 3);
    String form = "file=" + file.toString().replace(" ", "%20") + "&stream=cam";

    Answer answer = call("POST /hooks/recorded" + HEAD + "Content-Length: " + form.length() + "\r\n\r\n" + form);

    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    assertThat(answer.body()).contains("\"" + file + "\"");
    String json = "{\"stream\": \"cam=1\"}";
    assertThat(call("POST /hooks/recorded" + HEAD + "Content-Length: " + json.length() + "\r\n\r\n" + json).body())
        .contains("no file is named");
  }

  @Test
  void noFormLeavesAFolderForFiles() {
    String multipart = "--x\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\ncam\r\n--x\r\n"
        + "Content-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\nbytes\r\n--x--\r\n";

    assertThat(child.http().post("/hooks/recorded", FORM, "stream=cam").error()).startsWith("no file is named");
    assertThat(child.http().post("/hooks/recorded", "multipart/form-data; boundary=x", multipart).error())
        .startsWith("no file is named");
    assertThat(child.http().post("/hooks/recorded", FORM, "file=%zz").status()).isEqualTo(400);
    assertThat(Files.exists(folder.resolve("file-uploads"))).isFalse();
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void whoAsksDuringAStartIsToldToAskAgain(@TempDir Path other) throws Exception {
    Path file = new Recordings(other.resolve("recordings")).random("early.mp4", 1000, 2);
    String call = "{\"file\": \"" + file + "\"}";
    int port = FreePort.any();
    int management = FreePort.any();
    URI api = URI.create("http://127.0.0.1:" + port);
    HttpCalls health = new HttpCalls(URI.create("http://127.0.0.1:" + management));
    List<String> answers = new ArrayList<>();
    try (ChildReelway starting =
        ChildReelway.sidecar(other, store.endpoint())
            .set("reelway.http.port", port)
            .set("reelway.management.port", management)
            .start()) {
      starting.await("both listen", () -> FreePort.isTaken(port) && FreePort.isTaken(management));
      Answer first = health.get("/observe/health");
      // As a media server's script does that asks again: curl --retry.
      starting.await("the hook is taken", () -> {
        answers.add(RawHttp.to(api).send("POST /hooks/recorded" + HEAD + "Content-Length: " + call.length()
            + "\r\n\r\n" + call).rest());
        return answers.get(answers.size() - 1).startsWith("HTTP/1.1 202 ");
      });

      assertThat(first.status()).isEqualTo(503);
      assertThat(first.json().path("status").asText()).isEqualTo("DOWN");
      assertThat(answers.subList(0, answers.size() - 1)).isNotEmpty().allSatisfy(answer ->
          assertThat(answer).startsWith("HTTP/1.1 503 ").containsIgnoringCase("\r\nRetry-After: 1\r\n")
              .contains("Reelway is starting"));
      assertThat(health.get("/observe/health").status()).isEqualTo(200);
      starting.await("the recording is stored", () -> store.has("early.mp4"));
    }
  }

  @Test
  void aBodyInChunksIsRefusedAsOneWithALengthIs() {
    for (String type : new String[] {"", "Content-Type: " + FORM + "\r\n"}) {
      Answer answer = call("POST /hooks/recorded" + HEAD + type + chunked(80 * 1024));
      assertThat(answer.status()).as(answer.body()).isEqualTo(413);
      assertThat(answer.error()).startsWith("the body is longer than 65536 bytes");
    }
    Answer jolokia = RawHttp.call(child.management().server(), "POST /observe/jolokia" + HEAD + chunked(80 * 1024));
    assertThat(jolokia.status()).isEqualTo(413);
    assertThat(call("POST /hooks/recorded" + HEAD + chunked(1024)).status()).isEqualTo(422);
  }

  @Test
  void aClientThatOffersHttp2IsAnsweredByHttp1AndNamesItsHost() throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(child.http().server().resolve("/recordings"));
    HttpResponse.BodyHandler<Void> nothing = HttpResponse.BodyHandlers.discarding();

    HttpResponse<Void> own = HttpClient.newHttpClient().send(request.build(), nothing);
    assertThat(own.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(own.statusCode()).isEqualTo(200);
    request.header("Host", "evil.example");
    assertThat(HttpClient.newHttpClient().send(request.build(), nothing).statusCode()).isEqualTo(403);
  }

  @Test
  void halfSentRequestsTakeNeitherFilesFromTransfersNorAnswersFromOthers(@TempDir Path other) throws Exception {
    long files = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getMaxFileDescriptorCount();
    assumeTrue(files >= 4096, "this test opens 2,200 connections, and may open " + files + " files");
    Recordings own = new Recordings(other.resolve("recordings"));
    Path marked = own.random("marked.mp4", 20 * Recordings.MIB, 3);
    Path told = own.random("told.mp4", 1000, 4);
    Recordings.mark(marked);
    try (ChildReelway small = ChildReelway.sidecar(other, store.endpoint()).files(1024).startReady();
        HalfRequests api = new HalfRequests(small.http().server());
        HalfRequests management = new HalfRequests(small.management().server())) {
      api.join();
      management.join();
      assertThat(small.management().get("/observe/health").status()).isEqualTo(200);
      assertThat(small.http().get("/recordings").status()).isEqualTo(200);
      assertThat(small.http().post("/hooks/recorded", "application/json", "{\"file\": \"" + told + "\"}").status())
          .isEqualTo(202);
      small.await("both are stored", () -> !Recordings.isMarked(marked) && !Recordings.isMarked(told));
      assertThat(store.bytes("marked.mp4")).isEqualTo(Recordings.bytes(marked));
      assertThat(small.err()).doesNotContain("Too many open files", "Exception", "ERROR");
      assertThat(small.err().split("as many as it may", -1)).as("once for each port").hasSize(3);
    }
  }

  /** Opens 1,100 connections at once, and keeps them. */
  private static final class HalfRequests implements AutoCloseable {
    private final List<RawHttp> open = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Void> begun;

    HalfRequests(URI server) {
      begun = CompletableFuture.runAsync(() -> {
        for (int i = 0; i < 1100; i++) {
          open.add(RawHttp.to(server).send("GET / HTTP/1.1\r\nHost: 127"));
        }
      });
    }

    void join() {
      begun.join();
    }

    @Override
    public void close() {
      begun.join();
      open.forEach(RawHttp::close);
    }
  }

  @Test
  void aRequestThatIsRefusedLeavesNoStackTrace() {
    assertThat(call("GET /recordings/%zz" + HEAD + "\r\n").status()).isEqualTo(400);
    assertThat(call("GET /recordings?limit=%zz" + HEAD + "\r\n").status()).isEqualTo(400);
    assertThat(call("GET /recordings HTTP/1.1\r\nConnection: close\r\n\r\n").status()).isEqualTo(400);
    assertThat(child.err()).doesNotContain("Exception", "\tat ");
  }

  @Test
  void whatNoRouteTakesIsAnsweredWithJsonThatSaysWhy() {
    for (URI server : List.of(child.http().server(), child.management().server())) {
      told(RawHttp.call(server, "GET /none" + HEAD + "\r\n"), 404, "there is nothing at /none");
      told(RawHttp.call(server, "GET /%zz" + HEAD + "\r\n"), 400, "Bad Request");
      told(RawHttp.call(server, "GET /" + "a".repeat(5000) + HEAD + "\r\n"), 414, "Request-URI Too Long");
      told(RawHttp.call(server, "GET /" + HEAD + "a: " + "a".repeat(9000) + "\r\n\r\n"), 431, "Request Header Fields Too Large");
      told(RawHttp.call(server, "GET\r\n\r\n"), 400, "Bad Request");
    }
    told(call("DELETE /recordings" + HEAD + "\r\n"), 405, "DELETE is not taken at /recordings");
    told(call("HEAD /none" + HEAD + "\r\n"), 404, null);
  }

  /** @param error null for an answer that has no body */
  private static void told(Answer answer, int status, String error) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    if (error == null) {
      assertThat(answer.body()).isEmpty();
    } else {
      assertThat(answer.error()).isEqualTo(error);
      assertThat(answer.json().path("class").asText()).isEqualTo("input");
    }
  }

  @Test
  void aRequestHasOneHost() {
    assertThat(call("GET /recordings HTTP/1.1\r\nConnection: close\r\n\r\n").status()).isEqualTo(400);
    assertThat(call("GET /recordings" + HEAD + "Host: evil.example\r\n\r\n").error()).contains("2 Host headers");
    assertThat(call("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status()).isNotEqualTo(200);
    assertThat(call("GET /recordings HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
  }

  @Test
  void noConnectionBecomesAWebSocket() {
    String upgrade = "Upgrade: WebSocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    for (URI port : List.of(child.http().server(), child.management().server())) {
      Answer answer = RawHttp.call(port, "GET /observe/health" + HEAD + upgrade);
      assertThat(answer.status()).isEqualTo(501);
      assertThat(answer.body()).contains("WebSockets are not spoken here");
    }
  }
}
