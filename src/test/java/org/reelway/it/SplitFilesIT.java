package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.core.sync.RequestBody;

/** Files of sections by the packaged program, which is killed while it fetches, cuts and sends them. */
class SplitFilesIT {
  private static final String JSON = "application/json";
  private static final int RATE = 25;

  @TempDir Path folder;
  private TestStore store;
  private FaultyStore gate;
  private CallbackReceiver backend;
  private ChildReelway child;
  private String stream;

  @BeforeEach
  void start() throws Exception {
    store = TestStore.start(folder.resolve("store"));
    gate = FaultyStore.before(store.endpoint());
    backend = new CallbackReceiver();
    Files.createSymbolicLink(
        Files.createDirectories(folder.resolve("state")).resolve("ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
  }

  @AfterEach
  void stop() {
    if (child != null) {
      child.close();
    }
    backend.close();
    gate.close();
    store.close();
  }

  private void run() {
    child = ChildReelway.sidecar(folder, gate.endpoint())
        .set("reelway.workflow.listen-port", FreePort.any())
        .set("reelway.recordings.tidy", "delete")
        .set("reelway.callbacks.url", "cms=" + backend.uri("/told"))
        .set("reelway.callbacks.allow-private", "127.0.0.1")
        .set("reelway.callbacks.retry-first", "100ms")
        .set("reelway.callbacks.retry-max", "200ms")
        .startReady();
  }

  private JsonNode call(String path, String body) {
    Answer answer = child.http().post(path, JSON, body);
    assertThat(answer.status()).as(answer.body()).isBetween(200, 202);
    return answer.json();
  }

  /** As MediaLive names them; 30 s. */
  private List<String> archive(String root) throws Exception {
    Path segments = Files.createDirectories(folder.resolve("segments"));
    Path film = folder.resolve("film.mp4");
    Ffmpeg.run(
        List.of(
            "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=" + RATE + ":duration=30", "-f", "lavfi", "-i",
            "sine=frequency=440:duration=30", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25",
            "-keyint_min", "25", "-sc_threshold", "0", "-c:a", "aac", film.toString()));
    Ffmpeg.run(
        List.of(
            "-v", "error", "-i", film.toString(), "-c", "copy", "-f", "segment", "-segment_time", "3", "-segment_format", "mpegts",
            segments.resolve("_120261130T120000.%06d.ts").toString()));
    String prefix = root.replaceFirst("s3://[^/]+/", "");
    try (Stream<Path> files = Files.list(segments)) {
      for (Path file : files.toList()) {
        store.client().putObject(
            put -> put.bucket(TestStore.BUCKET).key(prefix + file.getFileName()), RequestBody.fromFile(file));
      }
    }
    return pictures(film);
  }

  private static List<String> pictures(Path file) throws Exception {
    return new String(
            Ffmpeg.bytes(List.of("-v", "error", "-i", file.toString(), "-map", "0:v", "-f", "framemd5", "-")),
            StandardCharsets.UTF_8)
        .lines().filter(line -> !line.startsWith("#")).map(line -> line.split(",")[5].strip()).toList();
  }

  private JsonNode work() {
    return child.http().get(stream + "/splits").json().path("splits").path(0);
  }

  /** Kills it while the store is asked so. */
  private void killAt(Predicate<StoreRequest> moment, Runnable before) throws Exception {
    CountDownLatch there = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    gate.onRequest(request -> {
      if (moment.test(request)) {
        there.countDown();
        try {
          goOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    });
    before.run();
    child.await("the moment", () -> there.getCount() == 0);
    child.kill();
    gate.onRequest(request -> { });
    goOn.countDown();
  }

  @Test
  void aFileIsMadeOnceWhereverReelwayIsKilled() throws Exception {
    run();
    JsonNode made = call("/streams", "{\"name\": \"Hall\", \"description\": \"\", \"segment_length\": 3}");
    stream = "/streams/" + made.path("id").asText();
    JsonNode record = call(stream + "/start", "{}");
    String session = record.path("current_session_id").asText();
    List<String> sent = archive(record.path("archives_path").path(session).asText());

    // A store that fails for a moment only delays it.
    AtomicInteger failures = new AtomicInteger();
    gate.direct(request -> isWhole(request, "000002.ts") && failures.incrementAndGet() <= 5 ? StoreFault.refusal(503, "SlowDown") : null);
    JsonNode[] answer = {null};
    killAt(request -> isWhole(request, "000004.ts"), () -> answer[0] = split(session));
    assertThat(failures.get()).isGreaterThan(5);
    gate.direct(request -> isUpload(request) ? StoreFault.refusal(503, "SlowDown") : null);
    run();
    child.await("it is being cut", () -> work().path("percent").asInt() >= 50 || work().path("state").asText().equals("made"));
    child.kill();
    gate.direct(request -> null);
    killAt(SplitFilesIT::isUpload, this::run);
    run();

    String file = answer[0].path("files").path(0).asText();
    String key = folder.resolve("recordings").relativize(Path.of(file)).toString();
    child.await("it is in the store", () -> store.has(key) && Files.notExists(Path.of(file)));
    child.await("that is told", () -> told("stream.split") != null);
    Path back = folder.resolve("back.mp4");
    Files.write(back, store.bytes(key));
    List<Integer> numbers = pictures(back).stream().map(sent::indexOf).toList();
    assertThat(numbers).hasSize(20 * RATE);
    // 3.52 to 4 s and 23 to 23.52 s were encoded anew.
    assertThat(numbers.subList(12, 12 + 19 * RATE)).isEqualTo(IntStream.range(4 * RATE, 23 * RATE).boxed().toList());
    assertThat(store.keys().stream().filter(each -> each.endsWith(".mp4"))).containsExactly(key);
    assertThat(work().path("state").asText()).isEqualTo("made");
    assertThat(work().path("how").asText()).isEqualTo("edges");
    assertThat(told("stream.split")).contains(file, session);
    try (Stream<Path> left = Files.walk(folder.resolve("recordings"))) {
      assertThat(left.filter(Files::isRegularFile)).allMatch(each -> each.endsWith(".reelway.lock"));
    }
  }

  private static boolean isWhole(StoreRequest request, String name) {
    return request.key().endsWith(name) && request.header("range").isEmpty();
  }

  private static boolean isUpload(StoreRequest request) {
    return request.key().endsWith(".mp4") && request.operation() == Operation.PUT;
  }

  private JsonNode split(String session) {
    return call(stream + "/split", "{\"session_id\": \"" + session + "\", \"name_modifier\": \"clip\", \"format\": \"mp4\","
        + " \"exact\": true, \"timestamp_list\": [{\"start\": 3.52, \"end\": \"23.52\"}]}");
  }

  /** Null for not yet. */
  private String told(String type) {
    return backend.received().stream().map(CallbackReceiver.Received::body).filter(body -> body.contains(type)).findFirst().orElse(null);
  }
}
