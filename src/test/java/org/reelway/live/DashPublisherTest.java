package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class DashPublisherTest {
  private static final String BASE = "on/air/news/cam1/";
  private static final String KEY = BASE + "x.mpd";
  private static final String MPD = "news/cam1/x.mpd";
  private static final Duration PATIENT = Duration.ofSeconds(60);

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

  private HeadObjectResponse head(String key) {
    return store.client().headObject(head -> head.bucket(TestStore.BUCKET).key(key));
  }

  /** A stream of segments of a second, {@code v<number>.m4s}. */
  private static String mpd(int first, int last) {
    return mpd("type=\"dynamic\" availabilityStartTime=\"2026-11-21T18:00:00Z\" timeShiftBufferDepth=\"PT600S\"", first,
        last);
  }

  private static String mpd(String attributes, int first, int last) {
    return around(attributes,
        "<SegmentTemplate media=\"v$Number$.m4s\" initialization=\"init.mp4\" startNumber=\"" + first + "\">\n"
            + "<SegmentTimeline>\n<S t=\"" + (first - 1) + "\" d=\"1\" r=\"" + (last - first)
            + "\"/>\n</SegmentTimeline>\n</SegmentTemplate>\n");
  }

  private static String around(String attributes, String addressing) {
    return "<MPD " + attributes + " minimumUpdatePeriod=\"PT1S\">\n<Period id=\"p\" start=\"PT0S\">\n<AdaptationSet>\n"
        + "<Representation id=\"v\" bandwidth=\"1\">\n" + addressing
        + "</Representation>\n</AdaptationSet>\n</Period>\n</MPD>\n";
  }

  private static void segments(LiveFixture live, String content, int first, int last) {
    for (int i = first; i <= last; i++) {
      live.write("news/cam1/v" + i + ".m4s", content + " " + i);
    }
  }

  @Test
  void segmentsComeBeforeTheManifestThatNamesThem() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write(MPD, mpd(1, 3));
      segments(live, "one", 1, 2);
      live.write("news/cam1/init.mp4", "init");
      eventually("what is there is published", () -> text(KEY).equals(mpd(1, 2)));
      assertThat(store.keys()).containsExactlyInAnyOrder(KEY, BASE + "init.mp4", BASE + "v1.m4s", BASE + "v2.m4s");
      segments(live, "one", 3, 3);
      eventually("all is published", () -> text(KEY).equals(mpd(1, 3)));

      assertThat(head(KEY).contentType()).isEqualTo("application/dash+xml");
      assertThat(head(KEY).cacheControl()).isEqualTo("no-cache");
      assertThat(head(BASE + "v1.m4s").contentType()).isEqualTo("video/iso.segment");
      assertThat(head(BASE + "v1.m4s").cacheControl()).isEqualTo("immutable");
      assertThat(live.status(MPD).kind()).isEqualTo("dash");
      eventually("it is live", () -> live.state(MPD).equals("live"));
      assertThat(live.status(MPD).published()).isEqualTo("0.0 s to 3.0 s");
    }
  }

  @ParameterizedTest
  @CsvSource({
      "a.mp4,video/mp4", "a.m4v,video/mp4", "a.m4a,audio/mp4", "a.m4s,video/iso.segment", "a.webm,video/webm",
      "a.vtt,text/vtt", "a.jpg,image/jpeg"})
  void whateverAManifestNamesHasItsContentType(String name, String type) {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/" + name, "content");
      live.write(MPD, around("type=\"static\"", "<BaseURL>" + name + "</BaseURL>\n"));
      eventually("it is published", () -> store.has(KEY));
      assertThat(head(BASE + name).contentType()).isEqualTo(type);
      eventually("it has ended", () -> live.state(MPD).equals("ended"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "<BaseURL>../../../../</BaseURL>", "<BaseURL>/etc/passwd</BaseURL>", "<BaseURL>file:///etc/</BaseURL>",
      "<SegmentTemplate duration=\"1\" media=\"../../../secret\"/>",
      "<SegmentTemplate duration=\"1\" media=\"..%2f..%2f..%2fsecret\"/>",
      "<SegmentTemplate duration=\"1\" media=\"link/secret\"/>",
      "<SegmentList><Initialization sourceURL=\"/etc/passwd\"/><SegmentURL media=\"v1.m4s\"/></SegmentList>",
      "<SegmentList><SegmentURL media=\"&#x2e;&#46;/../../secret\"/></SegmentList>"})
  void aManifestThatLeadsOutOfTheFolderIsRefusedAndNothingOfItPublished(String addressing) throws Exception {
    Files.writeString(temp.resolve("secret"), "secret");
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      segments(live, "one", 1, 1);
      live.write("news/cam1/init.mp4", "init");
      Files.createSymbolicLink(live.folder.resolve("news/cam1/link"), temp);
      live.write(MPD, mpd(1, 1));
      eventually("it is published", () -> store.has(KEY));
      live.write(MPD, around("type=\"static\" mediaPresentationDuration=\"PT1S\"", addressing));
      eventually("it is refused", () -> live.state(MPD).equals("refused"));

      assertThat(live.status(MPD).trouble()).contains("the playlist names \"", "allowed are");
      assertThat(store.keys()).containsExactlyInAnyOrder(KEY, BASE + "init.mp4", BASE + "v1.m4s");
      assertThat(text(KEY)).as("the version before stays").isEqualTo(mpd(1, 1));
    }
  }

  @Test
  void entitiesAreNeverFetched() throws Exception {
    Path secret = Files.writeString(temp.resolve("secret"), "secret");
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write(MPD, "<!DOCTYPE MPD [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]>\n<MPD><Title>&x;</Title></MPD>\n");
      eventually("it is refused", () -> live.status(MPD) != null && live.state(MPD).equals("refused"));
      assertThat(live.status(MPD).trouble()).contains("DTD");
      assertThat(store.keys()).isEmpty();
    }
  }

  @Test
  void anotherHostsUrlsAreLeftAsTheyAre() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      String all = mpd(1, 1).replace("<Representation", "<BaseURL>https://other.example/x/</BaseURL>\n<Representation");
      live.write(MPD, all);
      eventually("it is published", () -> text(KEY).equals(all));
      assertThat(store.keys()).containsExactly(KEY);
    }
  }

  @Test
  void aLostSegmentIsAHoleInTheTimelineAndTheStreamGoesOn() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.WINDOW, Duration.ofSeconds(1), true)) {
      live.write("news/cam1/init.mp4", "init");
      segments(live, "one", 1, 1);
      segments(live, "one", 3, 3);
      live.write(MPD, mpd(1, 3));
      eventually("it goes on", () -> text(KEY).contains("v3.m4s"));
      assertThat(text(KEY)).contains("<S t=\"0\" d=\"1\"/>", "<S t=\"2\" d=\"1\"/>").doesNotContain("v2.m4s", "$Number$");
      eventually("it is told", () -> live.status(MPD).gaps() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPackagerThatUsesItsNamesAgainGoesOnInAnotherPeriod(boolean conditions) {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, PATIENT, conditions)) {
      live.write("news/cam1/init.mp4", "init");
      segments(live, "one", 1, 3);
      live.write(MPD, mpd(1, 3));
      eventually("it is published", () -> text(KEY).equals(mpd(1, 3)));
      live.write("news/cam1/init.mp4", "another init");
      segments(live, "two", 1, 1);
      live.write(MPD, mpd(1, 1).replace("18:00:00Z", "18:00:10Z"));
      eventually("the new run is published", () -> text(KEY).contains("id=\"r1-p\""));

      assertThat(text(BASE + "v1.m4s")).isEqualTo("one 1");
      String name = text(KEY).replaceAll("(?s).*SegmentURL media=\"([^\"]*)\".*", "$1");
      assertThat(name).matches("v1-[0-9a-f]{8}\\.m4s");
      assertThat(text(BASE + name)).isEqualTo("two 1");
      assertThat(text(KEY)).contains("availabilityStartTime=\"2026-11-21T18:00:00Z\"", "start=\"PT10S\"", "v$Number$.m4s");
      assertThat(live.events(LiveEvent.Kind.RESTART)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterARestartNothingIsSentAgainAndWhatIsNewIsPublished(boolean conditions) throws Exception {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, PATIENT, conditions)) {
      live.write("news/cam1/init.mp4", "init");
      segments(live, "one", 1, 5);
      live.write(MPD, mpd(1, 5));
      eventually("all is published", () -> text(KEY).equals(mpd(1, 5)));
      live.delete("news/cam1/v2.m4s");
    }
    try (FaultyStore seen = FaultyStore.before(store.endpoint());
        LiveFixture live = new LiveFixture(temp, seen.endpoint(), LiveKeep.ALL, PATIENT, conditions)) {
      List<String> sent = new CopyOnWriteArrayList<>();
      seen.onRequest(
          request -> {
            if (request.operation() == Operation.PUT) {
              sent.add(request.key());
            }
          });
      segments(live, "one", 6, 6);
      live.write(MPD, mpd(2, 6));
      eventually("the new one is published", () -> text(KEY).equals(mpd(2, 6)));
      assertThat(sent).filteredOn(key -> key.endsWith(".m4s") || key.endsWith(".mp4")).containsExactly(BASE + "v6.m4s");
    }
  }

  @Test
  void whatThePackagerRemovedGoesOnceTheManifestNamesItNoMore() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/init.mp4", "init");
      segments(live, "one", 1, 4);
      live.write(MPD, mpd(1, 3));
      eventually("it is published", () -> store.has(KEY));
      live.delete("news/cam1/v1.m4s");
      live.delete("news/cam1/v3.m4s");
      live.write(MPD, mpd(3, 4));
      eventually("the first one is removed", () -> !store.has(BASE + "v1.m4s"));
      assertThat(store.keys()).as("v2 is still in the folder, v3 is still named")
          .contains(BASE + "v2.m4s", BASE + "v3.m4s", BASE + "v4.m4s", BASE + "init.mp4");
    }
  }

  @Test
  void whatAManifestImpliesByTheClockIsFoundAsItComes() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      String origin =
          around("type=\"dynamic\" availabilityStartTime=\"" + Instant.now().minusSeconds(2) + "\"",
              "<SegmentTemplate media=\"v$Number$.m4s\" initialization=\"init.mp4\" duration=\"1\"/>\n");
      live.write("news/cam1/init.mp4", "init");
      live.write(MPD, origin);
      segments(live, "one", 1, 3);
      eventually("two are complete", () -> text(KEY).contains("<S t=\"0\" d=\"1\" r=\"1\"/>"));
      segments(live, "one", 4, 6);
      eventually("more come without another manifest", () -> text(KEY).contains("<S t=\"0\" d=\"1\" r=\"4\"/>"));
      eventually("the last one is due", () -> text(KEY).contains("<S t=\"0\" d=\"1\" r=\"5\"/>"));
      assertThat(live.events(LiveEvent.Kind.GAP)).isZero();
    }
  }

  @Test
  void rangesOfAFileThatGrowsArePublishedAsFarAsItIsWritten() throws Exception {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      String head = "<BaseURL>all.mp4</BaseURL>\n<SegmentList duration=\"1\">\n<Initialization range=\"0-3\"/>\n"
          + "<SegmentURL mediaRange=\"4-6\"/>\n";
      String start = "type=\"dynamic\" availabilityStartTime=\"2026-11-21T18:00:00Z\"";
      live.write("news/cam1/all.mp4", "initone");
      live.write(MPD, around(start, head + "</SegmentList>\n"));
      eventually("the first range is published", () -> text(KEY).equals(around(start, head + "</SegmentList>\n")));
      Files.writeString(live.folder.resolve("news/cam1/all.mp4"), "two", StandardOpenOption.APPEND);
      String two = around(start, head + "<SegmentURL mediaRange=\"7-9\"/>\n</SegmentList>\n");
      live.write(MPD, two);
      eventually("the second range is published", () -> text(KEY).equals(two));
      assertThat(text(BASE + "all.mp4")).isEqualTo("initonetwo");
    }
  }

  @Test
  void aManifestThatIsWrittenWhereItLiesIsNeverTakenTorn() throws Exception {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/init.mp4", "init");
      segments(live, "one", 1, 2);
      live.write(MPD, mpd(1, 1));
      eventually("it is published", () -> store.has(KEY));
      Path file = live.folder.resolve(MPD);
      String next = mpd(1, 2).strip();
      Files.writeString(file, next.substring(0, 200) + "\n", StandardOpenOption.TRUNCATE_EXISTING);
      Files.writeString(file, next, StandardOpenOption.TRUNCATE_EXISTING);
      eventually("the next one is published", () -> text(KEY).equals(next));
      assertThat(live.events(LiveEvent.Kind.REFUSED)).isZero();
    }
  }

  @Test
  void aStoreThatFailsAtRandomNeverShowsAManifestThatIsNotTrue() {
    try (FaultyStore faulty = FaultyStore.before(store.endpoint())) {
      faulty.storm(
          11, 0.3,
          List.of(
              StoreFault.refusal(503, "SlowDown"), StoreFault.reset(), StoreFault.lostAnswer(), StoreFault.flippedByte(),
              StoreFault.refusal(500, "InternalError")),
          request -> request.operation() == Operation.PUT || request.operation() == Operation.HEAD);
      try (LiveFixture live = new LiveFixture(temp, faulty.endpoint())) {
        live.write("news/cam1/init.mp4", "init");
        for (int i = 1; i <= 25; i++) {
          segments(live, "one", i, i);
          live.write(MPD, mpd(1, i));
          int published = text(KEY).isEmpty() ? 0 : published();
          for (int k = 1; k <= published; k++) {
            assertThat(store.has(BASE + "v" + k + ".m4s")).as("segment %d of %d", k, published).isTrue();
          }
        }
        live.write(MPD, mpd("type=\"static\" mediaPresentationDuration=\"PT25S\"", 1, 25));
        eventually("it has ended", () -> live.state(MPD).equals("ended"));
        assertThat(published()).isEqualTo(25);
        assertThat(faulty.played()).isGreaterThan(5);
        assertThat(live.events(LiveEvent.Kind.GAP)).isZero();
      }
    }
  }

  private int published() {
    return 1 + Integer.parseInt(text(KEY).replaceAll("(?s).* r=\"(\\d+)\".*", "$1"));
  }

  @Test
  void withAllACompleteManifestIsKeptAlsoOverRestartsAndANewRunOfThePackager() {
    for (int start = 0; start < 3; start++) {
      try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, PATIENT, true)) {
        if (start == 0) {
          live.write("news/cam1/init.mp4", "init");
        }
        for (int i = 3 * start + 1; i <= 3 * start + 3; i++) {
          segments(live, "one", i, i);
          String list = mpd(Math.max(1, i - 1), i);
          live.write(MPD, list);
          eventually("segment " + i + " is published", () -> text(KEY).equals(list));
          if (i > 1) {
            live.delete("news/cam1/v" + (i - 1) + ".m4s");
          }
        }
      }
    }
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, PATIENT, true)) {
      live.write("news/cam1/init.mp4", "another init");
      segments(live, "two", 1, 1);
      live.write(MPD, mpd("type=\"static\" mediaPresentationDuration=\"PT1S\"", 1, 1));
      eventually("it has ended", () -> text(BASE + "x-vod.mpd").contains("type=\"static\""));
    }
    String all = text(BASE + "x-vod.mpd");
    assertThat(all)
        .contains("<S t=\"0\" d=\"1\" r=\"8\"/>", "startNumber=\"1\"", "id=\"r1-p\"", "start=\"PT9S\"",
            "mediaPresentationDuration=\"PT10S\"")
        .containsPattern("SegmentURL media=\"v1-[0-9a-f]{8}\\.m4s\"");
    assertThat(text(BASE + "x.mpd")).contains("id=\"r1-p\"");
  }
}
