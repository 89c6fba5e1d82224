package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;
import static org.reelway.live.LiveFixture.playlist;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.PlaylistChecker;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

/** Files of live streams that come in another order, change, or go away. */
class LiveFileFaultsTest {
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

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void filesThatComeInAnyOrderArePublishedInTheRightOne(long seed) {
    String[] names = {"a0.ts", "a1.ts", "a2.ts", "a3.ts", "a4.ts", "a5.ts"};
    List<Runnable> steps = new ArrayList<>();
    try (PlaylistChecker checker = PlaylistChecker.watch(store, LIST);
        LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      for (String name : names) {
        steps.add(() -> live.write("news/cam1/" + name, "chunk " + name));
      }
      Collections.shuffle(steps, new Random(seed));
      // The playlist's versions keep their own order; each comes somewhere among the chunks.
      for (int i = 1; i <= names.length; i++) {
        String[] some = java.util.Arrays.copyOf(names, i);
        steps.add(2 * i - 2, () -> live.write("news/cam1/x.m3u8", playlist(0, some)));
      }
      steps.forEach(Runnable::run);
      eventually("all is published", () -> text(LIST).equals(playlist(0, names)));
      eventually("the checker saw it", () -> checker.newest(LIST).contains("a5.ts"));
      assertThat(checker.problems()).isEmpty();
      assertThat(live.events(LiveEvent.Kind.GAP)).isZero();
    }
  }

  @Test
  void aTornChunkThatGrewLaterIsGivenWholeUnderAnotherNameAndNeverWrittenOver() throws Exception {
    try (PlaylistChecker checker = PlaylistChecker.watch(store, LIST);
        LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/a1.ts", "ha");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts"));
      eventually("the half is published", () -> text(LIST).equals(playlist(0, "a0.ts", "a1.ts")));
      Files.writeString(live.folder.resolve("news/cam1/a1.ts"), "lf", StandardOpenOption.APPEND);
      live.write("news/cam1/a2.ts", "two");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts", "a2.ts"));
      eventually("the stream goes on", () -> text(LIST).contains("\na2.ts\n"));

      assertThat(text(BASE + "a1.ts")).as("players may hold it").isEqualTo("ha");
      String whole = text(LIST).lines().filter(line -> line.matches("a1-[0-9a-f]{8}\\.ts")).findFirst().orElseThrow();
      assertThat(text(BASE + whole)).isEqualTo("half");
      assertThat(text(LIST).replace(whole, "a1.ts")).as("nothing is played again").isEqualTo(
          playlist(0, "a0.ts", "a1.ts", "a2.ts"));
      eventually("the checker saw it", () -> checker.newest(LIST).contains("a2.ts"));
      assertThat(checker.problems()).isEmpty();
    }
  }

  @Test
  void aChunkThatIsDeletedWhileItIsSentIsNoGap() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (FaultyStore slow = FaultyStore.before(store.endpoint());
        LiveFixture live = new LiveFixture(temp, slow.endpoint(), LiveKeep.WINDOW, Duration.ofSeconds(1), true)) {
      slow.onRequest(
          request -> {
            if (request.operation() == Operation.PUT && request.target().contains("a0.ts")) {
              begun.countDown();
              await(release);
            }
          });
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      live.delete("news/cam1/a0.ts");
      release.countDown();
      eventually("it is published", () -> text(LIST).contains("a0.ts"));
      assertThat(text(LIST)).isEqualTo(playlist(0, "a0.ts"));
      assertThat(text(BASE + "a0.ts")).isEqualTo("zero");
    } finally {
      release.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anyNumberOfEventsOfAChunkPlansOneLookAtIt(boolean sent) {
    try (LiveFixture live = LiveFixture.unwatched(temp, store.endpoint())) {
      if (sent) {
        live.write("news/cam1/a0.ts", "zero");
      }
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      live.rescan();
      eventually("it was tried", () -> sent ? text(LIST).contains("a0.ts") : !live.status("news/cam1/x.m3u8").trouble().isEmpty());
      ScheduledThreadPoolExecutor timer = (ScheduledThreadPoolExecutor) live.publisher.timer();
      for (int i = 0; i < 200; i++) {
        live.tell("news/cam1/a0.ts");
        eventually("it was looked at", () -> live.publisher.waitingChunks() == 0);
      }
      assertThat(timer.getQueue()).as("its own, and its playlist's").hasSizeBetween(1, 2);
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
