package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.Ffprobe;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.PlaylistChecker;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** A real packager's streams, read from the store all the while: no player meets what is not there (P4). */
class LiveIT {
  private static final int SECONDS = 8;
  private static final Pattern MAP = Pattern.compile("#EXT-X-MAP:URI=\"([^\"]*)\"");

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
        .set("reelway.live.prefix", "on air")
        .set("reelway.live.gap-after", "5s");
  }

  private Path live(String stream) {
    return folder.resolve("live").resolve(stream);
  }

  private static String key(String stream) {
    return "on air/" + stream + "/playlist.m3u8";
  }

  @Test
  void streamsOfTsAndFragmentedMp4AreWholeInTheStoreFromTheirFirstVersionToTheirEnd() throws Exception {
    try (ChildReelway child = sidecar(store.endpoint()).startReady();
        PlaylistChecker checker = PlaylistChecker.watch(store, key("a/ts"), key("a/fmp4"), "on air/a/master.m3u8");
        LiveEncoder ts = LiveEncoder.start(live("a/ts"), SECONDS, "-hls_playlist_type", "event");
        LiveEncoder fmp4 =
            LiveEncoder.start(
                live("a/fmp4"), SECONDS, "-hls_segment_type", "fmp4", "-hls_list_size", "6",
                "-hls_flags", "delete_segments+program_date_time")) {
      Files.writeString(
          live("a/master.m3u8"),
          "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\nts/playlist.m3u8\n"
              + "#EXT-X-STREAM-INF:BANDWIDTH=200000\nfmp4/playlist.m3u8\n");
      assertThat(ts.awaitEnd()).isZero();
      assertThat(fmp4.awaitEnd()).isZero();
      awaitEnd(child, checker, "a/ts");
      awaitEnd(child, checker, "a/fmp4");
      child.await("the master is there", () -> !checker.newest("on air/a/master.m3u8").isEmpty());

      assertThat(checker.problems()).isEmpty();
      assertThat(checker.versions(key("a/ts"))).as("while the stream was on").hasSizeGreaterThan(3);
      assertThat(checker.newest(key("a/ts"))).isEqualTo(Files.readString(live("a/ts").resolve("playlist.m3u8")));
      assertThat(checker.newest(key("a/fmp4"))).isEqualTo(Files.readString(live("a/fmp4").resolve("playlist.m3u8")));
      assertWhole(checker, "a/ts", SECONDS * 25);
      assertWhole(checker, "a/fmp4", SECONDS * 25);
      assertHeaders();
      JsonNode playlists = child.http().get("/live").json().path("playlists");
      assertThat(playlists.findValuesAsText("state")).containsExactly("ended", "live", "ended");
      assertThat(child.management().get("/observe/jolokia/read/org.reelway:type=LivePlaylist,*").body())
          .contains("a/fmp4/playlist.m3u8", "\"State\":\"ended\"", "\"Gaps\":0");
      String metrics = child.management().get("/observe/metrics").body();
      assertThat(metrics).contains("reelway_live_chunk_delay_seconds_bucket", "reelway_live_behind_seconds 0.0");
      assertThat(child.management().get("/observe/health").status()).isEqualTo(200);
      assertThat(child.err()).doesNotContain("ERROR");
    }
  }

  private void assertHeaders() {
    HeadObjectResponse playlist = head(key("a/ts"));
    assertThat(playlist.contentType()).isEqualTo("application/vnd.apple.mpegurl");
    assertThat(playlist.cacheControl()).isEqualTo("no-cache");
    HeadObjectResponse chunk = head("on air/a/ts/playlist0.ts");
    assertThat(chunk.contentType()).isEqualTo("video/mp2t");
    assertThat(chunk.cacheControl()).isEqualTo("public, max-age=31536000, immutable");
    assertThat(head("on air/a/fmp4/playlist0.m4s").contentType()).isEqualTo("video/iso.segment");
    assertThat(head("on air/a/fmp4/init.mp4").contentType()).isEqualTo("video/mp4");
  }

  private HeadObjectResponse head(String key) {
    return store.client().headObject(head -> head.bucket(TestStore.BUCKET).key(key));
  }

  @Test
  void aKilledSidecarAndAnEncoderThatBeginsAnewCostNoPlayerAnything() throws Exception {
    String[] hls = {"-hls_segment_type", "fmp4", "-hls_list_size", "4", "-hls_flags", "delete_segments",
        "-hls_delete_threshold", "30"};
    ChildReelway.CommandLine sidecar = sidecar(store.endpoint());
    try (PlaylistChecker checker = PlaylistChecker.watch(store, key("b"));
        LiveEncoder first = LiveEncoder.start(live("b"), 60, hls)) {
      try (ChildReelway child = sidecar.startReady()) {
        child.await("some of it is published", () -> checker.segments(key("b")).size() > 2);
        child.kill();
      }
      int before = checker.segments(key("b")).size();
      try (ChildReelway child = sidecar.startReady()) {
        child.await("it goes on", () -> checker.segments(key("b")).size() > before + 2);
        first.kill();
        long last = checker.segments(key("b")).lastKey();
        try (LiveEncoder second = LiveEncoder.start(live("b"), 3, hls)) {
          assertThat(second.awaitEnd()).isZero();
          awaitEnd(child, checker, "b");
        }
        assertThat(checker.problems()).isEmpty();
        assertThat(checker.segments(key("b")).lastKey()).isGreaterThanOrEqualTo(last + 3);
        assertThat(checker.newest(key("b"))).contains("#EXT-X-DISCONTINUITY\n");
        assertThat(checker.segments(key("b")).values()).noneMatch(uri -> uri.startsWith("gap"));
        assertEachIsWhole(checker, "b");
      }
    }
  }

  @Test
  void aStoreThatFailsAtRandomDelaysAndNothingElse() throws Exception {
    try (FaultyStore faulty = FaultyStore.before(store.endpoint())) {
      ChildReelway.CommandLine sidecar =
          sidecar(faulty.endpoint()).set("reelway.store.idle-timeout", "500ms").set("reelway.live.gap-after", "1m");
      try (ChildReelway child = sidecar.startReady();
          PlaylistChecker checker = PlaylistChecker.watch(store, key("c"))) {
        faulty.storm(
            7, 0.3,
            List.of(
                StoreFault.refusal(503, "SlowDown"), StoreFault.reset(), StoreFault.lostAnswer(), StoreFault.silence(),
                StoreFault.flippedByte(), StoreFault.refusal(500, "InternalError")),
            request -> request.operation() == Operation.PUT || request.operation() == Operation.HEAD);
        try (LiveEncoder encoder = LiveEncoder.start(live("c"), SECONDS, "-hls_list_size", "0")) {
          assertThat(encoder.awaitEnd()).isZero();
          awaitEnd(child, checker, "c");
        }
        assertThat(faulty.played()).as("faults").isGreaterThan(5);
        assertThat(checker.problems()).isEmpty();
        assertThat(checker.segments(key("c")).values()).noneMatch(uri -> uri.startsWith("gap"));
        assertWhole(checker, "c", SECONDS * 25);
        assertThat(child.management().get("/observe/metrics").body())
            .containsPattern("reelway_live_events_total\\{what=\"retry\"\\} [1-9]");
      }
    }
  }

  private static void awaitEnd(ChildReelway child, PlaylistChecker checker, String stream) {
    child.await(stream + " has ended", () -> checker.newest(key(stream)).contains("#EXT-X-ENDLIST"));
  }

  /** All that players were ever given, as one stream: every frame of the source, and its duration. */
  private void assertWhole(PlaylistChecker checker, String stream, int frames) throws Exception {
    Path copy = Files.createDirectories(folder.resolve("read").resolve(stream));
    List<String> lines = new ArrayList<>(List.of("#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:10"));
    String base = "on air/" + stream + "/";
    String map = null;
    long next = checker.segments(key(stream)).firstKey();
    for (var segment : checker.segments(key(stream)).entrySet()) {
      assertThat(segment.getKey()).as("no number is left out").isEqualTo(next++);
      String ownMap = mapOf(checker, stream, segment.getValue());
      if (ownMap != null && !ownMap.equals(map)) {
        if (map != null) {
          lines.add("#EXT-X-DISCONTINUITY");
        }
        Files.write(copy.resolve(ownMap), store.bytes(base + ownMap));
        lines.add("#EXT-X-MAP:URI=\"" + ownMap + "\"");
        map = ownMap;
      }
      Files.write(copy.resolve(segment.getValue()), store.bytes(base + segment.getValue()));
      lines.addAll(List.of(durationOf(checker, stream, segment.getValue()), segment.getValue()));
    }
    lines.add("#EXT-X-ENDLIST");
    Path playlist = Files.write(copy.resolve("whole.m3u8"), lines);
    JsonNode probe = Ffprobe.of(playlist);
    assertThat(probe.at("/streams/0/nb_read_packets").asInt()).as("frames").isEqualTo(frames);
    assertThat(probe.at("/format/duration").asDouble()).isBetween(frames / 25.0 - 0.1, frames / 25.0 + 0.1);
  }

  /** Each chunk can be decoded with the init segment that its playlist names for it. */
  private void assertEachIsWhole(PlaylistChecker checker, String stream) throws Exception {
    String base = "on air/" + stream + "/";
    for (var segment : checker.segments(key(stream)).entrySet()) {
      Path file = folder.resolve("segment.mp4");
      Files.write(file, store.bytes(base + mapOf(checker, stream, segment.getValue())));
      Files.write(file, store.bytes(base + segment.getValue()), java.nio.file.StandardOpenOption.APPEND);
      assertThat(Ffprobe.of(file).at("/streams/0/nb_read_packets").asInt()).as("frames of %s", segment).isEqualTo(25);
    }
  }

  /** The tag that players were given with the chunk. */
  private static String durationOf(PlaylistChecker checker, String stream, String uri) {
    for (String version : checker.versions(key(stream))) {
      String duration = null;
      for (String line : version.split("\n")) {
        duration = line.startsWith("#EXTINF") ? line : duration;
        if (line.equals(uri)) {
          return duration;
        }
      }
    }
    throw new AssertionError(uri);
  }

  private static String mapOf(PlaylistChecker checker, String stream, String uri) {
    for (String version : checker.versions(key(stream))) {
      String map = null;
      for (String line : version.split("\n")) {
        Matcher matcher = MAP.matcher(line);
        map = matcher.find() ? matcher.group(1) : map;
        if (line.equals(uri)) {
          return map;
        }
      }
    }
    return null;
  }
}
