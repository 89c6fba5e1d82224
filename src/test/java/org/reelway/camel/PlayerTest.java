package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser.NewPageOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.state.TestState;
import org.reelway.testkit.Browser;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.core.sync.RequestBody;

/** The player's page in a real browser, which plays what the real store has. */
class PlayerTest {
  private static final int SEGMENTS = 12;
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static Browser browser;
  private static TestStore store;
  private static Sidecar sidecar;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    store = TestStore.start(folder.resolve("store"));
    Path media = Files.createDirectories(folder.resolve("media"));
    Ffmpeg.run(List.of(
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=" + SEGMENTS, "-f", "lavfi", "-i",
        "sine=frequency=440:duration=" + SEGMENTS, "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-keyint_min", "25",
        "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "hls", "-hls_time", "1", "-hls_list_size", "0", "-hls_segment_filename",
        media.resolve("%d.ts").toString(), media.resolve("whole.m3u8").toString()));
    try (Stream<Path> files = Files.list(media)) {
      for (Path file : files.toList()) {
        put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    Map<String, String> settings = new LinkedHashMap<>(Map.of(
        "reelway.recordings.folder", Files.createDirectories(folder.resolve("recordings")).toString(),
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.store.endpoint", store.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    sidecar = new Sidecar(TestState.load(settings), Path.of("."));
    sidecar.start();
  }

  private static void put(String name, byte[] content) {
    store.client().putObject(
        put -> put.bucket(TestStore.BUCKET).key("viewer/film/" + name), RequestBody.fromBytes(content));
  }

  @AfterAll
  static void stop() {
    if (sidecar != null) {
      sidecar.close();
      store.close();
      browser.close();
    }
  }

  @AfterEach
  void nothingWentWrong() {
    assertThat(browser.errors()).isEmpty();
    assertThat(browser.requests()).isNotEmpty().allMatch(address ->
        address.startsWith(sidecar.http() + "/") || address.startsWith("blob:") || address.startsWith("data:"));
  }

  private static String address(String query) {
    return sidecar.http() + "/player?" + query;
  }

  private static String state(Page page) {
    return page.locator("body").getAttribute("data-state");
  }

  private static double seconds(Page page) {
    return ((Number) page.evaluate("() => document.querySelector('video').currentTime")).doubleValue();
  }

  private static int pictures(Page page) {
    return ((Number) page.evaluate("() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames")).intValue();
  }

  private static void awaitState(Page page, String state) {
    page.waitForFunction("wanted => document.body.dataset.state === wanted", state);
  }

  /** A window of four segments as a packager writes it. */
  private static void publish(String name, int first, boolean ended) {
    publish(name, first, 4, ended);
  }

  private static void publish(String name, int first, int count, boolean ended) {
    List<String> lines = new ArrayList<>(List.of("#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:1", "#EXT-X-MEDIA-SEQUENCE:" + first));
    for (int segment = first; segment < Math.min(first + count, SEGMENTS); segment++) {
      lines.addAll(List.of("#EXTINF:1.0,", segment + ".ts"));
    }
    if (ended) {
      lines.add("#EXT-X-ENDLIST");
    }
    put(name, (String.join("\n", lines) + "\n").getBytes());
  }

  @Test
  void anAnswerThatIsNoRecordIsSaidAndTheStreamIsAskedForAgain() {
    try (Page page = browser.open(address("src=nowhere"))) {
      page.route("**/streams/odd", route -> route.fulfill(new Route.FulfillOptions().setStatus(200).setBody("<p>Log in")));
      page.navigate(address("stream=odd"));
      awaitState(page, "failed");
      page.unroute("**/streams/odd");
      awaitState(page, "absent");
    }
  }

  @Test
  void aStreamThatBeginsIsPlayedWhileItIsLiveAndItsEndIsSaid() throws IOException {
    try (Page page = browser.open(address("src=watch/film/live.m3u8"))) {
      awaitState(page, "waiting");
      assertThat(page.locator("#status").textContent()).contains("begins by itself");

      publish("live.m3u8", 0, false);
      awaitState(page, "live");
      for (int first = 1; first <= SEGMENTS - 4; first++) {
        publish("live.m3u8", first, first == SEGMENTS - 4);
        page.waitForTimeout(900);
        if (first == 3) {
          assertThat(page.locator("#status").textContent()).isEqualTo("Live.");
          screenshot(page);
        }
        if (first == 6) {
          assertThat(pictures(page)).isGreaterThan(50);
          assertThat(seconds(page)).isGreaterThan(2);
        }
      }
      awaitState(page, "ended");

      assertThat(page.locator("#status").textContent()).isEqualTo("The stream has ended.");
    }
  }

  /** For the docs. */
  private static void screenshot(Page page) throws IOException {
    page.waitForFunction("() => document.querySelector('video').currentTime > 1");
    if (Boolean.getBoolean("reelway.docs.write")) {
      Files.createDirectories(Path.of("docs", "images"));
      page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("docs", "images", "player.png")));
    }
  }

  @Test
  void whatIsLeftOfAStreamIsPlayedAndSaidToBeThat() {
    try (Page page = browser.open(address("src=" + sidecar.http() + "/watch/film/whole.m3u8"))) {
      awaitState(page, "recorded");
      await().atMost(SOON).until(() -> seconds(page) > 1);

      double before = seconds(page);
      await().atMost(SOON).until(() -> seconds(page) > before + 1);
      assertThat(pictures(page)).isGreaterThan(10);
      assertThat((Boolean) page.evaluate("() => document.querySelector('video').videoWidth === 320")).isTrue();
    }
  }

  @Test
  void aBrowserThatPlaysHlsItselfIsLeftToDoSo() {
    try (Page page = browser.openAsApple(address("src=watch/film/whole.m3u8"))) {
      assumeTrue(
          (Boolean) page.evaluate("() => document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== ''"),
          "this chromium plays no HLS itself");
      awaitState(page, "recorded");
      await().atMost(SOON).until(() -> seconds(page) > 1);

      assertThat((String) page.evaluate("() => document.querySelector('video').src")).endsWith("/watch/film/whole.m3u8");
      page.evaluate("() => { document.querySelector('video').currentTime = 11; }");
      awaitState(page, "ended");
    }
  }

  @Test
  void whoFellBehindGoesToLiveByAButton() {
    publish("behind.m3u8", 0, SEGMENTS, false);
    try (Page page = browser.open(address("src=watch/film/behind.m3u8"))) {
      awaitState(page, "live");
      await().atMost(SOON).until(() -> seconds(page) > 7);
      assertThat(page.locator("#edge").isVisible()).isFalse();

      page.evaluate("() => { document.querySelector('video').currentTime = 0.2; }");
      page.waitForSelector("#edge");
      page.locator("#edge").press("Enter");
      await().atMost(SOON).until(() -> seconds(page) > 7);
      page.waitForFunction("() => document.getElementById('edge').hidden");
    }
  }

  @Test
  void itIsWorkedByTheKeyboard() {
    try (Page page = browser.open(address("src=watch/film/whole.m3u8"))) {
      await().atMost(SOON).until(() -> seconds(page) > 0.5);

      page.keyboard().press("Tab");
      assertThat(page.evaluate("() => document.activeElement.id")).isEqualTo("video");
      page.keyboard().press("Space");
      page.waitForFunction("() => document.querySelector('video').paused");
      page.keyboard().press("Space");
      page.waitForFunction("() => !document.querySelector('video').paused");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "src=https://example.com/live.m3u8", "src=//example.com/live.m3u8", "src=javascript:alert(1)", "src=/recordings",
      "src=watch/../recordings", "src=data:application/vnd.apple.mpegurl,x", "src=", "", "stream="})
  void anAddressOfOthersIsNotAskedFor(String query) {
    try (Page page = browser.open(address(query))) {
      awaitState(page, "refused");
      assertThat(page.url()).startsWith(sidecar.http() + "/player");
    }
  }

  @Test
  void aStreamThatIsNotThereIsSaidNotToBeAndItsNameIsText() {
    String name = "<img src=x onerror=alert(1)>";
    try (Page page = browser.open(address("stream=" + java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)))) {
      awaitState(page, "absent");

      assertThat(page.locator("#status").textContent()).isEqualTo("There is no stream " + name + ".");
      assertThat(page.locator("img").count()).isZero();
    }
  }

  @Test
  void itFitsAPhoneAndFollowsItsColours() {
    NewPageOptions phone =
        new NewPageOptions().setViewportSize(360, 640).setIsMobile(true).setHasTouch(true).setColorScheme(ColorScheme.DARK);
    try (Page page = browser.open(address("src=watch/film/whole.m3u8"), phone)) {
      await().atMost(SOON).until(() -> seconds(page) > 0.2);

      assertThat((Boolean) page.evaluate("() => document.documentElement.scrollWidth <= 360")).isTrue();
      assertThat(page.evaluate("() => getComputedStyle(document.body).backgroundColor")).isEqualTo("rgb(20, 22, 26)");
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
      assertThat(page.evaluate("() => getComputedStyle(document.body).backgroundColor")).isEqualTo("rgb(244, 245, 247)");
    }
  }
}
