package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;
import static org.reelway.live.LiveFixture.playlist;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

/** One stream waits, the others do not: shown by what happens first. */
class LiveFairnessTest {
  private static final String BASE = "on/air/news/cam1/";
  private static final String LIST = BASE + "x.m3u8";

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

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void hugeChunksThatAreOnTheirWayHoldUpNoOtherStream() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    Set<String> underWay = ConcurrentHashMap.newKeySet();
    AtomicInteger beforeTheOther = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    try (FaultyStore slow = FaultyStore.before(store.endpoint());
        LiveFixture live = new LiveFixture(temp, slow.endpoint())) {
      slow.onRequest(
          request -> {
            if (request.operation() == Operation.PUT && request.target().contains("huge")) {
              underWay.add(request.key());
              begun.countDown();
              await(release);
            } else if (request.operation() == Operation.PUT && request.key().equals(BASE + "a0.ts")) {
              beforeTheOther.set(underWay.size());
            }
          });
      String[] huge = IntStream.range(0, 20).mapToObj(i -> "huge" + i + ".ts").toArray(String[]::new);
      for (String name : huge) {
        live.write("big/cam/" + name, name.repeat(20_000));
      }
      live.write("big/cam/x.m3u8", playlist(0, huge));
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      StringBuilder names = new StringBuilder();
      for (int i = 0; i < 5; i++) {
        names.append(names.isEmpty() ? "" : ",").append("a").append(i).append(".ts");
        live.write("news/cam1/a" + i + ".ts", "chunk " + i);
        String list = playlist(0, names.toString().split(","));
        live.write("news/cam1/x.m3u8", list);
        eventually("the other stream goes on", () -> text(LIST).equals(list));
      }
      assertThat(beforeTheOther.get()).as("a quarter of eight workers").isEqualTo(2);
      assertThat(store.has("on/air/big/cam/x.m3u8")).as("the huge ones are still on their way").isFalse();
      release.countDown();
      eventually("the huge ones come too", () -> text("on/air/big/cam/x.m3u8").equals(playlist(0, huge)));
    } finally {
      release.countDown();
    }
  }

  /** A stream's share is a quarter of the workers; as many bad streams as there are workers leave none, but each fails. */
  @Test
  void aStoreThatRefusesOneStreamsPlaylistsAndChunksDelaysNoOther() {
    try (FaultyStore partial = FaultyStore.before(store.endpoint());
        LiveFixture live = new LiveFixture(temp, partial.endpoint())) {
      partial.direct(request -> request.target().contains("/bad") ? StoreFault.refusal(503, "SlowDown") : null);
      for (int stream = 0; stream < 12; stream++) {
        live.write("bad" + stream + "/cam/b0.ts", "bad");
        live.write("bad" + stream + "/cam/x.m3u8", playlist(0, "b0.ts"));
      }
      eventually("all are refused", () -> live.events(LiveEvent.Kind.RETRY) >= 12);
      for (int i = 0; i < 5; i++) {
        live.write("news/cam1/a" + i + ".ts", "chunk " + i);
        String list = playlist(i, "a" + i + ".ts");
        live.write("news/cam1/x.m3u8", list);
        eventually("the good one goes on", () -> text(LIST).equals(list));
      }
      assertThat(store.keys()).noneMatch(key -> key.contains("bad"));
      partial.direct(request -> null);
      eventually("all come", () -> store.keys().stream().filter(key -> key.endsWith("/cam/x.m3u8")).count() == 12);
    }
  }
}
