package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;
import static org.reelway.live.LiveFixture.playlist;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

/** Complete playlists, and the masters of those. */
class LiveArchiveTest {
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
  void aMastersCompletePlaylistComesAfterThoseThatItNames() {
    List<String> put = new CopyOnWriteArrayList<>();
    try (FaultyStore seen = FaultyStore.before(store.endpoint());
        LiveFixture live = new LiveFixture(temp, seen.endpoint(), LiveKeep.ALL, Duration.ofSeconds(60), true)) {
      seen.onRequest(
          request -> {
            if (request.operation() == Operation.PUT) {
              put.add(request.key());
            }
          });
      String master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ncam1/x.m3u8?t=1\n"
          + "#EXT-X-STREAM-INF:BANDWIDTH=2\ncam1/event.m3u8\n";
      live.write("news/master.m3u8", master);
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      String event = LiveFixture.HEAD + "#EXT-X-PLAYLIST-TYPE:EVENT\n#EXTINF:1.0,\na0.ts\n";
      live.write("news/cam1/event.m3u8", event);
      eventually("the live master is there", () -> text("on/air/news/master.m3u8").equals(master));
      assertThat(store.has("on/air/news/master-vod.m3u8")).as("nothing is complete yet").isFalse();

      live.write("news/cam1/a1.ts", "one");
      live.write("news/cam1/x.m3u8", playlist(1, "a1.ts") + "#EXT-X-ENDLIST\n");
      eventually("the complete master is there", () -> text("on/air/news/master-vod.m3u8").equals(
          "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ncam1/x-vod.m3u8?t=1\n"
              + "#EXT-X-STREAM-INF:BANDWIDTH=2\ncam1/event.m3u8\n"));
      assertThat(text(BASE + "x-vod.m3u8")).contains("a0.ts", "a1.ts");
      assertThat(put.indexOf("on/air/news/master-vod.m3u8")).isGreaterThan(put.indexOf(BASE + "x-vod.m3u8"));
      assertThat(text("on/air/news/master.m3u8")).as("the live one stays").isEqualTo(master);
    }
  }

  @Test
  void anOutageLongerThanTheWindowIsOneDiscontinuityOfTheCompletePlaylist() {
    for (int start : List.of(0, 10)) {
      try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, Duration.ofSeconds(60), true)) {
        for (int i = start; i < start + 4; i++) {
          live.write("news/cam1/a" + i + ".ts", "chunk " + i);
          live.write("news/cam1/a" + (i + 1) + ".ts", "chunk " + (i + 1));
          String list = playlist(i, "a" + i + ".ts", "a" + (i + 1) + ".ts") + (i == 13 ? "#EXT-X-ENDLIST\n" : "");
          live.write("news/cam1/x.m3u8", list);
          eventually("the version from " + i + " is published", () -> text(BASE + "x.m3u8").equals(list));
        }
        eventually("it has ended", () -> start == 0 || text(BASE + "x-vod.m3u8").contains("#EXT-X-ENDLIST"));
      }
    }
    assertThat(text(BASE + "x-vod.m3u8").lines().filter(line -> !line.startsWith("#EXTINF")).skip(5)).containsExactly(
        "a0.ts", "a1.ts", "a2.ts", "a3.ts", "a4.ts", "#EXT-X-DISCONTINUITY", "a10.ts", "a11.ts", "a12.ts", "a13.ts",
        "a14.ts", "#EXT-X-ENDLIST");
  }
}
