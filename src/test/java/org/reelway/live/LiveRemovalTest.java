package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;
import static org.reelway.live.LiveFixture.playlist;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.testkit.HdsBootstrap;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** What is removed from the store, and above all what is not. A chunk that has to go shows that removal was at work. */
class LiveRemovalTest {
  private static final String BASE = "on/air/news/";

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

  private LiveFixture live(LiveKeep keep) {
    return new LiveFixture(temp, store.endpoint(), keep, Duration.ofSeconds(60), true);
  }

  private String text(String name) {
    return store.has(BASE + name) ? new String(store.bytes(BASE + name), StandardCharsets.UTF_8) : "";
  }

  private void put(String name, String content) {
    store.client().putObject(
        put -> put.bucket(TestStore.BUCKET).key(BASE + name), RequestBody.fromString(content));
  }

  /** A chunk that was sent at some time. */
  private void ours(String name, Map<String, String> metadata) {
    store.client().putObject(
        put -> put.bucket(TestStore.BUCKET).key(BASE + name).metadata(metadata), RequestBody.fromString(name));
  }

  private static String mpd(String media) {
    return "<MPD type=\"static\"><Period><AdaptationSet><Representation id=\"v\">"
        + "<SegmentList duration=\"1\"><SegmentURL media=\"" + media + "\"/></SegmentList>"
        + "</Representation></AdaptationSet></Period></MPD>";
  }

  /** Streams of all formats, with chunks of the same numbers, and a window of two. */
  private final class Streams {
    private final LiveFixture live;

    Streams(LiveFixture live) {
      this.live = live;
      live.write("news/abr/x.m3u8",
          "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nts/x.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nmp4/x.m3u8\n");
      live.write("news/abr/mp4/init.mp4", "init");
      live.write("news/dash/init.mp4", "init");
      live.write("news/hds/cam.f4m",
          "<manifest xmlns=\"http://ns.adobe.com/f4m/1.0\"><streamType>live</streamType>"
              + "<bootstrapInfo profile=\"named\" id=\"b\" url=\"cam/bootstrap\"/>"
              + "<media url=\"cam/f4v\" bootstrapInfoId=\"b\"/></manifest>");
    }

    static List<String> chunks(int number) {
      return List.of(
          "abr/ts/a" + number + ".ts", "abr/ts/k" + number + ".key", "abr/mp4/a" + number + ".m4s",
          "dash/v" + number + ".m4s", "hds/cam/f4vSeg1-Frag" + number);
    }

    void chunk(int number) {
      chunks(number).forEach(name -> live.write("news/" + name, name + " of " + live.publisher.target().keep()));
    }

    void window(int first, int last, boolean end) {
      StringBuilder ts = new StringBuilder(LiveFixture.HEAD + "#EXT-X-MEDIA-SEQUENCE:" + first + "\n");
      StringBuilder mp4 = new StringBuilder(ts + "#EXT-X-MAP:URI=\"init.mp4\"\n");
      for (int i = first; i <= last; i++) {
        ts.append("#EXT-X-KEY:METHOD=AES-128,URI=\"k" + i + ".key\"\n#EXTINF:1.0,\na" + i + ".ts\n");
        mp4.append("#EXTINF:1.0,\na" + i + ".m4s\n");
      }
      live.write("news/abr/ts/x.m3u8", ts + (end ? "#EXT-X-ENDLIST\n" : ""));
      live.write("news/abr/mp4/x.m3u8", mp4 + (end ? "#EXT-X-ENDLIST\n" : ""));
      live.write("news/dash/x.mpd",
          "<MPD " + (end ? "type=\"static\"" : "type=\"dynamic\" minimumUpdatePeriod=\"PT1S\"")
              + " availabilityStartTime=\"2026-11-21T18:00:00Z\" timeShiftBufferDepth=\"PT1S\">\n"
              + "<Period id=\"p\" start=\"PT0S\">\n<AdaptationSet>\n<Representation id=\"v\" bandwidth=\"1\">\n"
              + "<SegmentTemplate media=\"v$Number$.m4s\" initialization=\"init.mp4\" startNumber=\"" + first + "\">\n"
              + "<SegmentTimeline>\n<S t=\"" + (first - 1) + "\" d=\"1\" r=\"" + (last - first)
              + "\"/>\n</SegmentTimeline>\n</SegmentTemplate>\n</Representation>\n</AdaptationSet>\n</Period>\n</MPD>\n");
      HdsBootstrap bootstrap = HdsBootstrap.live(first, last);
      live.write("news/hds/cam/bootstrap", (end ? bootstrap.ended() : bootstrap).bytes());
      List<String> all = List.of("abr/ts/x.m3u8", "abr/mp4/x.m3u8", "dash/x.mpd", "hds/cam/bootstrap");
      all.forEach(
          name -> eventually(name + " is published", () -> {
            LiveStatus status = live.status("news/" + name);
            return status != null && status.state().equals(end ? "ended" : "live") && status.behindSince() == null
                && store.has(BASE + chunks(last).get(3));
          }));
      eventually("its chunks are there", () -> chunks(last).stream().allMatch(name -> store.has(BASE + name)));
    }

