package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.StateDatabase;
import org.reelway.state.TestState;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** Others make lists as long as they like: a sidecar with a small heap goes on, and starts again. */
class FloodIT {
  private static final String JSON = "application/json";
  private static final int AT_ONCE = 8;
  /** An object that a request of 63 KB has room for. */
  private static final String MUCH =
      IntStream.range(0, 40).mapToObj(i -> "\"k" + i + "\":\"" + "x".repeat(1550) + "\"").collect(Collectors.joining(",", "{", "}"));

  @TempDir Path folder;
  private TestStore store;
  private ChildReelway.CommandLine sidecar;

  @BeforeEach
  void start() throws Exception {
    store = TestStore.start(folder.resolve("store"));
    Files.createDirectories(folder.resolve("recordings"));
    sidecar =
        // Less than the attack sends, more than the program itself lives in.
        ChildReelway.sidecar(folder, store.endpoint()).java("-Xmx80m")
            .set("reelway.live.folder", Files.createDirectories(folder.resolve("live")))
            .set("reelway.multirecorder.source", "rtmp://127.0.0.1:9/live/{stream}");
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private record Post(String path, String body) {}

  /** @return the answers by status, one of each with how often it came */
  private static Map<Integer, String> flood(ChildReelway child, int times, IntFunction<Post> post) throws Exception {
    Map<Integer, String> answers = new ConcurrentHashMap<>();
    ExecutorService senders = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        Post each = post.apply(i);
        all.add(senders.submit(() -> {
          Answer answer = child.http().post(each.path(), JSON, each.body());
          answers.putIfAbsent(answer.status(), answer.body());
        }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      senders.shutdownNow();
    }
    return answers;
  }

  private static Post event(String rest) {
    return new Post("/hooks/event", "{\"event\":" + rest + "}");
  }

  @Test
  void whatIsTooMuchIsRefusedWithItsReasonAndRecordingsTravel() throws Exception {
    Path recording = new Recordings(folder.resolve("recordings")).random("before.mp4", 1000, 1);
    try (ChildReelway child = sidecar.startReady()) {
      assertThat(flood(child, 1000, i -> event("\"stream-started\",\"stream\":\"s" + i + "\",\"details\":" + MUCH)).get(422))
          .contains("at most 64 members, with 4096 characters");
      // Each has a member of another name, which a reader of JSON could keep.
      assertThat(flood(child, 1000, i -> event("\"other\",\"" + i + "x".repeat(49_000) + "\":1")).keySet()).containsExactly(202);
      String details = "{\"a\":\"" + "x".repeat(4000) + "\"}";
      assertThat(flood(child, 700, i -> event("\"stream-started\",\"stream\":\"t" + i + "\",\"details\":" + details)).get(503))
          .contains("the list of streams has", "characters", "server-started");
      child.await("health says so", () -> child.management().get("/observe/health").body().contains("the list of streams has"));
      assertThat(child.management().get("/observe/metrics").body()).contains("reelway_list_full{list=\"streams\"} 1.0");
      flood(child, 1000, i -> event("\"timer\",\"timer\":\"" + i + "\",\"variables\":" + MUCH));
      assertThat(flood(child, 1, i -> event("\"server-started\",\"server\":\"127.0.0.1\"")).keySet()).containsExactly(202);
      child.await("there is room again", () -> child.http().get("/streams/registry?state=live").json().path("count").asInt() == 0);
      flood(child, 2600, i -> event("\"stream-" + (i % 2 == 0 ? "started" : "ended") + "\",\"stream\":\"u" + i / 2
          + "\",\"details\":{\"a\":\"" + "x".repeat(3000) + "\"}"));
      flood(child, 500, i -> new Post("/hooks/chunk", "{\"file\":\"" + ("d" + i + "/").repeat(i % 2 == 0 ? 2000 : 700) + "x.m3u8\"}"));
      assertThat(flood(child, 520, i -> new Post("/rest-api/multipleRecorder/startup", "{\"uri\":\"room-" + i + "\"}")).get(503))
          .contains("the list of multi-recordings has 500");
      assertThat(flood(child, 10, i -> new Post("/rest-api/multipleRecorder/add",
          "{\"uri\":\"room-1\",\"mediaSessionId\":\"" + "x".repeat(60_000) + "\"}")).keySet()).containsExactly(422);
      assertThat(flood(child, 10, i -> new Post("/mixes",
          "{\"file\":\"" + recording + "\",\"creationTime\":" + i + ",\"recorderUri\":\"" + "x".repeat(60_000) + "\"}")).keySet())
          .containsExactly(422);

      assertTravels(child);
      assertThat(child.management().get("/observe/health/live").status()).isEqualTo(200);
      assertThat(child.err().lines().filter(line -> line.contains("no more streams are taken"))).hasSizeLessThan(4);
      child.kill();
    }
    try (ChildReelway child = sidecar.startReady()) {
      assertThat(child.http().get("/streams/registry").json().path("streams").size()).isLessThanOrEqualTo(1000);
    }
  }

  @Test
  void whatAnOlderVersionStoredKeepsNoStartFromSucceeding() throws Exception {
    StateDatabase database = TestState.open(folder.resolve("state"), Clock.systemUTC());
    fill(database.jdbi());
    Path hidden = folder.resolve("recordings/.reelway-multirecorder");
    for (int i = 0; i < 1500; i++) {
      Files.writeString(
          Files.createDirectories(hidden.resolve("mixes/" + i)).resolve("job.json"),
          "{\"recording\":\"/x.mp4\",\"recorderUri\":\"" + "x".repeat(60_000) + "\",\"state\":\"failed\"}");
    }
    Files.writeString(
        Files.createDirectories(hidden.resolve("a")).resolve("session.json"),
        "{\"uri\":\"" + "x".repeat(20_000_000) + "\"}");
    Files.write(Files.createDirectories(folder.resolve("state")).resolve("instance-id"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    try (ChildReelway child = sidecar.startReady()) {
      assertTravels(child);
      assertThat(child.http().get("/streams/registry").json().path("count").asInt()).isBetween(1000, 5000);
      child.await("nothing waits", () -> child.http().get("/streams/registry").json().path("eventsWaiting").asInt() == 0);
      child.awaitLog("has more than 8388608 bytes");
      assertThat(child.management().get("/observe/health/live").status()).isEqualTo(200);
    }
    try (var handle = database.jdbi().open()) {
      assertThat(handle.createQuery("SELECT MAX(LENGTH(details)) FROM server_stream").mapTo(Integer.class).one())
          .isLessThan(1000);
    }
  }

  @Test
  void withoutMemoryItEndsAndDoesNotGoOnHalfDead() {
    ChildReelway.Finished finished = sidecar.java("-Xmn2m -Xmx9m").finish();

    assertThat(finished.code()).isEqualTo(3);
    assertThat(finished.out()).contains("java.lang.OutOfMemoryError");
  }

  private void assertTravels(ChildReelway child) throws Exception {
    Path file = new Recordings(folder.resolve("recordings")).random("after.mp4", 1000, 2);
    assertThat(child.http().post("/hooks/recorded", JSON, "{\"file\":\"" + file + "\"}").status()).isEqualTo(202);
    child.await("recordings travel", () -> store.has("after.mp4"));
  }

  /** 230 MB of streams and events, as they were stored when there were no bounds. */
  private static void fill(Jdbi jdbi) {
    jdbi.useTransaction(
        handle -> {
          PreparedBatch streams =
              handle.prepareBatch(
                  "INSERT INTO server_stream (node, source, server, app, name, direction, session, publisher, since, since_from,"
                      + " found_by, last_seen, details) VALUES ('', 'json', 's', '', 's' || :i, 'in', '', '', :i, 'received',"
                      + " 'stream-started', :i, :details)");
          PreparedBatch events =
              handle.prepareBatch("INSERT INTO server_event (node, id, received_at, event_id, content) VALUES ('', :i, 0, '', :content)");
          String content =
              "{\"kind\":\"timer\",\"source\":\"json\",\"server\":\"s\",\"type\":\"timer\",\"at\":\"2026-01-01T00:00:00Z\","
                  + "\"from\":\"received\",\"received\":\"2026-01-01T00:00:00Z\",\"id\":\"\",\"timer\":\"1\",\"count\":1,"
                  + "\"variables\":" + MUCH + "}";
          for (int i = 1; i <= 3300; i++) {
            streams.bind("i", i).bind("details", MUCH).add();
            if (i <= 500) {
              events.bind("i", i).bind("content", content).add();
            }
            if (i % 100 == 0) {
              streams.execute();
              if (events.size() > 0) {
                events.execute();
              }
            }
          }
        });
  }
}
