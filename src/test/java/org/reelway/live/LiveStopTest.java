package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;
import static org.reelway.live.LiveFixture.playlist;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

/** A stop leaves no playlist behind its chunks. */
class LiveStopTest {
  private static final String BASE = "on/air/news/cam1/";

  @TempDir Path temp;
  private TestStore store;

  @BeforeEach
  void start() {
    store = TestStore.start(temp.resolve("store"));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private String text(String key) {
    return store.has(key) ? new String(store.bytes(key), StandardCharsets.UTF_8) : "";
  }

  @Test
  void chunksUnderWayAreFinishedWithTheirPlaylistsAndNoneIsBegun() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    try (FaultyStore slow = FaultyStore.before(store.endpoint());
        LiveFixture live = new LiveFixture(temp, slow.endpoint())) {
      slow.onRequest(
          request -> {
            if (request.operation() == Operation.PUT && request.target().contains(".ts")) {
              begun.countDown();
              await(release);
            }
          });
      live.write("news/master.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ncam1/x.m3u8\n");
      for (int i = 0; i < 4; i++) {
        live.write("news/cam1/a" + i + ".ts", "chunk " + i);
      }
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts", "a2.ts", "a3.ts"));
      assertThat(begun.await(30, TimeUnit.SECONDS)).as("a stream's share of the workers is busy").isTrue();

      live.publisher.drain();
      Thread stopping = new Thread(() -> live.publisher.stop(Duration.ofSeconds(60)));
      stopping.start();
      eventually("it waits for them", () -> stopping.getState() == Thread.State.TIMED_WAITING);
      release.countDown();
      stopping.join(30_000);

      assertThat(stopping.isAlive()).isFalse();
      assertThat(store.keys()).containsExactlyInAnyOrder(
          BASE + "a0.ts", BASE + "a1.ts", BASE + "x.m3u8", "on/air/news/master.m3u8");
      assertThat(text(BASE + "x.m3u8")).isEqualTo(playlist(0, "a0.ts", "a1.ts"));
    } finally {
      release.countDown();
    }
  }

  @Test
  void aStoreThatIsSilentHoldsUpAStopNoLongerThanItMay() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (FaultyStore silent = FaultyStore.before(store.endpoint());
        LiveFixture live = new LiveFixture(temp, silent.endpoint())) {
      silent.onRequest(
          request -> {
            if (request.operation() == Operation.PUT) {
              begun.countDown();
              await(release);
            }
          });
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

      live.publisher.stop(Duration.ofMillis(200));
      assertThat(release.getCount()).as("it ended while the store said nothing").isEqualTo(1);
      assertThat(store.keys()).isEmpty();
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
}