    void run(int first, int last, boolean end) {
      chunk(first);
      for (int i = first + 1; i <= last; i++) {
        chunk(i);
        window(i - 1, i, end && i == last);
      }
      for (int i = first; i <= last; i++) {
        chunks(i).forEach(name -> live.delete("news/" + name));
      }
    }
  }

  /** The store lists an object a moment before it can be read. */
  private Map<String, String> chunksInStore() {
    return await().ignoreException(NoSuchKeyException.class).until(
        () -> store.keys().stream()
            .filter(key -> !key.matches(".*\\.(m3u8|mpd|f4m)|.*bootstrap(-vod)?"))
            .collect(Collectors.toMap(key -> key, key -> new String(store.bytes(key), StandardCharsets.UTF_8))),
        Objects::nonNull);
  }

  @Test
  void whatWasKeptForGoodStaysWhenTheSettingBecomesWindow() {
    try (LiveFixture live = live(LiveKeep.ALL)) {
      new Streams(live).run(1, 6, true);
      List.of("abr/x-vod.m3u8", "dash/x-vod.mpd", "hds/cam-vod.f4m").forEach(
          name -> eventually(name + " is there", () -> store.has(BASE + name)));
    }
    Map<String, String> kept = chunksInStore();
    assertThat(kept).hasSize(5 * 6 + 2);

    try (LiveFixture live = live(LiveKeep.WINDOW)) {
      new Streams(live).run(7, 10, false);
      Streams.chunks(7).forEach(name -> eventually(name + " is removed", () -> !store.has(BASE + name)));
      assertThat(chunksInStore()).containsAllEntriesOf(kept);
    }
  }

  /** Publishes them with a window of one, and removes each file but the last. */
  private static void roll(LiveFixture live, String playlist, int number, String... chunks) {
    for (int i = 0; i < chunks.length; i++) {
      live.write("news/flat/" + chunks[i], chunks[i]);
      String text = playlist(number + i, chunks[i]);
      live.write("news/flat/" + playlist, text);
      String words = (number + i) + " to " + (number + i);
      eventually(chunks[i] + " is published", () -> live.published("news/flat/" + playlist).equals(words));
      if (i > 0) {
        live.delete("news/flat/" + chunks[i - 1]);
      }
    }
  }

  @Test
  void whatAPlaylistInTheStoreNamesStaysWhoeverWroteIt() {
    put("clips/clip.m3u8",
        playlist(0, "../flat/relative.ts", "../flat/%65scaped.ts", "https://cdn.example/flat/url.ts?x#y"));
    put("clips/master.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nodd.txt\n");
    put("clips/odd.txt", playlist(0, "../flat/odd.ts"));
    put("clips/clip.mpd", mpd("../flat/dash.ts"));
    ours("flat/earlier.ts", Map.of("reelway-file", "1:1"));
    try (LiveFixture live = live(LiveKeep.WINDOW)) {
      roll(live, "renamed.m3u8", 0, "r0.ts", "r1.ts");
      live.delete("news/flat/r1.ts");
      live.delete("news/flat/renamed.m3u8");
      eventually("it is forgotten", () -> live.status("news/flat/renamed.m3u8") == null);
      eventually("its first chunk is removed", () -> !store.has(BASE + "flat/r0.ts"));
    }
    try (LiveFixture live = live(LiveKeep.WINDOW)) {
      roll(live, "x.m3u8", 0, "relative.ts", "escaped.ts", "url.ts", "odd.ts", "dash.ts", "other.ts", "last.ts");
      eventually("what nobody names is removed", () -> !store.has(BASE + "flat/other.ts"));
      assertThat(chunksInStore().keySet()).map(key -> key.substring(BASE.length())).contains(
          "flat/relative.ts", "flat/escaped.ts", "flat/url.ts", "flat/odd.ts", "flat/dash.ts", "flat/r1.ts",
          "flat/earlier.ts");

      put("clips/clip.m3u8", playlist(1, "../flat/url.ts"));
      eventually("it goes when that playlist goes on", () -> !store.has(BASE + "flat/relative.ts"));
      put("flat/torn.m3u8", "nobody knows what this names");
      roll(live, "x.m3u8", 7, "beside.ts", "next.ts");
      put("clips/clip.mpd", mpd("../flat/url.ts"));
      live.write("news/cam/c0.ts", "c0");
      live.write("news/cam/x.m3u8", playlist(0, "c0.ts"));
      eventually("another stream is on", () -> live.published("news/cam/x.m3u8").equals("0 to 0"));
      live.delete("news/cam/c0.ts");
      live.write("news/cam/c1.ts", "c1");
      live.write("news/cam/x.m3u8", playlist(1, "c1.ts"));
      eventually("its chunks are removed", () -> !store.has(BASE + "cam/c0.ts"));
      assertThat(store.has(BASE + "flat/last.ts")).as("beside what cannot be read").isTrue();
      assertThat(store.has(BASE + "flat/dash.ts")).as("beside what cannot be read").isTrue();
    }
  }

