package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.PlaylistChecker;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

/** SIGTERM, and encoders that begin anew on a bad network. */
class LiveStopIT {
  private static final int BY_SIGTERM = 143;

  @TempDir Path folder;

  private ChildReelway.CommandLine sidecar(URI endpoint) {
    return ChildReelway.sidecar(folder, endpoint).set("reelway.live.folder", folder.resolve("live"));
  }

  @Test
  void aStopFinishesTheChunkUnderWayAndThePlaylistThatItCompletes() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (TestStore store = TestStore.start(folder.resolve("store"));
        FaultyStore slow = FaultyStore.before(store.endpoint())) {
      slow.onRequest(
          request -> {
            if (request.operation() == Operation.PUT && request.key().endsWith("a0.ts")) {
              begun.countDown();
              await(release);
            }
          });
      Path stream = Files.createDirectories(folder.resolve("live/cam1"));
      String list = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\na0.ts\n";
      Files.writeString(stream.resolve("a0.ts"), "zero");
      Files.writeString(stream.resolve("x.m3u8"), list);
      try (ChildReelway child = sidecar(slow.endpoint()).startReady()) {
        child.await("the chunk is under way", () -> begun.getCount() == 0);
        child.terminate();
        child.awaitLog("stopping: ");
        release.countDown();
        assertThat(child.awaitExit()).isEqualTo(BY_SIGTERM);
        assertThat(child.err()).contains("stopped").doesNotContain("ERROR", "WARN", "Exception");
      }
      assertThat(store.keys()).containsExactlyInAnyOrder("cam1/a0.ts", "cam1/x.m3u8");
      assertThat(new String(store.bytes("cam1/x.m3u8"), StandardCharsets.UTF_8)).isEqualTo(list);
    } finally {
      release.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anEncoderThatBeginsAnewOnABadNetworkCostsPlayersNothing() throws Exception {
    String[] hls = {"-hls_list_size", "5", "-hls_flags", "delete_segments", "-hls_delete_threshold", "60"};
    String key = "b/playlist.m3u8";
    try (TestStore store = TestStore.start(folder.resolve("store"));
        FaultyStore faulty = FaultyStore.before(store.endpoint())) {
      var sidecar =
          sidecar(faulty.endpoint()).set("reelway.store.idle-timeout", "500ms").set("reelway.live.gap-after", "1m");
      try (ChildReelway child = sidecar.startReady();
          PlaylistChecker checker = PlaylistChecker.watch(store, key)) {
        faulty.storm(
            11, 0.3,
            java.util.List.of(
                StoreFault.refusal(503, "SlowDown"), StoreFault.reset(), StoreFault.lostAnswer(), StoreFault.silence(),
                StoreFault.flippedByte()),
            request -> request.operation() == Operation.PUT || request.operation() == Operation.HEAD);
        Path live = folder.resolve("live").resolve("b");
        try (LiveEncoder first = LiveEncoder.start(live, 60, hls)) {
          child.await("some of it is published", () -> checker.segments(key).size() > 3);
          first.kill();
        }
        try (LiveEncoder second = LiveEncoder.start(live, 5, hls)) {
          assertThat(second.awaitEnd()).isZero();
          child.await("it has ended", () -> checker.newest(key).contains("#EXT-X-ENDLIST"));
        }
        assertThat(faulty.played()).as("faults").isGreaterThan(5);
        assertThat(checker.problems()).isEmpty();
        assertThat(checker.newest(key)).contains("#EXT-X-DISCONTINUITY");
        assertThat(checker.segments(key).values()).noneMatch(uri -> uri.startsWith("gap"));
        assertThat(child.err()).doesNotContain("ERROR");
      }
    }
  }
}
