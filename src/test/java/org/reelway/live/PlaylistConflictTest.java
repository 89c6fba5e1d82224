package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;
import static org.reelway.live.LiveFixture.playlist;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.PlaylistChecker;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreHabit;
import org.reelway.testkit.StoreRequest;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

/** A newer playlist is never replaced by an older one, whoever sent that, and however late it comes. */
class PlaylistConflictTest {
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

  private static boolean isPlaylistPut(StoreRequest request) {
    return request.operation() == Operation.PUT && request.target().contains(".m3u8");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aPutThatTheNetworkHeldNeverTakesThePlaceOfANewerOne() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<String> answer = new CompletableFuture<>();
    AtomicBoolean hold = new AtomicBoolean();
    try (FaultyStore network = FaultyStore.before(store.endpoint())) {
      network.direct(
          request -> isPlaylistPut(request) && hold.compareAndSet(true, false)
              ? StoreFault.held(() -> await(release), answer::complete) : null);
      try (LiveFixture live = new LiveFixture(temp, network.endpoint())) {
        live.write("news/cam1/a0.ts", "zero");
        live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
        eventually("it is published", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts")));
        hold.set(true);
        live.write("news/cam1/a1.ts", "one");
        live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts"));
        eventually("it is sent again", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts", "a1.ts")));
        live.write("news/cam1/a2.ts", "two");
        String newest = playlist(0, "a0.ts", "a1.ts", "a2.ts");
        live.write("news/cam1/x.m3u8", newest);
        eventually("the newest is published", () -> text(BASE + "x.m3u8").equals(newest));

        release.countDown();
        assertThat(answer.get()).startsWith("HTTP/1.1 412");
        assertThat(text(BASE + "x.m3u8")).isEqualTo(newest);
      }
    }
  }

  @Test
  void aSidecarThatWasOvertakenGoesOnFromWhatIsThere() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<String> answer = new CompletableFuture<>();
    AtomicBoolean hold = new AtomicBoolean();
    try (FaultyStore network = FaultyStore.before(store.endpoint());
        LiveFixture first = new LiveFixture(temp, store.endpoint());
        PlaylistChecker checker = PlaylistChecker.watch(store, BASE + "x.m3u8")) {
      network.direct(
          request -> isPlaylistPut(request) && hold.compareAndSet(true, false)
              ? StoreFault.held(() -> await(release), answer::complete) : null);
      first.write("news/cam1/a0.ts", "zero");
      first.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      eventually("it is published", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts")));
      try (LiveFixture second = new LiveFixture(temp, network.endpoint())) {
        eventually("the second knows it too", () -> second.published("news/cam1/x.m3u8").equals("0 to 0"));
        hold.set(true);
        first.write("news/cam1/a1.ts", "one");
        first.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts"));
        eventually("the second's put is held", () -> !hold.get());
        eventually("the first publishes it", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts", "a1.ts")));
        first.write("news/cam1/a2.ts", "two");
        String newest = playlist(0, "a0.ts", "a1.ts", "a2.ts");
        first.write("news/cam1/x.m3u8", newest);
        eventually("the newest is published", () -> text(BASE + "x.m3u8").equals(newest));
        release.countDown();
        eventually("the second goes on from it", () -> second.published("news/cam1/x.m3u8").equals("0 to 2"));
        assertThat(answer.get()).startsWith("HTTP/1.1 412");
        String end = playlist(1, "a1.ts", "a2.ts") + "#EXT-X-ENDLIST\n";
        first.write("news/cam1/x.m3u8", end);
        eventually("both know the end", () -> List.of(first, second).stream()
            .allMatch(live -> live.state("news/cam1/x.m3u8").equals("ended")));
        assertThat(text(BASE + "x.m3u8")).isEqualTo(end);
        assertThat(checker.problems()).isEmpty();
      }
    }
  }

  @Test
  void aPlaylistThatSomebodyRemovedComesBackWithTheNextVersion() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      eventually("it is published", () -> live.state("news/cam1/x.m3u8").equals("live"));
      store.client().deleteObject(delete -> delete.bucket(TestStore.BUCKET).key(BASE + "x.m3u8"));
      live.write("news/cam1/a1.ts", "one");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts"));
      eventually("it is back", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts", "a1.ts")));
      assertThat(live.events(LiveEvent.Kind.RETRY)).isZero();
    }
  }

  @Test
  void aStoreThatRefusesEveryConditionGetsItsChunksAndPlaylistsWithout() {
    try (FaultyStore refusing = FaultyStore.before(store.endpoint())) {
      refusing.direct(StoreHabit.refusesConditions(Operation.PUT));
      try (LiveFixture live = new LiveFixture(temp, refusing.endpoint())) {
        live.write("news/cam1/a0.ts", "zero");
        live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
        eventually("it is published", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts")));
        live.write("news/cam1/a1.ts", "one");
        live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts"));
        eventually("so is the next", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts", "a1.ts")));
        assertThat(refusing.played()).isGreaterThan(1);
      }
    }
  }
}
