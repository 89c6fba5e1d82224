package org.reelway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.live.LiveFixture.eventually;
import static org.reelway.live.LiveFixture.playlist;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.testkit.FaultyStore;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.StoreFault;
import org.reelway.testkit.StoreRequest.Operation;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class LivePublisherTest {
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

  private static String text(LogLines log) {
    return String.join("\n", log.all());
  }

  private HeadObjectResponse head(String key) {
    return store.client().headObject(head -> head.bucket(TestStore.BUCKET).key(key));
  }

  @Test
  void chunksComeBeforeTheirPlaylistAndCarryTheirOwnHeaders() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      String all = playlist(0, "a0.ts", "a1.ts", "sub/a%202.ts");
      live.write("news/cam1/x.m3u8", all);
      live.write("news/cam1/a0.ts", "zero");
      eventually("the first chunk is published", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts")));
      live.write("news/cam1/sub/a 2.ts", "two");
      live.write("news/cam1/a1.ts", "one");
      eventually("all is published", () -> text(BASE + "x.m3u8").equals(all));

      assertThat(text(BASE + "sub/a 2.ts")).isEqualTo("two");
      assertThat(head(BASE + "a0.ts").cacheControl()).isEqualTo("immutable");
      assertThat(head(BASE + "a0.ts").contentType()).isEqualTo("video/mp2t");
      assertThat(head(BASE + "x.m3u8").cacheControl()).isEqualTo("no-cache");
      // What is told of it follows what is in the store.
      eventually("its state tells so", () -> live.status("news/cam1/x.m3u8").published().equals("0 to 2"));
      assertThat(live.status("news/cam1/x.m3u8").state()).isEqualTo("live");
    }
  }

  @Test
  void aPlaylistInTheLiveFolderItselfIsPublishedAndLeadsNoHigher() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("x.m3u8", playlist(0, "a0.ts", "sub/a1.ts"));
      live.write("a0.ts", "zero");
      live.write("sub/a1.ts", "one");
      eventually("all is published", () -> text("on/air/x.m3u8").equals(playlist(0, "a0.ts", "sub/a1.ts")));
      assertThat(text("on/air/a0.ts")).isEqualTo("zero");

      live.write("x.m3u8", playlist(0, "a0.ts", "sub/a1.ts", "sub/../../a2.ts"));
      eventually("it is refused", () -> live.state("x.m3u8").equals("refused"));
      assertThat(live.status("x.m3u8").trouble()).contains("leads out of the live folder");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "../../../secret", "/etc/passwd", "..%2f..%2f..%2fsecret", "%2e%2e/../../secret", "file:///etc/passwd", "a\\b.ts",
      "link/secret", "a%00.ts"})
  void aPlaylistThatLeadsOutOfTheFolderIsRefusedAndNothingOfItPublished(String uri) throws Exception {
    Files.writeString(temp.resolve("secret"), "secret");
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/a0.ts", "zero");
      Files.createSymbolicLink(live.folder.resolve("news/cam1/link"), temp);
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      eventually("it is published", () -> store.has(BASE + "x.m3u8"));

      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", uri));
      eventually("it is refused", () -> live.state("news/cam1/x.m3u8").equals("refused"));

      assertThat(live.status("news/cam1/x.m3u8").trouble()).contains("the playlist names \"", "allowed are");
      assertThat(store.keys()).containsExactlyInAnyOrder(BASE + "a0.ts", BASE + "x.m3u8");
      assertThat(text(BASE + "x.m3u8")).as("the version before stays").isEqualTo(playlist(0, "a0.ts"));
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a0.ts"));
      eventually("it is taken again", () -> live.state("news/cam1/x.m3u8").equals("live"));
    }
  }

  @Test
  void aKeyTemplatePutsGroupsElsewhereAndRefusesWhatPlayersWouldNotFind() {
    try (LiveFixture live = LiveFixture.keyed(temp, store.endpoint(), "tenants/{group}/live/{rest}")) {
      live.write("sport/a0.ts", "of another group");
      live.write("x.m3u8", playlist(0, "sport/a0.ts"));
      live.write("sport/x.m3u8", playlist(0, "../news/cam1/a0.ts"));
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      live.write("news/x.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ncam1/x.m3u8\n");
      eventually("the master is published", () -> store.has("on/air/tenants/news/live/x.m3u8"));
      assertThat(text("on/air/tenants/news/live/cam1/a0.ts")).isEqualTo("zero");
      eventually("the others are refused", () -> live.events(LiveEvent.Kind.REFUSED) == 2);

      assertThat(live.status("x.m3u8").trouble()).contains("lies in no folder below the live folder");
      assertThat(live.status("sport/x.m3u8").trouble()).contains("is in another group, which reelway.live.key");
      live.delete("news/cam1/a0.ts");
      live.write("news/cam1/a1.ts", "one");
      live.write("news/cam1/x.m3u8", playlist(1, "a1.ts"));
      eventually("what the window left is removed", () -> !store.has("on/air/tenants/news/live/cam1/a0.ts"));
    }
  }

  @Test
  void aLinkIsNeverSentWhateverItsName() throws Exception {
    Files.writeString(temp.resolve("secret"), "secret");
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.WINDOW, Duration.ofSeconds(1), true)) {
      live.write("news/cam1/a1.ts", "one");
      Files.createSymbolicLink(live.folder.resolve("news/cam1/a0.ts"), temp.resolve("secret"));
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts"));
      eventually("it is a gap", () -> text(BASE + "x.m3u8").contains("#EXT-X-GAP\na0.ts"));
      assertThat(store.keys()).containsExactlyInAnyOrder(BASE + "a1.ts", BASE + "x.m3u8");
    }
  }

  @Test
  void anotherHostsUrlIsLeftAsItIs() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      String all = playlist(0, "https://other.example/a.ts", "//cdn.example/b.ts", "a0.ts");
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", all);
      eventually("it is published", () -> text(BASE + "x.m3u8").equals(all));
    }
  }

  @ParameterizedTest
  @CsvSource({
      "s-10:30:05.ts,./s-10:30:05.ts", "a#1.ts,a%231.ts", "a?1.ts,a%3F1.ts", "a%20b.ts,a%2520b.ts", "100%.ts,100%25.ts",
      "sub/10:30.ts,sub/10:30.ts"})
  void aNameThatIsNoUriIsFollowedAsItStandsAndPublishedSoThatPlayersFindIt(String name, String uri) {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/" + name, "chunk");
      live.write("news/cam1/x.m3u8", playlist(0, name));
      eventually("it is published", () -> text(BASE + "x.m3u8").equals(playlist(0, uri)));
      assertThat(text(BASE + name)).isEqualTo("chunk");
      live.write("news/cam1/next.ts", "next");
      live.write("news/cam1/x.m3u8", playlist(0, name, "next.ts"));
      eventually("it goes on", () -> text(BASE + "x.m3u8").equals(playlist(0, uri, "next.ts")));
    }
  }

  @Test
  void aNameThatWasNotEscapedAndIsNotThereIsAGapThatSaysSo() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.WINDOW, Duration.ofSeconds(1), true)) {
      live.write("news/cam1/a1.ts", "one");
      live.write("news/cam1/x.m3u8", playlist(0, "a#0.ts", "a1.ts"));
      eventually("it is a gap", () -> live.status("news/cam1/x.m3u8") != null && live.status("news/cam1/x.m3u8").gaps() == 1);
      assertThat(live.events).anySatisfy(event -> assertThat(event.text()).contains("names \"a#0.ts\"", "begins an escape"));
    }
  }

  @Test
  void aByteOrderMarkIsNamed() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/x.m3u8", "\uFEFF" + playlist(0, "a0.ts"));
      eventually("it is refused", () -> live.state("news/cam1/x.m3u8").equals("refused"));
      assertThat(live.status("news/cam1/x.m3u8").trouble()).contains("byte order mark");
    }
  }

  @Test
  void aLostChunkBecomesAGapAndTheStreamGoesOn() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.WINDOW, Duration.ofSeconds(1), true)) {
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/a2.ts", "two");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts", "a2.ts"));
      eventually("it goes on", () -> text(BASE + "x.m3u8").contains("#EXT-X-GAP\na1.ts\n#EXTINF:1.0,\na2.ts\n"));
      eventually("it is told", () -> live.status("news/cam1/x.m3u8").gaps() == 1);
      assertThat(live.events(LiveEvent.Kind.GAP)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterARestartNothingIsSentAgainAndWhatIsNewIsPublished(boolean conditions) throws Exception {
    String[] names = IntStream.range(0, 6).mapToObj(i -> "a" + i + ".ts").toArray(String[]::new);
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, Duration.ofSeconds(60), conditions)) {
      for (String name : names) {
        live.write("news/cam1/" + name, name);
      }
      live.write("news/cam1/x.m3u8", playlist(0, names));
      eventually("all is published", () -> text(BASE + "x.m3u8").equals(playlist(0, names)));
      live.delete("news/cam1/a1.ts");
    }
    try (FaultyStore seen = FaultyStore.before(store.endpoint());
        LiveFixture live = new LiveFixture(temp, seen.endpoint(), LiveKeep.ALL, Duration.ofSeconds(60), conditions)) {
      List<String> sent = new CopyOnWriteArrayList<>();
      seen.onRequest(
          request -> {
            if (request.operation() == Operation.PUT) {
              sent.add(request.key());
            }
          });
      live.write("news/cam1/a6.ts", "six");
      live.write("news/cam1/x.m3u8", playlist(1, "a1.ts", "a2.ts", "a3.ts", "a4.ts", "a5.ts", "a6.ts"));
      eventually("the new one is published", () -> text(BASE + "x.m3u8").contains("a6.ts"));
      assertThat(text(BASE + "x.m3u8")).as("also what the media server removed").contains("a1.ts").doesNotContain("GAP");
      assertThat(sent).filteredOn(key -> key.endsWith(".ts")).containsExactly(BASE + "a6.ts");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNameThatIsUsedAgainNeverWritesOverWhatPlayersHave(boolean conditions) {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, Duration.ofSeconds(60), conditions)) {
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/a1.ts", "one");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts"));
      eventually("it is published", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts", "a1.ts")));
      live.write("news/cam1/a0.ts", "another zero");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      eventually("the new run is published", () -> text(BASE + "x.m3u8").contains("#EXT-X-DISCONTINUITY"));

      assertThat(text(BASE + "a0.ts")).isEqualTo("zero");
      String[] lines = text(BASE + "x.m3u8").split("\n");
      String last = lines[lines.length - 1];
      assertThat(last).matches("a0-[0-9a-f]{8}\\.ts");
      assertThat(text(BASE + last)).isEqualTo("another zero");
      assertThat(text(BASE + "x.m3u8")).contains("#EXT-X-MEDIA-SEQUENCE:1\n", "a1.ts\n#EXT-X-DISCONTINUITY\n");
      eventually("the restart is told", () -> live.events(LiveEvent.Kind.RESTART) > 0);
      assertThat(live.events(LiveEvent.Kind.RESTART)).isEqualTo(1);
    }
  }

  @Test
  void whatTheMediaServerRemovedGoesOnceNoPlaylistNamesItAndNothingElseDoes() {
    store.client().putObject(
        put -> put.bucket(TestStore.BUCKET).key(BASE + "foreign.ts"),
        software.amazon.awssdk.core.sync.RequestBody.fromString("not ours"));
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      for (int i = 0; i < 5; i++) {
        live.write("news/cam1/a" + i + ".ts", "chunk " + i);
      }
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts", "a1.ts", "a2.ts"));
      eventually("it is published", () -> store.has(BASE + "x.m3u8") && store.has(BASE + "a2.ts"));
      live.delete("news/cam1/a0.ts");
      live.delete("news/cam1/a2.ts");
      live.write("news/cam1/x.m3u8", playlist(2, "a2.ts", "a3.ts", "a4.ts"));
      eventually("the first one is removed", () -> !store.has(BASE + "a0.ts"));

      assertThat(store.keys()).as("a1 is still in the folder, a2 is still named")
          .contains(BASE + "a1.ts", BASE + "a2.ts", BASE + "a3.ts", BASE + "foreign.ts");
      live.delete("news/cam1/a1.ts");
      eventually("the second one is removed", () -> !store.has(BASE + "a1.ts"));
      eventually("both are told", () -> live.events(LiveEvent.Kind.REMOVED) == 2);
      assertThat(store.has(BASE + "foreign.ts")).isTrue();
    }
  }

  @Test
  void aPlaylistThatIsWrittenWhereItLiesIsFoundAndNeverTakenTorn() throws Exception {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/a1.ts", "one");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      eventually("it is published", () -> store.has(BASE + "x.m3u8"));
      Path file = live.folder.resolve("news/cam1/x.m3u8");
      Files.writeString(file, "", StandardOpenOption.TRUNCATE_EXISTING);
      Files.writeString(file, playlist(0, "a0.ts", "a1.ts"));
      eventually("the next one is published", () -> text(BASE + "x.m3u8").equals(playlist(0, "a0.ts", "a1.ts")));
      assertThat(live.events(LiveEvent.Kind.REFUSED)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "#EXT-X-ENDLIST\n"})
  void aChunkThatGrowsAfterItWasListedIsWholeInTheEnd(String end) throws Exception {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      live.write("news/cam1/s0.vtt", "whole");
      Path growing = live.folder.resolve("news/cam1/s1.vtt");
      Files.write(growing, new byte[100]);
      live.write("news/cam1/x.m3u8", playlist(0, "s0.vtt", "s1.vtt") + end);
      eventually("its start is published", () -> text(BASE + "x.m3u8").contains("s1.vtt"));
      Files.write(growing, new byte[4900], StandardOpenOption.APPEND);
      eventually("all of it is published", () -> text(BASE + "x.m3u8").matches("(?s).*s0.vtt\n#EXTINF:1.0,\ns1-[0-9a-f]{8}.vtt\n.*"));
      String last = text(BASE + "x.m3u8").lines().filter(line -> line.startsWith("s1")).findFirst().orElseThrow();
      assertThat(store.bytes(BASE + last)).hasSize(5000);
      assertThat(text(BASE + "x.m3u8").replace(last, "s1.vtt")).as("nothing is played again").isEqualTo(
          playlist(0, "s0.vtt", "s1.vtt") + end);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s1.ts", "s1.m4s"})
  void aChunkThatIsCutOffOrEmptyIsNotThereYet(String name) throws Exception {
    try (LiveFixture live =
        LiveFixture.settling(temp, store.endpoint(), Duration.ofMinutes(1))) {
      byte[] box = {0, 0, 0, 100, 'm', 'd', 'a', 't'};
      live.write("news/cam1/s0.ts", new byte[188]);
      Path growing = live.folder.resolve("news/cam1/" + name);
      Files.write(growing, new byte[0]);
      live.write("news/cam1/x.m3u8", playlist(0, "s0.ts", name));
      eventually("the whole one is published", () -> text(BASE + "x.m3u8").equals(playlist(0, "s0.ts")));
      eventually("the empty one is waited for", () -> live.status("news/cam1/x.m3u8").awaited().equals(List.of(name)));
      Files.write(growing, name.endsWith("ts") ? new byte[100] : box);
      live.write("news/cam1/x.m3u8", playlist(0, "s0.ts", name));
      Files.write(growing, new byte[name.endsWith("ts") ? 88 : 92], StandardOpenOption.APPEND);
      eventually("all of it is published", () -> text(BASE + "x.m3u8").equals(playlist(0, "s0.ts", name)));
      assertThat(store.bytes(BASE + name)).hasSize(name.endsWith("ts") ? 188 : 100);
    }
  }

  @Test
  void onlyTheChunkThatIsWrittenAnewGetsANewPlace() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      String[] names = IntStream.range(0, 8).mapToObj(i -> "a" + i + ".ts").toArray(String[]::new);
      for (String name : names) {
        live.write("news/cam1/" + name, name);
      }
      live.write("news/cam1/x.m3u8", playlist(0, names));
      eventually("all is published", () -> text(BASE + "x.m3u8").equals(playlist(0, names)));
      live.write("news/cam1/a5.ts", "another five");
      live.write("news/cam1/x.m3u8", playlist(0, names));
      eventually("it has a new place", () -> text(BASE + "x.m3u8").matches("(?s).*\na5-[0-9a-f]{8}.ts\n.*"));
      assertThat(text(BASE + "x.m3u8").replaceFirst("a5-[0-9a-f]{8}", "a5")).isEqualTo(playlist(0, names));
      assertThat(text(BASE + "a5.ts")).as("for those who have it in a cache").isEqualTo("a5.ts");
      assertThat(live.events(LiveEvent.Kind.RESTART)).isZero();
    }
  }

  @Test
  void rangesOfAFileThatGrowsArePublishedAsFarAsItIsWritten() throws Exception {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      String head = LiveFixture.HEAD + "#EXT-X-MEDIA-SEQUENCE:0\n";
      String one = "#EXT-X-BYTERANGE:4@0\n#EXTINF:1.0,\nall.ts\n";
      String two = "#EXT-X-BYTERANGE:3\n#EXTINF:1.0,\nall.ts\n";
      live.write("news/cam1/all.ts", "zero");
      live.write("news/cam1/x.m3u8", head + one);
      eventually("the first range is published", () -> text(BASE + "x.m3u8").equals(head + one));
      Files.writeString(live.folder.resolve("news/cam1/all.ts"), "one", StandardOpenOption.APPEND);
      live.write("news/cam1/x.m3u8", head + one + two);
      eventually("the second range is published", () -> text(BASE + "x.m3u8").equals(head + one + two));
      assertThat(text(BASE + "all.ts")).isEqualTo("zeroone");
      assertThat(head(BASE + "all.ts").cacheControl()).isEqualTo("no-cache");
    }
  }

  @Test
  void oneStreamsTroubleDoesNotDelayAnothers() {
    try (FaultyStore faulty = FaultyStore.before(store.endpoint())) {
      faulty.direct(
          request -> request.operation() == Operation.PUT && request.target().contains("/bad/") ? StoreFault.silence() : null);
      try (LiveFixture live = new LiveFixture(temp, faulty.endpoint())) {
        for (int i = 0; i < 20; i++) {
          live.write("bad/cam/b" + i + ".ts", "bad " + i);
        }
        live.write("bad/cam/x.m3u8",
            playlist(0, IntStream.range(0, 20).mapToObj(i -> "b" + i + ".ts").toArray(String[]::new)));
        eventually("the bad one is at work", () -> faulty.played() >= 2);
        live.write("news/cam1/a0.ts", "zero");
        live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
        eventually("the good one is published", () -> store.has(BASE + "x.m3u8"));
        assertThat(store.has("on/air/bad/cam/x.m3u8")).isFalse();
        assertThat(faulty.played()).as("no more than its share").isLessThan(12);
      }
    }
  }

  @Test
  void aStoreThatTakesNothingForLongCostsNoChunk() {
    try (FaultyStore faulty = FaultyStore.before(store.endpoint());
        LogLines log = new LogLines(LiveOutage.class.getName())) {
      faulty.failAlways(Operation.PUT, StoreFault.refusal(503, "SlowDown"));
      try (LiveFixture live =
          new LiveFixture(temp, faulty.endpoint(), LiveKeep.WINDOW, Duration.ofSeconds(1), true)) {
        String[] names = IntStream.range(0, 8).mapToObj(i -> "a" + i + ".ts").toArray(String[]::new);
        for (String name : names) {
          live.write("news/cam1/" + name, name);
        }
        live.write("news/cam1/x.m3u8", playlist(0, names));
        eventually("the log says that it begins",
            () -> text(log).contains("live news/cam1/x.m3u8 does not get into the store"));
        eventually("its trouble is shown", () -> live.status("news/cam1/x.m3u8").trouble().contains("SlowDown"));
        assertThat(live.status("news/cam1/x.m3u8").retries()).isPositive();
        faulty.heal();
        eventually("all is published", () -> text(BASE + "x.m3u8").equals(playlist(0, names)));
        assertThat(live.events(LiveEvent.Kind.GAP)).isZero();
        eventually("the log says that it is over",
            () -> text(log).contains("live streams get into the store again"));
        assertThat(text(log)).containsOnlyOnce("does not get into the store").containsOnlyOnce("get into the store again")
            .containsPattern("after \\d+ s: \\d+ tries failed, 1 playlists waited, 0 chunks were not sent");
        assertThat(live.status("news/cam1/x.m3u8").events()).noneMatch(event -> event.kind() == LiveEvent.Kind.RETRY);
        eventually("no trouble is shown", () -> live.status("news/cam1/x.m3u8").trouble().isEmpty());
      }
    }
  }

  @Test
  void aMasterComesLast() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      String master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ncam1/x.m3u8\n";
      live.write("news/master.m3u8", master);
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      eventually("both are known", () -> live.publisher.statuses().size() == 2);
      assertThat(store.keys()).isEmpty();
      live.write("news/cam1/a0.ts", "zero");
      eventually("it is published", () -> text("on/air/news/master.m3u8").equals(master));
      assertThat(store.keys()).contains(BASE + "x.m3u8");
    }
  }

  @Test
  void whatWasNotSentBeforeTheWindowMovedOnIsShed() {
    try (FaultyStore faulty = FaultyStore.before(store.endpoint())) {
      faulty.direct(
          request -> request.operation() == Operation.PUT && request.target().contains("a0.ts")
              ? StoreFault.refusal(503, "SlowDown") : null);
      try (LiveFixture live = new LiveFixture(temp, faulty.endpoint())) {
        live.write("news/cam1/a0.ts", "zero");
        live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
        eventually("it is tried", () -> live.events(LiveEvent.Kind.RETRY) > 0);
        live.write("news/cam1/a1.ts", "one");
        live.write("news/cam1/x.m3u8", playlist(1, "a1.ts"));
        eventually("the newer one is published", () -> text(BASE + "x.m3u8").equals(playlist(1, "a1.ts")));
        assertThat(live.events(LiveEvent.Kind.SHED)).isEqualTo(1);
        eventually("it is not behind any more", () -> live.status("news/cam1/x.m3u8").behindSince() == null);
      }
    }
  }

  @Test
  void aHostileHundredThousandEntriesDoNotHoldUpTheOthers() {
    try (LiveFixture live = new LiveFixture(temp, store.endpoint())) {
      String[] many = IntStream.range(0, 100_000).mapToObj(i -> "none-" + i + ".ts").toArray(String[]::new);
      live.write("bad/cam/x.m3u8", playlist(0, many));
      live.write("news/cam1/a0.ts", "zero");
      live.write("news/cam1/x.m3u8", playlist(0, "a0.ts"));
      eventually("the good one is published", () -> store.has(BASE + "x.m3u8"));
      eventually("the other is told of", () -> live.status("bad/cam/x.m3u8").awaitedCount() == 100_000);
      assertThat(List.copyOf(store.keys())).noneMatch(key -> key.contains("bad"));
    }
  }

  @Test
  void withAllACompletePlaylistIsKeptAlsoOverRestartsAndANewRunOfTheEncoder() {
    for (int start = 0; start < 3; start++) {
      try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, Duration.ofSeconds(60), true)) {
        for (int i = 3 * start; i < 3 * start + 3; i++) {
          live.write("news/cam1/a" + i + ".ts", "chunk " + i);
          String newest = "a" + i + ".ts";
          String list = i == 0 ? playlist(0, newest) : playlist(i - 1, "a" + (i - 1) + ".ts", newest);
          live.write("news/cam1/x.m3u8", list);
          eventually(newest + " is published", () -> text(BASE + "x.m3u8").equals(list));
          if (i > 0) {
            live.delete("news/cam1/a" + (i - 1) + ".ts");
          }
        }
      }
    }
    try (LiveFixture live = new LiveFixture(temp, store.endpoint(), LiveKeep.ALL, Duration.ofSeconds(60), true)) {
      live.write("news/cam1/b0.ts", "another run");
      live.write("news/cam1/x.m3u8", playlist(0, "b0.ts") + "#EXT-X-ENDLIST\n");
      eventually("it has ended", () -> text(BASE + "x-vod.m3u8").contains("#EXT-X-ENDLIST"));
    }
    String all = text(BASE + "x-vod.m3u8");
    assertThat(all.lines().filter(line -> !line.startsWith("#")))
        .containsExactly("a0.ts", "a1.ts", "a2.ts", "a3.ts", "a4.ts", "a5.ts", "a6.ts", "a7.ts", "a8.ts", "b0.ts");
    assertThat(all).contains("#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MEDIA-SEQUENCE:0\n", "a8.ts\n#EXT-X-DISCONTINUITY\n");
    all.lines().filter(line -> !line.startsWith("#")).forEach(uri -> assertThat(store.has(BASE + uri)).as(uri).isTrue());
  }
}
