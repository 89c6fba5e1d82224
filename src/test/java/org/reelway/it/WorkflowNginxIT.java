package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** A stream's whole life where publishers send to nginx-rtmp: its hook asks for keys, and two ingests stand in for each other. */
class WorkflowNginxIT {
  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void start() {
    NginxRtmp.assumeInstalled();
    store = TestStore.start(folder.resolve("store"));
  }

  @AfterEach
  void stop() {
    if (store != null) {
      store.close();
    }
  }

  private static JsonNode done(HttpCalls.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private String text(String key) {
    return store.has(key) ? new String(store.bytes(key), StandardCharsets.UTF_8) : "";
  }

  private static long segments(String playlist) {
    return playlist.lines().filter(line -> line.startsWith("#EXTINF")).count();
  }

  /** By what these servers ask, for the stream's key, and for a stream that is none of the workflow's. */
  private static void assertThatMediaMtxAndSrsAreTold(HttpCalls http, String address, int status) {
    String key = address.substring(address.lastIndexOf('/') + 1);
    String mediaMtx = "{\"action\":\"publish\",\"protocol\":\"rtmp\",\"ip\":\"192.0.2.7\",\"path\":\"%s\"}";
    assertThat(http.post("/hooks/mediamtx-auth", "application/json", mediaMtx.formatted("live/" + key)).status()).isEqualTo(status);
    assertThat(http.post("/hooks/mediamtx-auth", "application/json", mediaMtx.formatted("other/cam")).status()).isEqualTo(200);
    assertThat(http.post("/hooks/mediamtx-auth", "application/json", "no JSON").status()).isEqualTo(422);
    String srs = "{\"action\":\"on_publish\",\"client_id\":\"1\",\"ip\":\"192.0.2.7\",\"vhost\":\"__defaultVhost__\",\"app\":\"%s\",\"stream\":\"%s\"}";
    assertThat(http.post("/hooks/srs", "application/json", srs.formatted("live", key)).status()).isEqualTo(status);
    assertThat(http.post("/hooks/srs", "application/json", srs.formatted("other", "cam")).status()).isEqualTo(200);
  }

  @Test
  void aStreamIsPublishedTwiceWatchedAndArchivedWhole() throws Exception {
    NginxRtmp nginx = NginxRtmp.at(folder.resolve("nginx"));
    try (nginx;
        ChildReelway child = ChildReelway.sidecar(folder, store.endpoint())
            .set("reelway.workflow.ingest", "rtmp://" + nginx.address() + "/live").set("reelway.workflow.segment", "1s")
            .set("reelway.servers.api", "nginx=nginx-rtmp:" + nginx.http().resolve("/stat")).startReady()) {
      HttpCalls http = child.http();
      nginx.start("on_publish " + http.server().resolve("/hooks/nginx-rtmp") + ";",
          "on_publish_done " + http.server().resolve("/hooks/nginx-rtmp") + ";");
      JsonNode made = done(http.post("/streams", "application/json", "{\"name\":\"cam\",\"description\":\"\",\"segment_length\":2}"));
      String id = made.path("id").asText();
      String first = made.path("rtmp1").asText();
      String second = made.path("rtmp2").asText();
      assertThat(first).startsWith("rtmp://" + nginx.address() + "/live/");
      for (String wrong : List.of(first, nginx.rtmp("anything"))) {
        try (RtmpPublisher publisher = RtmpPublisher.publish(folder, wrong)) {
          Awaitility.await("before the start, and without a key, nobody is taken").until(() -> !publisher.isAlive());
        }
      }
      assertThatMediaMtxAndSrsAreTold(http, first, 403);
      JsonNode started = done(http.post("/streams/" + id + "/start", "application/json", "{}"));
      done(http.post("/streams/" + id + "/live", "application/json", "{}"));
      assertThatMediaMtxAndSrsAreTold(http, first, 200);
      String index = "viewer/live/" + id + "/index.m3u8";
      try (RtmpPublisher one = RtmpPublisher.publish(folder, first)) {
        child.await("the first one is taken", () -> segments(text(index)) >= 1);
        try (RtmpPublisher two = RtmpPublisher.publish(folder, second)) {
          child.await("it is public", () -> segments(text(index)) >= 4 && nginx.published().size() == 2);
          assertThat(http.get("/streams/registry").body() + http.get("/relays").body())
              .doesNotContain(first.substring(first.lastIndexOf('/') + 1));
          Ffmpeg.run(List.of("-v", "error", "-i", made.path("viewer_endpoint_cloudfront").asText(), "-t", "2", "-f", "null", "-"));
          one.kill();
          long before = segments(text(index));
          long gone = System.nanoTime();
          child.await("the other one goes on", () -> segments(text(index)) > before + 2);
          assertThat(System.nanoTime() - gone).as("seconds until it does, with two segments").isLessThan(10_000_000_000L);
        }
      }
      done(http.delete("/streams/" + id + "/live"));
      assertThat(text(index)).isEmpty();
      done(http.post("/streams/" + id + "/stop", "application/json", "{}"));
      child.await("it is stopped", () -> http.get("/streams/" + id).json().path("state").asText().equals("stopped"));
      String archive = started.path("archives_path").path(started.path("current_session_id").asText()).asText()
          .substring(("s3://" + TestStore.BUCKET + "/").length());
      assertThat(text(archive + "index.m3u8")).endsWith("#EXT-X-ENDLIST\n").containsOnlyOnce("#EXT-X-DISCONTINUITY\n");
      done(http.delete("/streams/" + id));
      child.await("only the archive is left", () -> store.keys().stream().allMatch(key -> key.startsWith(archive)));
      String log = child.err();
      assertThat(log).doesNotContain("ERROR").doesNotContain(first.substring(first.lastIndexOf('/') + 1))
          .contains("has no key of a started stream and is refused");
      assertThat(Files.readString(folder.resolve("nginx/logs/error.log"))).isNotEmpty();
    }
  }
}
