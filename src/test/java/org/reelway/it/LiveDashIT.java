package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.ManifestChecker;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

/** Real packagers' DASH, read from the store all the while: no player meets what is not there (P4). */
class LiveDashIT {
  private static final int SECONDS = 6;

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
        .set("reelway.live.keep", "all")
        .set("reelway.live.gap-after", "1m");
  }

  private Path live(String stream) {
    return folder.resolve("live").resolve(stream);
  }

  private static String key(String stream) {
    return stream + "/manifest.mpd";
  }

  @Test
  void streamsOfEachAddressingAreWholeInTheStoreFromTheirFirstVersionToTheirEnd() throws Exception {
    List<String> streams = List.of("a/timeline", "a/duration", "a/list", "a/single");
    try (ChildReelway child = sidecar(store.endpoint()).startReady();
        ManifestChecker checker =
            ManifestChecker.watch(store, streams.stream().map(LiveDashIT::key).toArray(String[]::new));
        LiveEncoder timeline =
            LiveEncoder.startDash(live("a/timeline"), SECONDS, "-window_size", "5", "-extra_window_size", "1");
        LiveEncoder duration =
            LiveEncoder.startDash(live("a/duration"), SECONDS, "-use_timeline", "0", "-ldash", "1", "-streaming", "1");
        LiveEncoder list =
            LiveEncoder.startDash(live("a/list"), SECONDS, "-use_template", "0", "-use_timeline", "0", "-window_size", "5");
        LiveEncoder single = LiveEncoder.startDash(live("a/single"), SECONDS, "-single_file", "1")) {
      for (LiveEncoder encoder : List.of(timeline, duration, list, single)) {
        assertThat(encoder.awaitEnd()).isZero();
      }
      for (String stream : streams) {
        child.await(stream + " has ended", () -> checker.newest(key(stream)).contains("type=\"static\""));
        child.await(stream + " is kept", () -> store.has(stream + "/manifest-vod.mpd"));
      }
      assertThat(checker.problems()).isEmpty();
      for (String stream : streams) {
        assertThat(checker.versions(key(stream))).as("%s while it was on", stream).hasSizeGreaterThan(1);
        assertThat(checker.newest(key(stream))).as(stream)
            .isEqualTo(Files.readString(live(stream).resolve("manifest.mpd")));
      }
      // ffmpeg reads no list of its own: it takes the start number for an index, and ranges of one file for ever.
      assertWhole("a/timeline", store.bytes("a/timeline/manifest-vod.mpd"));
      assertWhole("a/duration", store.bytes("a/duration/manifest-vod.mpd"));
      assertThat(new String(store.bytes("a/list/manifest-vod.mpd")))
          .contains("chunk-stream0-00001.m4s", "chunk-stream0-0000" + SECONDS + ".m4s");
      assertThat(store.bytes("a/single/manifest-stream0.mp4"))
          .isEqualTo(Files.readAllBytes(live("a/single").resolve("manifest-stream0.mp4")));
      for (String stream : List.of("a/timeline", "a/duration", "a/list")) {
        assertFrames(checker, stream, "0/0", SECONDS * 25);
      }
      assertThat(child.http().get("/live").json().path("playlists").findValuesAsText("state"))
          .containsExactly("ended", "ended", "ended", "ended");
      assertThat(child.management().get("/observe/health").status()).isEqualTo(200);
      assertThat(child.err()).doesNotContain("ERROR");
    }
  }

  @Test
  void aStoreThatFailsAKilledSidecarAndAPackagerThatBeginsAnewCostNoPlayerAnything() throws Exception {
    try (FaultyStore faulty = FaultyStore.before(store.endpoint())) {
      faulty.storm(
          7, 0.3,
          List.of(
              StoreFault.refusal(503, "SlowDown"), StoreFault.reset(), StoreFault.lostAnswer(), StoreFault.flippedByte(),
              StoreFault.refusal(500, "InternalError")),
          request -> request.operation() == Operation.PUT || request.operation() == Operation.HEAD);
      ChildReelway.CommandLine sidecar = sidecar(faulty.endpoint()).set("reelway.store.idle-timeout", "500ms");
      String key = key("b");
      try (ManifestChecker checker = ManifestChecker.watch(store, key);
          LiveEncoder first = LiveEncoder.startDash(live("b"), 60)) {
        try (ChildReelway child = sidecar.startReady()) {
          child.await("some of it is published", () -> checker.segments(key, "0/0").size() > 2);
          child.kill();
        }
        int before = checker.segments(key, "0/0").size();
        try (ChildReelway child = sidecar.startReady()) {
          child.await("it goes on", () -> checker.segments(key, "0/0").size() > before + 2);
          first.kill();
          try (LiveEncoder second = LiveEncoder.startDash(live("b"), 3)) {
            assertThat(second.awaitEnd()).isZero();
            child.await("it has ended", () -> checker.newest(key).contains("type=\"static\""));
          }
          assertThat(faulty.played()).as("faults").isGreaterThan(5);
          assertThat(checker.problems()).isEmpty();
          assertThat(checker.tracks(key)).as(String.join("\n", checker.versions(key))).containsExactly("0/0", "0/1", "r1-0/0", "r1-0/1");
          assertThat(checker.newest(key)).contains("<Period id=\"0\"", "<Period id=\"r1-0\"");
          assertFrames(checker, "b", "0/0", 25 * checker.segments(key, "0/0").size());
          assertFrames(checker, "b", "r1-0/0", 75);
          child.await("all is kept", () -> new String(store.bytes("b/manifest-vod.mpd")).contains("type=\"static\""));
          assertThat(new String(store.bytes("b/manifest-vod.mpd"))).contains("<Period id=\"0\"", "<Period id=\"r1-0\"");
        }
      }
    }
  }

  @Test
  void aMediaServersOwnManifestIsPublishedAsItIs() throws Exception {
    NginxRtmp.assumeInstalled();
    Files.createDirectories(live("c"));
    String key = "c/cam.mpd";
    try (ChildReelway child = sidecar(store.endpoint()).startReady();
        ManifestChecker checker = ManifestChecker.watch(store, key);
        NginxRtmp server =
            NginxRtmp.start(folder.resolve("nginx"), "dash on;", "dash_path " + live("c") + ";", "dash_fragment 1s;",
                "dash_playlist_length 4s;");
        RtmpPublisher publisher = RtmpPublisher.publish(folder, server.rtmp("cam"))) {
      child.await("it is published", () -> checker.segments(key, "dash/cam_H264").size() > 4);
      assertThat(publisher.isAlive()).isTrue();
      publisher.end();
      child.await(
          "the last version is published",
          () -> checker.newest(key).equals(Files.readString(live("c").resolve("cam.mpd"))));
      assertThat(checker.problems()).isEmpty();
      assertThat(store.keys()).noneMatch(name -> name.contains("raw"));
      List<String> segments = checker.segments(key, "dash/cam_H264");
      for (String segment : segments) {
        assertThat(store.bytes("c/" + segment)).as(segment).isEqualTo(Files.readAllBytes(live("c").resolve(segment)));
      }
      assertThat(frames(checker, "c", "cam.mpd", "dash/cam_H264")).isGreaterThan(25 * (segments.size() - 2));
    }
  }

  /** All that a manifest names, read as a player reads it: every frame of the source, and its duration. */
  private void assertWhole(String stream, byte[] manifest) throws Exception {
    Path copy = Files.createDirectories(folder.resolve("read").resolve(stream));
    for (String name : store.keys().stream().filter(each -> each.startsWith(stream + "/")).toList()) {
      Files.write(copy.resolve(name.substring(stream.length() + 1)), store.bytes(name));
    }
    JsonNode probe = probe(Files.write(copy.resolve("whole.mpd"), manifest));
    assertThat(probe.at("/streams/0/nb_read_packets").asInt()).as("frames of %s", stream).isEqualTo(SECONDS * 25);
    assertThat(probe.at("/format/duration").asDouble()).as("duration of %s", stream).isBetween(SECONDS - 0.1, SECONDS + 0.1);
  }

  private void assertFrames(ManifestChecker checker, String stream, String track, int frames) throws Exception {
    assertThat(frames(checker, stream, "manifest.mpd", track)).as("frames of %s", stream).isEqualTo(frames);
  }

  /** All segments that players were ever given of a representation, behind its initialization. */
  private int frames(ManifestChecker checker, String stream, String manifest, String track) throws Exception {
    String key = stream + "/" + manifest;
    Path file = folder.resolve("track.mp4");
    Files.write(file, store.bytes(stream + "/" + checker.initialization(key, track)));
    for (String segment : checker.segments(key, track)) {
      Files.write(file, store.bytes(stream + "/" + segment), StandardOpenOption.APPEND);
    }
    return probe(file).at("/streams/0/nb_read_packets").asInt();
  }

  private JsonNode probe(Path media) throws Exception {
    Path said = folder.resolve("probe.json");
    Process probe =
        new ProcessBuilder(
                LiveEncoder.PROGRAMS.ffprobe().toString(), "-v", "fatal", "-select_streams", "v:0", "-count_packets",
                "-show_entries", "stream=nb_read_packets:format=duration", "-of", "json", media.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = probe.waitFor(60, TimeUnit.SECONDS);
    probe.destroyForcibly();
    assertThat(ended).as("ffprobe ends").isTrue();
    assertThat(probe.exitValue()).as(Files.readString(said)).isZero();
    return JsonMapper.builder().build().readTree(said.toFile());
  }
}
