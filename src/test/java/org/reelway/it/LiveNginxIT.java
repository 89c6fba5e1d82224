package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Ffprobe;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.PlaylistChecker;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** What nginx-rtmp makes of a real encoder's stream, read from the store all the while (P4). */
class LiveNginxIT {
  private static final String STREAM = "on air/hls/cam/";

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

  @Test
  void aStreamIsWholeInTheStoreAlsoWhereItsEncoderComesBack() throws Exception {
    Path live = folder.resolve("live");
    Path recorded = Files.createDirectories(folder.resolve("recorded"));
    try (ChildReelway child =
            ChildReelway.sidecar(folder, store.endpoint())
                .set("reelway.live.folder", live)
                .set("reelway.live.prefix", "on air")
                .startReady();
        NginxRtmp nginx =
            NginxRtmp.start(
                folder.resolve("nginx"), "hls on;", "hls_path " + live + "/hls;", "hls_nested on;", "hls_fragment 1s;",
                "hls_playlist_length 1m;",
                // The harder case: numbers begin again at 0, and names are used again.
                "hls_continuous off;", "record all;", "record_path " + recorded + ";", "record_suffix -%s.flv;");
        PlaylistChecker checker = PlaylistChecker.watch(store, STREAM + "index.m3u8")) {
      Path playlist = live.resolve("hls/cam/index.m3u8");
      publish(nginx, 6);
      child.await("all is published", () -> checker.newest(STREAM + "index.m3u8").equals(read(playlist)));
      long last = checker.segments(STREAM + "index.m3u8").lastKey();
      assertThat(checker.versions(STREAM + "index.m3u8")).as("while the stream was on").hasSizeGreaterThan(1);

      publish(nginx, 4);
      child.await(
          "all of the second run is published",
          () -> checker.segments(STREAM + "index.m3u8").tailMap(last + 1).size() == segments(read(playlist)));

      assertThat(checker.problems()).isEmpty();
      assertThat(checker.newest(STREAM + "index.m3u8")).contains("#EXT-X-DISCONTINUITY\n");
      List<Path> source = recordings(recorded);
      assertThat(source).hasSize(2);
      assertSame(source.get(0), checker.segments(STREAM + "index.m3u8").headMap(last + 1).values());
      assertSame(source.get(1), checker.segments(STREAM + "index.m3u8").tailMap(last + 1).values());
      assertThat(child.err()).doesNotContain("ERROR");
    }
  }

  /** Until the encoder has ended by itself. */
  private void publish(NginxRtmp nginx, int seconds) {
    try (RtmpPublisher encoder =
        RtmpPublisher.publish(folder, nginx.rtmp("cam"), "-t", Integer.toString(seconds))) {
      org.awaitility.Awaitility.await("the encoder ends").atMost(java.time.Duration.ofSeconds(60))
          .until(() -> !encoder.isAlive() && nginx.published().isEmpty());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long segments(String playlist) {
    return playlist.lines().filter(line -> line.startsWith("#EXTINF")).count();
  }

  /** What nginx received, in the order of time. */
  private static List<Path> recordings(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private void assertSame(Path source, Collection<String> uris) throws IOException {
    Path whole = Files.write(folder.resolve("whole.ts"), new byte[0]);
    for (String uri : uris) {
      Files.write(whole, store.bytes(STREAM + uri), StandardOpenOption.APPEND);
    }
    JsonNode expected = Ffprobe.of(source);
    JsonNode found = Ffprobe.of(whole);
    assertThat(found.at("/streams/0/nb_read_packets")).as("frames").isEqualTo(expected.at("/streams/0/nb_read_packets"));
    assertThat(found.at("/streams/0/nb_read_packets").asInt()).isGreaterThan(75);
    double seconds = expected.at("/format/duration").asDouble();
    assertThat(found.at("/format/duration").asDouble()).isBetween(seconds - 0.15, seconds + 0.15);
  }
}
