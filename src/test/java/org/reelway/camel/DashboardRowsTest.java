package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser.NewPageOptions;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.TestState;
import org.reelway.testkit.Browser;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.MultiTrackMp4;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** Each row of the page at / and what can be pressed in it, beside a real media server, with a stream that is on all the time. */
class DashboardRowsTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String ROOM = "multi-recorder://room";

  @TempDir static Path folder;
  private static Browser browser;
  private static TestStore store;
  private static TestStore second;
  private static NginxRtmp server;
  private static NginxRtmp destination;
  private static RtmpPublisher publisher;
  private static LiveEncoder encoder;
  private static Recordings recordings;
  private static Sidecar sidecar;
  private static HttpCalls http;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    NginxRtmp.assumeInstalled();
    store = TestStore.start(folder.resolve("store"));
    second = TestStore.start(folder.resolve("second"));
    server = NginxRtmp.at(folder.resolve("server"));
    destination = NginxRtmp.start(folder.resolve("destination"));
    recordings = new Recordings(Files.createDirectories(folder.resolve("recordings")).toRealPath());
    Path state = Files.createDirectories(folder.resolve("state"));
    // Unpacked already.
    assertThat(LiveEncoder.PROGRAMS.ffmpeg()).exists();
    Files.createSymbolicLink(state.resolve("ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    sidecar = sidecar(recordings.folder(), state, store, Map.of(
        "reelway.live.folder", Files.createDirectories(folder.resolve("live")).toString(),
        "reelway.live.prefix", "live",
        "reelway.routing.source", "rtmp://" + server.address() + "/{app}/{stream}",
        "reelway.routing.destinations", destination.rtmp("{stream}"),
        "reelway.recorder.every-stream", "true",
        "reelway.multirecorder.source", "rtmp://" + server.address() + "/{app}/{stream}"));
    http = new HttpCalls(sidecar.http());
    String hook = sidecar.http() + "/hooks/nginx-rtmp";
    server.start("on_publish " + hook + ";", "on_publish_done " + hook + ";");
    publisher = RtmpPublisher.publish(folder, server, "cam");
    encoder = LiveEncoder.start(
        folder.resolve("live/hall"), 600, "-pix_fmt", "yuv420p", "-hls_list_size", "6");
  }

  private static Sidecar sidecar(Path folderOfRecordings, Path state, TestStore home, Map<String, String> more) {
    Map<String, String> settings = new LinkedHashMap<>(Map.of(
        "reelway.recordings.folder", folderOfRecordings.toString(),
        "reelway.state.folder", state.toString(),
        "reelway.store.endpoint", home.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    settings.putAll(more);
    Sidecar made = new Sidecar(TestState.load(settings), Path.of("."));
    made.start();
    return made;
  }

  @AfterAll
  static void stop() {
    if (sidecar != null) {
      encoder.close();
      publisher.close();
      sidecar.close();
      server.close();
      destination.close();
      second.close();
      store.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void nothingWentWrong() {
    assertThat(browser.errors()).isEmpty();
  }

  private static Page open() {
    Page page = browser.open(sidecar.http() + "/");
    page.waitForFunction("() => document.getElementById('link').textContent.includes('ealthy')");
    return page;
  }

  /** @param section by its heading */
  private static Locator row(Page page, String section, String text) {
    Locator row =
        page.locator("section[aria-labelledby='" + section + "'] li", new Page.LocatorOptions().setHasText(text)).first();
    row.waitFor(new Locator.WaitForOptions().setTimeout(SOON.toMillis()));
    return row;
  }

  private static void press(Page page, Locator row, String name) {
    row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name + ":")).click();
    page.locator("#confirm-yes").click();
    page.waitForFunction("words => document.getElementById('said').textContent === words", name + ": done.");
  }

  private static JsonNode first(String path, String member) {
    return http.get(path).json().path(member).path(0);
  }

  @Test
  void aRelayIsBegunAnewByItsButton() {
    try (Page page = open()) {
      Locator row = row(page, "relays", "cam");
      await().atMost(SOON).untilAsserted(() -> assertThat(row.textContent()).contains("running", destination.address()));
      int runs = first("/relays", "relays").path("runs").asInt();

      press(page, row, "Restart");

      await().atMost(SOON).untilAsserted(() -> assertThat(first("/relays", "relays").path("runs").asInt()).isGreaterThan(runs));
      await().atMost(SOON).untilAsserted(() -> assertThat(row.textContent()).contains("run " + (runs + 1)));
    }
  }

  @Test
  void recordersAndMultiRecordersAreShownWithTheirStreams() {
    http.post("/rest-api/multipleRecorder/startup", "application/json", "{\"uri\":\"" + ROOM + "\"}");
    await().atMost(SOON).until(() -> http.post(
        "/rest-api/multipleRecorder/add", "application/json", "{\"uri\":\"" + ROOM + "\",\"mediaSessionId\":\"cam\"}").status() != 404);
    try (Page page = open()) {
      assertThat(row(page, "recorders", "cam").textContent()).contains("cam", "by ");
      Locator room = row(page, "multirecorders", ROOM);
      await().atMost(SOON).untilAsserted(() -> assertThat(room.textContent()).contains("cam ("));
      // The disk is looked at each minute: its figure may come later than the page.
      await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> assertThat(page.locator("ul[aria-label=Figures]").textContent())
          .contains("Disk", "free of", "Sending", "Set aside"));
      assertThat(row(page, "folders", recordings.folder().toString()).textContent()).contains("watched by ");
    } finally {
      http.post("/rest-api/multipleRecorder/terminate", "application/json", "{\"uri\":\"" + ROOM + "\"}");
    }
  }

  @Test
  void aLivePlaylistHasItsDelayAndPlaysInItsRow() {
    try (Page page = open()) {
      Locator row = row(page, "playlists", "hall/playlist.m3u8");
      await().atMost(SOON).untilAsserted(() -> assertThat(row.textContent()).contains("hls", "live", "chunks after "));
      Locator play = row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Play hall/playlist.m3u8"));
      play.press("Enter");

      assertThat(row.locator("iframe").getAttribute("title")).isEqualTo("Player of hall/playlist.m3u8");
      FrameLocator player = row.frameLocator("iframe");
      player.locator("body[data-state=live]").waitFor(new Locator.WaitForOptions().setTimeout(SOON.toMillis()));
      await().atMost(SOON).untilAsserted(() -> assertThat(
          ((Number) player.locator("video").evaluate("it => it.getVideoPlaybackQuality().totalVideoFrames")).intValue()).isGreaterThan(25));
      // News redraw the row, and the player goes on.
      page.waitForTimeout(2500);
      assertThat(player.locator("body").getAttribute("data-state")).isEqualTo("live");

      row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Close the player of")).click();
      assertThat(row.locator("iframe").count()).isZero();
    }
  }

  @Test
  void whatLiesBesideLivePlaylistsIsNotShown() {
    Recordings.mark(recordings.random("private.mp4", 1000, 1));
    await().atMost(SOON).until(() -> store.has("private.mp4"));
    await().atMost(SOON).until(() -> http.get("/live/watch/live/hall/playlist.m3u8").status() == 200);

    assertThat(http.get("/live/watch/live/hall/playlist.m3u8").header("Content-Type")).isEqualTo("application/vnd.apple.mpegurl");
    assertThat(http.get("/live/watch/private.mp4").status()).isEqualTo(404);
    assertThat(http.get("/live/watch/live/hall/../../private.mp4").status()).isEqualTo(404);
    assertThat(http.get("/live/watch/live/hall/%2e%2e/%2e%2e/private.mp4").status()).isEqualTo(404);
    assertThat(http.get("/live/watch/live/other/playlist.m3u8").status()).isEqualTo(404);
    assertThat(http.get("/live/watch/").status()).isEqualTo(404);
    assertThat(http.get("/watch/live/hall/playlist.m3u8").status()).as("that is for viewers").isEqualTo(404);
  }

  @Test
  void aMixIsCancelledTriedAgainAndDropped() throws Exception {
    Path room = recordings.folder().resolve("long-room.mp4");
    new MultiTrackMp4()
        .take("Ann", "a", 0, 60, 0).video("red", 160, 90, 25).audio(500, 48000, "mono").and()
        .take("Bob", "b", 0, 60, 0).video("blue", 160, 90, 25).audio(700, 48000, "mono").and()
        .write(room);
    assertThat(http.post("/mixes", "application/json", "{\"file\":\"" + room + "\"}").status()).isEqualTo(200);
    try (Page page = open()) {
      Locator row = row(page, "mixes", "long-room.mp4");
      await().atMost(SOON).untilAsserted(() -> assertThat(row.textContent()).contains(" %"));
      press(page, row, "Cancel");
      await().atMost(SOON).untilAsserted(() -> assertThat(row.textContent()).contains("cancelled"));
      press(page, row, "Retry");
      await().atMost(SOON).untilAsserted(() -> assertThat(row.textContent()).doesNotContain("cancelled"));
      press(page, row, "Drop");
      row.waitFor(new Locator.WaitForOptions().setState(com.microsoft.playwright.options.WaitForSelectorState.DETACHED));
      assertThat(http.get("/mixes").json().path("mixes")).isEmpty();
      assertThat(room).exists();
    }
  }

  @Test
  void recordingsInTheBackupAreBroughtBackByTheirButton() throws Exception {
    Path own = Files.createDirectories(folder.resolve("own"));
    TestStore home = TestStore.start(folder.resolve("home"));
    int port = home.endpoint().getPort();
    Recordings its = new Recordings(Files.createDirectories(own.resolve("recordings")).toRealPath());
    try (Sidecar other = sidecar(its.folder(), Files.createDirectories(own.resolve("state")), home, Map.of(
            "reelway.backup.endpoint", second.endpoint().toString(),
            "reelway.backup.bucket", TestStore.BUCKET,
            "reelway.backup.access-key", TestStore.ACCESS_KEY,
            "reelway.backup.secret-key", TestStore.SECRET_KEY,
            "reelway.backup.after", "1s",
            "reelway.transfer.retry-max", "1s"))) {
      home.close();
      Recordings.mark(its.random("sheltered.mp4", 1000, 7));
      HttpCalls calls = new HttpCalls(other.http());
      await().atMost(SOON).until(() -> calls.get("/backup").json().path("recordings").asInt() == 1);
      try (Page page = browser.open(other.http() + "/")) {
        Locator backup = page.locator("section[aria-labelledby=backup]");
        backup.waitFor();
        assertThat(backup.textContent()).contains("1 recording, 1000 B");
        assertThat(page.locator("ul[aria-label=Figures]").textContent()).contains("In the backup");

        try (TestStore again = TestStore.start(folder.resolve("home"), port)) {
          press(page, backup, "Bring back now");
          await().atMost(SOON).until(() -> again.has("sheltered.mp4"));
          backup.waitFor(new Locator.WaitForOptions().setState(com.microsoft.playwright.options.WaitForSelectorState.DETACHED));
        }
      }
    }
  }

  @Test
  void whoMayOnlyLookFindsButtonsOutOfForceAndWhatOthersDidIsShown() throws Exception {
    Path own = Files.createDirectories(folder.resolve("guarded"));
    Recordings its = new Recordings(Files.createDirectories(own.resolve("recordings")).toRealPath());
    Path accounts = Files.writeString(own.resolve("accounts"), "vera read secret-of-vera-01\nolga operate secret-of-olga-01\n");
    try (Sidecar other = sidecar(
        its.folder(), Files.createDirectories(own.resolve("state")), store, Map.of("reelway.http.access-file", accounts.toString()))) {
      HttpCalls calls = new HttpCalls(other.http()).as("olga", "secret-of-olga-01");
      Recordings.mark(its.random("guarded.mp4", 1000, 8));
      await().atMost(SOON).until(() -> calls.get("/recordings?state=done").json().path("recordings").size() == 1);
      for (String who : List.of("vera", "olga")) {
        NewPageOptions options = new NewPageOptions().setHttpCredentials(who, "secret-of-" + who + "-01");
        try (Page page = browser.open(other.http() + "/", options)) {
          page.locator("#found .plain").click();
          Locator story = page.locator("#found .story");
          Locator again = story.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Upload again:"));
          again.waitFor();
          assertThat(again.isEnabled()).as(who).isEqualTo(who.equals("olga"));
          if (who.equals("olga")) {
            press(page, story, "Upload again");
            Locator done = row(page, "actions", "/upload");
            assertThat(done.textContent()).contains("by olga (operate)", "from 127.0.0.1", "202");
          }
        }
      }
    }
  }

  @Test
  void aStreamOfTheLiveWorkflowIsStartedPlayedAndStopped() {
    http.post("/streams", "application/json", "{\"name\": \"Side room\", \"description\": \"x\", \"segment_length\": 10}");
    try (Page page = open()) {
      Locator row = row(page, "streams", "Side room");
      press(page, row, "Start");
      row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Stop:")).waitFor();
      row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Play Side room")).click();
      row.frameLocator("iframe").locator("body[data-state=waiting]").waitFor();
      press(page, row, "Stop");
      row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Start:")).waitFor();
    }
  }

  @Test
  void nothingOfItIsAnObstacleByAxeInEitherColoursOnADeskOrAPhone() {
    Recordings.mark(recordings.random("seen.mp4", 2000, 2));
    await().atMost(SOON).until(() -> http.get("/recordings?state=done&search=seen.mp4").json().path("recordings").size() == 1);
    for (NewPageOptions options : List.of(
        new NewPageOptions().setViewportSize(1200, 900).setColorScheme(ColorScheme.LIGHT),
        new NewPageOptions().setViewportSize(360, 640).setIsMobile(true).setHasTouch(true).setColorScheme(ColorScheme.DARK))) {
      try (Page page = browser.open(sidecar.http() + "/", options)) {
        row(page, "relays", "cam");
        row(page, "playlists", "hall/playlist.m3u8").getByText("Play", new Locator.GetByTextOptions().setExact(true)).click();
        page.locator("#found .plain", new Page.LocatorOptions().setHasText("seen.mp4")).click();
        page.locator("ol[aria-label='Timeline of seen.mp4'] li").first().waitFor();
        page.locator("#flow-details > summary").click();
        page.locator("#flow-steps .box").first().waitFor();
        assertThat(Browser.obstacles(page)).isEmpty();

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Restart:")).first().click();
        assertThat(Browser.obstacles(page)).as("with the question open").isEmpty();
        page.locator("#confirm-no").click();
        assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
            .isLessThanOrEqualTo(page.viewportSize().width);
      }
    }
  }

  /** By the tab key alone, from the page's beginning: everything that can be pressed comes in its turn, and shows that it is. */
  @Test
  void theTabKeyComesToEverythingThatCanBePressed() {
    try (Page page = open()) {
      row(page, "relays", "cam");
      row(page, "playlists", "hall/playlist.m3u8");
      page.locator("#flow-details > summary").click();
      page.locator("#flow-steps .box").first().waitFor();
      page.evaluate("() => { document.activeElement.blur(); window.seen = new Set();"
          + " document.addEventListener('focusin', event => seen.add(event.target)); }");
      int wanted = ((Number) page.evaluate("() => [...document.querySelectorAll('a[href], button, input, select, summary')]"
          + ".filter(it => it.checkVisibility() && !it.closest('dialog')).length")).intValue();
      for (int turn = 0; turn < wanted + 20; turn++) {
        page.keyboard().press("Tab");
      }
      List<String> missed = ((List<?>) page.evaluate("() => [...document.querySelectorAll('a[href], button, input, select, summary')]"
          + ".filter(it => it.checkVisibility() && !it.closest('dialog') && !seen.has(it)).map(it => it.outerHTML)"))
          .stream().map(String::valueOf).toList();
      assertThat(missed).isEmpty();
    }
  }
}
