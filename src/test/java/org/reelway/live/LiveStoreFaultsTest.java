package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;
import static org.reelway.live.LiveFixture.playlist;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.PlaylistChecker;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

/** Live streams on a store that is slow, or refuses for a while: players see less, never something that is not there. */
class LiveStoreFaultsTest {
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

  private static String[] names(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(i -> "a" + i + ".ts").toArray(String[]::new);
  }

  @Test
  void burstsOfRefusalsCostNoChunkAndNoOrder() {
    try (FaultyStore bursts = FaultyStore.before(store.endpoint());
        PlaylistChecker checker = PlaylistChecker.watch(store, LIST);
        LiveFixture live = new LiveFixture(temp, bursts.endpoint(), LiveKeep.ALL, Duration.ofSeconds(1), true)) {
      for (int burst = 0; burst < 4; burst++) {
        int tried = bursts.played();
        bursts.failAlways(Operation.PUT, StoreFault.refusal(503, "SlowDown"));
        bursts.failAlways(Operation.HEAD, StoreFault.refusal(503, "SlowDown"));
        for (int i = 3 * burst; i < 3 * burst + 3; i++) {
          live.write("news/cam1/a" + i + ".ts", "chunk " + i);
          live.write("news/cam1/x.m3u8", playlist(0, names(0, i + 1)));
        }
        eventually("the burst is felt", () -> bursts.played() > tried + 5);
        bursts.heal();
        String all = playlist(0, names(0, 3 * burst + 3));
        eventually("all is published", () -> text(LIST).equals(all));
      }
      assertThat(live.events(LiveEvent.Kind.GAP)).isZero();
      assertThat(live.events(LiveEvent.Kind.RESTART)).isZero();
      eventually("the checker saw the last", () -> checker.newest(LIST).contains("a11.ts"));
      assertThat(checker.problems()).isEmpty();
    }
  }

  /** The uplink takes half of what is written: the stream goes on with what is young enough, in order. */
  @Test
  void aWireThatIsTooNarrowShedsOldChunksAndKeepsTheOrder() {
    int size = 100_000;
    String chunk = "x".repeat(size);
    try (SlowWire wire = SlowWire.to(store.endpoint(), 3L * size);
        PlaylistChecker checker = PlaylistChecker.watch(store, LIST);
        LiveFixture live = new LiveFixture(temp, wire.endpoint())) {
      for (int i = 0; i < 12; i++) {
        live.write("news/cam1/a" + i + ".ts", i + chunk);
        int first = Math.max(0, i - 2);
        live.write("news/cam1/x.m3u8", playlist(first, names(first, i - first + 1)));
        eventually("it is known", () -> !live.state("news/cam1/x.m3u8").isEmpty());
        wire.allow(size / 2);
      }
      wire.allowAll();
      eventually("the newest is published", () -> text(LIST).equals(playlist(9, names(9, 3))));
      eventually("the checker saw it", () -> checker.newest(LIST).contains("a11.ts"));
      assertThat(checker.problems()).isEmpty();
      assertThat(live.events(LiveEvent.Kind.RESTART)).isZero();
      assertThat(live.events(LiveEvent.Kind.GAP)).isZero();
    }
  }
}