  @Test
  void whatWasSentToBeRemovedStaysOnceItWasKeptForGood() {
    try (LiveFixture live = live(LiveKeep.WINDOW)) {
      roll(live, "x.m3u8", 0, "a0.ts");
    }
    ours("flat/nobodys.ts", Map.of("reelway-file", "1:1", "reelway-keep", "window"));
    try (LiveFixture live = live(LiveKeep.ALL)) {
      roll(live, "x.m3u8", 1, "a1.ts", "a2.ts");
      live.delete("news/flat/a0.ts");
    }
    try (LiveFixture live = live(LiveKeep.WINDOW)) {
      roll(live, "x.m3u8", 3, "a3.ts", "a4.ts", "a5.ts");
      eventually("what was sent now is removed", () -> !store.has(BASE + "flat/a4.ts"));
      assertThat(chunksInStore()).containsKeys(
          BASE + "flat/a0.ts", BASE + "flat/a1.ts", BASE + "flat/a2.ts", BASE + "flat/nobodys.ts");
    }
  }

  @Test
  void aPlaylistThatCannotBeReadIsKeptBesideTheOneThatTakesItsPlace() {
    put("flat/x-vod.m3u8", "an archive of another program");
    try (LiveFixture live = live(LiveKeep.ALL)) {
      roll(live, "x.m3u8", 0, "a0.ts", "a1.ts");
      eventually("it has a complete playlist", () -> text("flat/x-vod.m3u8").contains("a0.ts"));
    }
    assertThat(store.keys()).filteredOn(key -> key.matches(".*/x-vod-[0-9a-f]{8}\\.m3u8"))
        .singleElement()
        .satisfies(key -> assertThat(text(key.substring(BASE.length()))).isEqualTo("an archive of another program"));
  }

  @Test
  void aChunkStaysThatAPlaylistIsAboutToName() {
    try (LiveFixture live = live(LiveKeep.WINDOW)) {
      roll(live, "x.m3u8", 0, "old.ts", "a0.ts");
      live.write("news/flat/a2.ts", "a2");
      live.write("news/flat/x.m3u8", playlist(1, "a0.ts", "a1.ts", "a2.ts"));
      eventually("it waits for one", () -> live.status("news/flat/x.m3u8").awaited().equals(List.of("a1.ts")));
    }
    try (LiveFixture live = live(LiveKeep.WINDOW)) {
      eventually("it waits again", () -> live.status("news/flat/x.m3u8") != null
          && live.status("news/flat/x.m3u8").awaited().equals(List.of("a1.ts")));
      live.delete("news/flat/a2.ts");
      roll(live, "y.m3u8", 0, "y0.ts", "y1.ts");
      eventually("what has to go is removed", () -> !store.has(BASE + "flat/y0.ts"));
      live.write("news/flat/a1.ts", "a1");
      eventually("it goes on", () -> text("flat/x.m3u8").equals(playlist(1, "a0.ts", "a1.ts", "a2.ts")));
      assertThat(text("flat/a2.ts")).isEqualTo("a2");
    }
  }
}
