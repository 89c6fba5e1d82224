package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.Ffprobe;
import org.reelway.testkit.HdsBootstrap;
import org.reelway.testkit.HdsChecker;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** HDS of a real packager, read from the store all the while: no player meets what is not there (P4). */
class LiveHdsIT {
  private static final int SECONDS = 7;
  private static final String STREAM = "on air/news/cam/";

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

  private ChildReelway.CommandLine sidecar(URI endpoint) {
    return ChildReelway.sidecar(folder, endpoint)
        .set("reelway.live.folder", folder.resolve("live"))
        .set("reelway.live.prefix", "on air")
        .set("reelway.live.keep", "all");
  }

  private Path live() {
    return folder.resolve("live/news/cam");
  }

  private HdsChecker checker() {
    return HdsChecker.watch(store, STREAM + "index.f4m", STREAM + "stream0.abst", STREAM + "stream0");
  }

  @Test
  void aStreamIsWholeInTheStoreFromItsFirstVersionToItsEndAndAsARecording() throws Exception {
    try (ChildReelway child = sidecar(store.endpoint()).startReady();
        HdsChecker checker = checker();
        LiveEncoder encoder = LiveEncoder.hds(live(), SECONDS, "-window_size", "3", "-extra_window_size", "2")) {
      assertThat(encoder.awaitEnd()).isZero();
      child.await("it has ended", () -> checker.manifest().contains(">recorded<") && store.has(STREAM + "index-vod.f4m"));

      assertThat(checker.problems()).isEmpty();
      assertThat(checker.versions()).as("while the stream was on").hasSizeGreaterThan(3);
      assertThat(checker.manifest()).isEqualTo(Files.readString(live().resolve("index.f4m")));
      assertThat(checker.newest().bytes()).isEqualTo(Files.readAllBytes(live().resolve("stream0.abst")));
      assertWhole(checker, SECONDS * 25, 1, checker.fragments().lastKey());
      HdsBootstrap complete = HdsBootstrap.parse(store.bytes(STREAM + "stream0-vod.abst"));
      assertThat(complete.live()).isFalse();
      assertThat(complete.fragments()).isEqualTo(checker.fragments());
      assertThat(new String(store.bytes(STREAM + "index-vod.f4m")))
          .isEqualTo(checker.manifest().replace("stream0.abst", "stream0-vod.abst"));
      assertHeaders();
      JsonNode playlists = child.http().get("/live").json().path("playlists");
      assertThat(playlists.findValuesAsText("state")).containsExactly("ended", "ended");
      assertThat(child.management().get("/observe/health").status()).isEqualTo(200);
      assertThat(child.err()).doesNotContain("ERROR");
    }
  }

  private void assertHeaders() {
    Map<String, String> types = Map.of(
        "index.f4m", "application/f4m+xml", "stream0.abst", "video/abst", "stream0Seg1-Frag1", "video/f4f");
    types.forEach((name, type) -> assertThat(head(name).contentType()).as(name).isEqualTo(type));
    assertThat(head("stream0.abst").cacheControl()).isEqualTo("no-cache");
    assertThat(head("stream0Seg1-Frag1").cacheControl()).isEqualTo("public, max-age=31536000, immutable");
  }

  private HeadObjectResponse head(String name) {
    return store.client().headObject(head -> head.bucket(TestStore.BUCKET).key(STREAM + name));
  }

  @Test
  void faultsAKilledSidecarAndAPackagerThatBeginsAnewCostNoPlayerAnything() throws Exception {
    try (FaultyStore faulty = FaultyStore.before(store.endpoint());
        HdsChecker checker = checker()) {
      ChildReelway.CommandLine sidecar =
          sidecar(faulty.endpoint()).set("reelway.store.idle-timeout", "500ms").set("reelway.live.gap-after", "1m");
      LiveEncoder first;
      try (ChildReelway child = sidecar.startReady()) {
        first = LiveEncoder.hds(live(), 120);
        faulty.storm(
            11, 0.3,
            List.of(
                StoreFault.refusal(503, "SlowDown"), StoreFault.reset(), StoreFault.lostAnswer(), StoreFault.silence(),
                StoreFault.flippedByte(), StoreFault.refusal(500, "InternalError")),
            request -> request.operation() == Operation.PUT || request.operation() == Operation.HEAD);
        child.await("some of it is published", () -> checker.fragments().size() > 2);
        child.kill();
      }
      long before = checker.fragments().lastKey();
      try (first; ChildReelway child = sidecar.startReady()) {
        child.await("it goes on", () -> checker.fragments().lastKey() > before + 2);
        first.kill();
        try (LiveEncoder second = LiveEncoder.hds(live(), 4)) {
          assertThat(second.awaitEnd()).isZero();
          child.await("it has ended", () -> checker.manifest().contains(">recorded<"));
        }
        assertThat(faulty.played()).as("faults").isGreaterThan(5);
        assertThat(checker.problems()).isEmpty();
        long last = checker.fragments().lastKey();
        long begin = runOf(checker);
        assertThat(begin).as("higher numbers").isGreaterThan(before);
        assertWhole(checker, 4 * 25, begin, last);
        long end = checker.fragments().headMap(begin).lastKey();
        assertThat(checker.fragments().headMap(begin)).as("none is left out").hasSize((int) end);
        assertThat(Ffprobe.of(flv(checker, 1, end)).at("/streams/0/nb_read_packets").asLong()).isEqualTo(25 * end);
      }
    }
  }

  /** The first fragment of the packager's newest run, whose times begin anew. */
  private static long runOf(HdsChecker checker) {
    return checker.versions().stream()
        .flatMap(version -> version.entries().stream())
        .filter(entry -> entry[2] > 0 && entry[1] == 0)
        .mapToLong(entry -> entry[0])
        .max()
        .orElseThrow();
  }

  private void assertWhole(HdsChecker checker, int frames, long from, long to) throws Exception {
    JsonNode probe = Ffprobe.of(flv(checker, from, to));
    assertThat(probe.at("/streams/0/nb_read_packets").asInt()).as("frames").isEqualTo(frames);
    double duration = probe.at("/format/duration").asDouble();
    assertThat(duration).isBetween(frames / 25.0 - 0.1, frames / 25.0 + 0.1);
  }

  /** All that players were ever given, as one file. */
  private Path flv(HdsChecker checker, long from, long to) throws Exception {
    return Files.write(folder.resolve("read.flv"), checker.flv(from, to));
  }
}
