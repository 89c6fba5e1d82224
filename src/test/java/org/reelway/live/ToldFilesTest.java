package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;
import static org.reelway.live.LiveFixture.playlist;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;

class ToldFilesTest {
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
  void chunkEventsAloneFindThePlaylistsAlsoThoseThatComeLater() {
    try (LiveFixture live = LiveFixture.unwatched(temp, store.endpoint())) {
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      live.tell("news/cam1/a0.ts");
      eventually("the playlist is published", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts")));
      String master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ncam1/x.m3u8\n";
      live.write("news/master.m3u8", master);
      eventually(
          "the next chunks tell of the master",
          () -> {
            live.tell("news/cam1/a0.ts");
            return text("on/air/news/master.m3u8").equals(master);
          });
    }
  }

  @Test
  void aPlaylistIsPublishedThatIsToldOfBeforeItIsThere() {
    try (LiveFixture live = LiveFixture.unwatched(temp, store.endpoint())) {
      live.tell("news/cam1/x.m3u8");
      live.tell("news/cam1/a0.ts");
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts") + "#EXT-X-ENDLIST\n");
      eventually("it is published", () -> text(BASE + "x.m3u8").contains("#EXT-X-ENDLIST"));
    }
  }

  @Test
  void shuffledRepeatedEarlyAndLateEventsChangeNothingAndSendEachChunkOnce() {
    Map<String, Integer> puts = new ConcurrentHashMap<>();
    try (FaultyStore seen = FaultyStore.before(store.endpoint())) {
      seen.onRequest(
          request -> {
            if (request.operation() == Operation.PUT) {
              puts.merge(request.key(), 1, Integer::sum);
            }
          });
      try (LiveFixture live = LiveFixture.unwatched(temp, seen.endpoint())) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          names.add("a" + i + ".ts");
        }
        List<String> told = new ArrayList<>();
        names.forEach(name -> told.addAll(Collections.nCopies(5, "news/cam1/" + name)));
        told.addAll(Collections.nCopies(10, "news/cam1/x.m3u8"));
        told.addAll(List.of("news/cam1/never.ts", "news/none/x.m3u8", "news/cam1", "news/cam1/a0.ts/b.ts"));
        Collections.shuffle(told, new Random(7));
        told.subList(0, 20).forEach(live::tell);
        names.forEach(name -> live.write("news/cam1/" + name, "chunk " + name));
        String all = playlist(0, names.toArray(String[]::new));
        live.write("news/cam1/x.m3u8", all);
        told.forEach(live::tell);
        eventually("all is published", () -> text(BASE + "x.m3u8").equals(all));
        Collections.shuffle(told, new Random(8));
        told.forEach(live::tell);
        live.tell("news/cam1/x.m3u8");
        names.add("a12.ts");
        live.write("news/cam1/a12.ts", "chunk a12");
        live.write("news/cam1/x.m3u8", playlist(0, names.toArray(String[]::new)));
        live.tell("news/cam1/x.m3u8");
        eventually("the last one is published", () -> text(BASE + "x.m3u8").contains("a12.ts"));

        Map<String, Integer> once = new HashMap<>();
        names.forEach(name -> once.put(BASE + name, 1));
        Map<String, Integer> chunks = new HashMap<>(puts);
        chunks.keySet().removeIf(key -> !key.endsWith(".ts"));
        assertThat(chunks).isEqualTo(once);
        assertThat(live.publisher.statuses()).as("nothing is made of playlists that never were").hasSize(1);
        assertThat(live.events(LiveEvent.Kind.GAP) + live.events(LiveEvent.Kind.REFUSED)).isZero();
      }
    }
  }

  @Test
  void aDeletedChunkStaysWhileAPlaylistNamesItAndGoesWithTheWindow() {
    try (LiveFixture live = LiveFixture.unwatched(temp, store.endpoint())) {
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      live.tell("news/cam1/x.m3u8");
      eventually("it is published", () -> store.has(BASE + "x.m3u8"));
      live.delete("news/cam1/a0.ts");
      live.tell("news/cam1/a0.ts");
      live.write("news/cam1/a1.ts", "one");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts"));
      live.tell("news/cam1/x.m3u8");
      eventually("the next one is published", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts", "a1.ts")));
      assertThat(store.has(BASE + "a0.ts")).isTrue();
      live.write("news/cam1/x.m3u8", playlist(1, "a1.ts"));
      live.tell("news/cam1/x.m3u8");
      eventually("it goes with the window", () -> !store.has(BASE + "a0.ts"));
    }
  }

  @Test
  void whatLiesOutsideOfTheFolderIsNobodysAlsoBehindALink() throws Exception {
    try (LiveFixture live = LiveFixture.unwatched(temp, store.endpoint())) {
      Files.createDirectories(temp.resolve("out"));
      Files.createSymbolicLink(live.folder.resolve("link"), temp.resolve("out"));
      for (String outside : List.of("/etc/passwd", "../x.m3u8", "link/x.m3u8", "link/none/x.m3u8", "a/../../x.ts", "/", "")) {
        assertThat(live.told.locate(Path.of(outside))).as(outside).isEmpty();
      }
      assertThat(live.told.locate(Path.of("a/../b/./x.ts"))).contains(live.folder.resolve("b/x.ts"));
      assertThat(live.told.locate(live.folder.resolve("not/yet/x.ts"))).contains(live.folder.resolve("not/yet/x.ts"));
    }
  }

  @Test
  void aPlaylistThatIsALinkIsNotRead() throws Exception {
    try (LiveFixture live = LiveFixture.unwatched(temp, store.endpoint())) {
      Files.writeString(temp.resolve("secret.m3u8"), playlist(0, "a0.ts"));
      live.write("news/cam1/a0.ts", "zero");
      Files.createSymbolicLink(live.folder.resolve("news/cam1/x.m3u8"), temp.resolve("secret.m3u8"));
      live.tell("news/cam1/x.m3u8");
      live.write("news/cam1/y.m3u8", playlist(0, "a0.ts"));
      live.tell("news/cam1/y.m3u8");
      eventually("the other one is published", () -> store.has(BASE + "y.m3u8"));
      assertThat(store.has(BASE + "x.m3u8")).isFalse();
      assertThat(live.publisher.statuses()).hasSize(1);
    }
  }
}
