package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChunkNotifier;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.PlaylistChecker;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

/** Live streams that a media server tells of, with the folder watched and not. */
class LiveEventsIT {
  private static final String JSON = "application/json";
  private static final String KEY = "on air/a/ts/playlist.m3u8";

  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void start() {
    store = TestStore.start(folder.resolve("store"));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private ChildReelway.CommandLine sidecar(java.net.URI endpoint) {
    return ChildReelway.sidecar(folder, endpoint)
        .set("reelway.live.folder", folder.resolve("live"))
        .set("reelway.live.prefix", "on air");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRealStreamIsPublishedByEventsAloneAndNothingIsSentTwiceWithBothSources(boolean watch) throws Exception {
    Path stream = Files.createDirectories(folder.resolve("live/a/ts"));
    Files.writeString(stream.resolve("before.ts"), "written while Reelway was down");
    Files.writeString(
        stream.resolve("before.m3u8"), "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nbefore.ts\n#EXT-X-ENDLIST\n");
    Map<String, Integer> puts = new ConcurrentHashMap<>();
    List<String> heads = new CopyOnWriteArrayList<>();
    try (FaultyStore seen = FaultyStore.before(store.endpoint())) {
      seen.onRequest(
          request -> {
            if (request.operation() == Operation.PUT && request.target().contains("/a/ts/")) {
              puts.merge(request.key(), 1, Integer::sum);
              heads.addAll(request.head());
            }
          });
      try (ChildReelway child = sidecar(seen.endpoint()).set("reelway.live.watch", watch).startReady();
          PlaylistChecker checker = PlaylistChecker.watch(store, KEY);
          ChunkNotifier notifier = ChunkNotifier.watch(child.http(), stream);
          LiveEncoder encoder = LiveEncoder.start(stream, 6, "-hls_playlist_type", "event")) {
        assertThat(encoder.awaitEnd()).isZero();
        child.await("the stream has ended", () -> checker.newest(KEY).contains("#EXT-X-ENDLIST"));
        child.await("what was written before is published too", () -> store.has("on air/a/ts/before.m3u8"));

        assertThat(checker.problems()).isEmpty();
        assertThat(checker.versions(KEY)).as("while the stream was on").anyMatch(version -> !version.contains("#EXT-X-ENDLIST"));
        assertThat(checker.newest(KEY)).isEqualTo(Files.readString(stream.resolve("playlist.m3u8")));
        assertThat(notifier.answers()).hasSizeGreaterThan(12).containsOnly("200 0");
        assertThat(puts.entrySet().stream().filter(put -> put.getKey().endsWith(".ts")))
            .hasSize(7)
            .allSatisfy(put -> assertThat(put.getValue()).as(put.getKey()).isEqualTo(1));
        assertThat(heads).as("no ACL is sent").noneMatch(line -> line.toLowerCase().startsWith("x-amz-acl"));
        String metrics = child.management().get("/observe/metrics").body();
        assertThat(metrics)
            .containsPattern("reelway_server_events_total\\{outcome=\"taken\",source=\"srs\",type=\"chunk-closed\"} \\d+");
        assertThat(child.err()).doesNotContain("ERROR");
      }
    }
  }

  @Test
  void headersOfChunksAreThoseThatWereAskedFor() throws Exception {
    Path stream = Files.createDirectories(folder.resolve("live/a/ts"));
    Files.writeString(stream.resolve("x.ts"), "chunk");
    Files.writeString(stream.resolve("playlist.m3u8"), "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nx.ts\n");
    List<String> heads = new CopyOnWriteArrayList<>();
    try (FaultyStore seen = FaultyStore.before(store.endpoint())) {
      seen.onRequest(
          request -> {
            if (request.operation() == Operation.PUT && request.target().contains("/a/ts/")) {
              heads.addAll(request.head());
            }
          });
      ChildReelway.CommandLine sidecar =
          sidecar(seen.endpoint())
              .set("reelway.store.acl", "public-read")
              .set("reelway.store.content-types", "ts=video/x-mine,m3u8=audio/mpegurl")
              .set("reelway.live.chunk-cache-control", "max-age=7")
              .set("reelway.live.playlist-cache-control", "max-age=1");
      try (ChildReelway child = sidecar.startReady()) {
        child.await("it is published", () -> store.has(KEY));
        assertThat(heads.stream().map(line -> line.toLowerCase()).toList())
            .contains(
                "x-amz-acl: public-read", "content-type: video/x-mine", "content-type: audio/mpegurl",
                "cache-control: max-age=7", "cache-control: max-age=1");
      }
    }
  }

  @Test
  void foreignMalformedAndOversizedEventsAreRefusedWithTheReasonAndAFinishedRecordingIsSent() throws Exception {
    try (ChildReelway child = sidecar(store.endpoint()).startReady()) {
      HttpCalls http = child.http();
      String live = folder.resolve("live").toRealPath().toString();
      Answer outside = http.post("/hooks/chunk", JSON, "{\"file\":\"/etc/passwd.ts\"}");
      assertThat(outside.status()).isEqualTo(422);
      assertThat(outside.error())
          .isEqualTo(
              "\"/etc/passwd.ts\" is in none of the live folders [" + live
                  + "]; name a file inside one of them, or set reelway.live.folder");
      assertThat(http.post("/hooks/chunk", JSON, "{\"file\":\"../x.m3u8\"}").status()).isEqualTo(422);
      assertThat(http.post("/hooks/chunk", JSON, "{\"file\":\"a/none.ts\"}").status()).as("early").isEqualTo(202);
      assertThat(http.post("/hooks/chunk", "application/x-www-form-urlencoded", "file=a%2Fnone.ts&state=deleted").status())
          .isEqualTo(202);
      assertThat(http.post("/hooks/chunk", "application/x-www-form-urlencoded", "{\"file\":\"a/none.ts\"}").status())
          .as("JSON as curl -d sends it").isEqualTo(202);
      assertThat(http.post("/hooks/srs", JSON, "{\"action\":\"on_hls\",\"cwd\":\"/\",\"file\":\"etc/passwd\"}").error())
          .contains("\"/etc/passwd\" is in none of the live folders");
      assertThat(http.post("/evowebservices", JSON, "<event/>").error()).contains("the body is not JSON");
      assertThat(http.post("/hooks/event", JSON, "{\"event\":\"x\"}").error()).contains("allowed: server-started, stream-started");
      assertThat(http.post("/hooks/event", JSON, "\u00ff{").status()).isEqualTo(422);
      Answer large = http.post("/hooks/chunk", JSON, "{\"file\":\"" + "a/".repeat(4_000_000) + "\"}");
      assertThat(large.status() + large.error())
          .isEqualTo("413the body is longer than 65536 bytes, and no request of ours is");
      assertThat(http.post("/hooks/chunk", JSON, "{\"file\":\"" + "a/".repeat(20_000) + "\"}").error())
          .contains("\"file\" has 40000 characters; at most 8192");
      assertThat(http.get("/hooks/chunk").status()).isEqualTo(405);
      assertThat(http.post("/hooks/chunk", JSON, "{\"file\":\"a/x.ts\"}", "Origin", "http://evil.example").status())
          .isEqualTo(403);
      for (String path : List.of("/evowebservices", "/evowebservices/", "/evowebservices/evowebservices.php")) {
        assertThat(http.post(path, JSON, "{\"type\":\"carrierCreated\"}").status()).as(path).isEqualTo(200);
      }
      assertThat(child.management().get("/observe/metrics").body())
          .contains("reelway_server_events_total{outcome=\"refused\",source=\"json\",type=\"chunk-closed\"} 2.0")
          .contains("reelway_server_events_total{outcome=\"taken\",source=\"ems\",type=\"other\"} 3.0");
      assertThat(store.keys()).isEmpty();
      assertARecordingThatAMediaServerFinishedIsSent(child);
      assertThat(child.err()).doesNotContain("ERROR", "Exception");
    }
  }

  private void assertARecordingThatAMediaServerFinishedIsSent(ChildReelway child) throws Exception {
    Path file = Files.createDirectories(folder.resolve("recordings")).resolve("livestream.1.flv");
    Files.writeString(file, "a recording");
    String body =
        "{\"action\":\"on_dvr\",\"stream\":\"livestream\",\"cwd\":\"" + folder + "\",\"file\":\"./recordings/livestream.1.flv\"}";
    Answer answer = child.http().post("/hooks/srs", JSON, body);
    assertThat(answer.status() + answer.body()).isEqualTo("2000");
    child.await("it is sent", () -> store.has("livestream.1.flv"));
    assertThat(child.http().post("/hooks/srs", JSON, body.replace("livestream.1", "none")).error()).contains("none.flv");
  }
}
