package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser.NewPageOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.CallbackRow;
import org.reelway.state.TestState;
import org.reelway.testkit.Browser;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/** The page at / in a real browser, beside a sidecar that carries recordings into a real store. */
class DashboardTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final long PLENTY = 1L << 40;

  @TempDir static Path folder;
  private static Browser browser;
  private static TestStore store;
  private static SlowWire wire;
  private static CallbackReceiver backend;
  private static Recordings recordings;
  private static Sidecar sidecar;
  private static HttpCalls http;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    store = TestStore.start(folder.resolve("store"));
    wire = SlowWire.to(store.endpoint(), PLENTY);
    backend = new CallbackReceiver();
    recordings = new Recordings(Files.createDirectories(folder.resolve("recordings")).toRealPath());
    Map<String, String> settings = new LinkedHashMap<>(Map.of(
        "reelway.recordings.folder", recordings.folder().toString(),
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.store.endpoint", wire.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.transfer.part-size", "5MiB",
        "reelway.store.max-object-size", "1GiB",
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    settings.putAll(Map.of(
        "reelway.callbacks.url", "cms=" + backend.uri("/hook"),
        "reelway.callbacks.allow-private", "127.0.0.1",
        "reelway.callbacks.retry-first", "1h",
        "reelway.callbacks.retry-max", "1h"));
    sidecar = new Sidecar(TestState.load(settings), Path.of("."));
    sidecar.start();
    http = new HttpCalls(sidecar.http());
  }

  @AfterAll
  static void stop() {
    if (sidecar != null) {
      sidecar.close();
      backend.close();
      wire.close();
      store.close();
      browser.close();
    }
  }

  @AfterEach
  void nothingWentWrongAndNoOtherHostWasAsked() {
    assertThat(browser.errors()).isEmpty();
    assertThat(browser.requests()).allMatch(address ->
        address.startsWith(sidecar.http() + "/") || address.startsWith("data:"));
  }

  private static Page open() {
    Page page = browser.open(sidecar.http() + "/");
    page.waitForFunction("() => document.getElementById('link').textContent.includes('ealthy')");
    return page;
  }

  private static void send(String name, int bytes) {
    Recordings.mark(recordings.random(name, bytes, name.hashCode()));
  }

  private static void awaitDone(String name) {
    await().atMost(SOON).until(() -> http.get("/recordings?state=done&search=" + name).body().contains(name));
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(false)).first();
  }

  private static boolean arePicturesWanted() throws IOException {
    Files.createDirectories(Path.of("docs", "images"));
    return Boolean.getBoolean("reelway.docs.write");
  }

  private static void screenshot(Page page) throws IOException {
    if (arePicturesWanted()) {
      page.setViewportSize(960, 1120);
      // Folders of this test have names that mean nothing to a reader.
      page.evaluate("folder => { scrollTo(0, 0); const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);"
          + " while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(folder, '/var/lib/media'); }",
          recordings.folder().getParent().toString());
      page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("docs", "images", "dashboard.png")));
    }
  }

  @Test
  void aRecordingIsSeenOnItsWayAndThenItsWholeStory() throws IOException {
    IntStream.range(0, 4).forEach(number -> send("morning-" + number + ".mp4", 300_000));
    IntStream.range(0, 4).forEach(number -> awaitDone("morning-" + number + ".mp4"));
    wire.stall();
    try (Page page = open()) {
      wire.allow(9 * Recordings.MIB);
      send("sunday-service.mp4", 20 * Recordings.MIB);
      Locator row = page.locator("#now li", new Page.LocatorOptions().setHasText("sunday-service.mp4"));
      row.waitFor();
      page.waitForFunction("() => { const bar = document.querySelector('#now progress[aria-label=\"sunday-service.mp4\"]'); return bar && bar.value > 0.2 && bar.value < 1; }");
      assertThat(row.textContent()).contains("of 20.0 MiB", " of 4 parts");
      button(page, "morning-3.mp4").click();
      page.waitForSelector("ol[aria-label='Timeline of morning-3.mp4'] li");
      screenshot(page);

      wire.allowAll();
      row.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
      button(page, "sunday-service.mp4").click();
      Locator story = page.locator("ol[aria-label='Timeline of sunday-service.mp4']");
      story.waitFor();
      await().atMost(SOON).untilAsserted(() -> assertThat(story.textContent()).contains("found (marker)", "verified: ", "tidied: "));
      assertThat(page.locator(".story ul[aria-label='Callbacks of sunday-service.mp4']").textContent())
          .contains("recording.finished", "to cms");
    } finally {
      wire.allowAll();
    }
  }

  /** Until it is on the screen nothing else is asked for; a name cannot end what it stands in. */
  @Test
  void itComesWithFiguresAndTheNewestRecordings() {
    send("<!--<script>-odd.mp4", 1000);
    awaitDone("odd.mp4");
    try (Page page = browser.open("about:blank")) {
      page.route(address -> !address.equals(sidecar.http() + "/") && !address.contains("/dashboard/page/"), Route::abort);
      page.navigate(sidecar.http() + "/");
      page.locator("#found .plain", new Page.LocatorOptions().setHasText("<!--<script>-odd.mp4")).waitFor();
      page.locator("ul[aria-label=Figures]", new Page.LocatorOptions().setHasText("Set aside")).waitFor();
    }
  }

  @Test
  void itsFilesAreKeptByBrowsersUntilTheyChange() {
    Matcher named = Pattern.compile("(dashboard/page/)([0-9a-f]+)/dashboard\\.js").matcher(http.get("/").body());
    assertThat(named.find()).isTrue();
    HttpCalls.Answer kept = http.get("/" + named.group());
    assertThat(kept.header("Cache-Control")).isEqualTo("private, max-age=31536000, immutable");
    assertThat(kept.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    for (String former : List.of("/dashboard/page/dashboard.js", "/dashboard/page/1234/dashboard.js")) {
      assertThat(http.get(former).header("Cache-Control")).isEqualTo("no-cache");
      assertThat(http.get(former).body()).isEqualTo(kept.body());
    }
    assertThat(http.get("/").header("Cache-Control")).isEqualTo("no-store");
    assertThat(http.get("/dashboard/page/other.js").status()).isEqualTo(404);
    assertThat(http.get("/dashboard/page/../page/dashboard.html").status()).isEqualTo(404);
  }

  @Test
  void aCallbackThatFailedIsSentAgainByItsButton() {
    backend.behave(CallbackReceiver.answering(500));
    send("sad.mp4", 10_000);
    try (Page page = open()) {
      Locator row = page.locator("#callbacks li", new Page.LocatorOptions().setHasText("sad.mp4"));
      row.filter(new Locator.FilterOptions().setHasText("500")).waitFor();
      assertThat(row.textContent()).contains("recording.finished", "waiting", "to cms");
      backend.behave(CallbackReceiver.answering(200));

      button(page, "Send again: Send the callback recording.finished of sad.mp4").click();
      assertThat(page.locator("#confirm-question").textContent()).isEqualTo("Send the callback recording.finished of sad.mp4 again?");
      page.keyboard().press("Escape");
      assertThat(http.get("/callbacks?state=" + CallbackRow.WAITING).body()).contains("sad.mp4");
      button(page, "Send again: Send the callback recording.finished of sad.mp4").click();
      page.locator("#confirm-yes").click();

      page.waitForFunction("() => document.getElementById('said').textContent === 'Send again: done.'");
      row.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
      assertThat(http.get("/callbacks?state=delivered").body()).contains("sad.mp4");
    } finally {
      backend.behave(CallbackReceiver.answering(200));
    }
  }

  private static void confirm(Page page, Locator row, String name) {
    row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name + ":")).click();
    page.locator("#confirm-yes").click();
    page.waitForFunction("words => document.getElementById('said').textContent === words", name + ": done.");
  }

  @Test
  void aStreamOfTheLiveWorkflowIsPutLiveAndTakenOffAndItsKeysAreNotShown() {
    String key = http.post("/streams", "application/json", "{\"name\": \"Main hall\", \"description\": \"x\", \"segment_length\": 10}")
        .json().path("rtmp1").asText().replaceAll(".*/", "");
    try (Page page = open()) {
      Locator row = page.locator("#now li", new Page.LocatorOptions().setHasText("Main hall"));
      row.waitFor();
      assertThat(row.locator("a").getAttribute("href")).startsWith("player?stream=");
      confirm(page, row, "Put live");
      row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Take off live:")).waitFor();
      confirm(page, row, "Take off live");

      assertThat(key).isNotEmpty();
      assertThat(page.content()).doesNotContain(key);
      assertThat(http.get("/dashboard/now").body()).contains("Main hall").doesNotContain(key);
    }
  }

  @Test
  void aRecordingThatWasSetAsideIsReleased() throws IOException {
    Path file = recordings.folder().resolve("long.mp4");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength((1L << 30) + 1);
    }
    Recordings.mark(file);
    await().atMost(SOON).until(() -> http.get("/recordings?state=set-aside").body().contains("long.mp4"));
    try (Page page = open()) {
      button(page, "long.mp4").click();
      Locator story = page.locator("#found .story");
      story.waitFor();
      Files.write(file, new byte[] {1, 2, 3});
      confirm(page, story, "Release");
    }
    awaitDone("long.mp4");
  }

  @Test
  void recordingsAreFoundByTheirNamesAndPageByPage() {
    IntStream.range(0, 30).forEach(number -> send("page-" + number + ".mp4", 1000 + number));
    IntStream.range(0, 30).forEach(number -> awaitDone("page-" + number + ".mp4"));
    try (Page page = open()) {
      page.waitForResponse(
          answer -> answer.url().contains("search=page-"), () -> page.getByLabel("Path, stream or id").fill("page-"));
      page.waitForFunction("() => document.querySelectorAll('#found .plain').length === 25");
      assertThat(page.locator("#found .plain").allTextContents()).allMatch(name -> name.startsWith("page-"));
      button(page, "More recordings").click();
      page.waitForFunction("() => document.querySelectorAll('#found .plain').length === 30");
      assertThat(page.locator("#found .plain").allTextContents()).doesNotHaveDuplicates();

      page.getByLabel("Path, stream or id").fill("page-17.mp4");
      page.waitForFunction("() => document.querySelectorAll('#found .plain').length === 1");
      page.getByLabel("State").selectOption("set-aside");
      page.waitForFunction("() => document.querySelector('#found').textContent === 'None.'");
    }
  }

  @Test
  void whatWaitsIsPlotted() {
    wire.stall();
    try (Page page = open()) {
      wire.allow(Recordings.MIB);
      send("plotted.mp4", 6 * Recordings.MIB);
      // Two samples, ten seconds apart.
      page.waitForFunction("() => document.querySelectorAll('#plots canvas').length === 3", null,
          new Page.WaitForFunctionOptions().setTimeout(60_000));

      assertThat(page.locator("#plots-words").textContent()).startsWith("As of ").contains("sent ", "backlog ");
      assertThat((Boolean) page.evaluate("() => [...document.querySelectorAll('#plots canvas')].every(it => it.width > 200)")).isTrue();
    } finally {
      wire.allowAll();
    }
  }

  @Test
  void theFlowIsAPictureOfTheRoutesAndOfTheStepsOfEachWithItsCounts() throws IOException {
    send("counted.mp4", 1000);
    awaitDone("counted.mp4");
    try (Page page = open()) {
      page.locator("#flow-details > summary").press("Enter");
      Locator map = page.locator("#flow-map");
      map.locator("a", new Locator.LocatorOptions().setHasText("recordings-transfer")).waitFor();
      assertThat(map.locator("a").count()).isGreaterThan(40);
      // From a hook over the store to the backend: lines between boxes, of which none lies on another.
      assertThat(map.locator("path.line").count()).isGreaterThan(20);
      assertThat(page.evaluate("() => { const boxes = [...document.querySelectorAll('#flow-map rect')].map(it => it.getBBox());"
          + " return boxes.some((one, at) => boxes.slice(at + 1).some(other => one.x < other.x + other.width"
          + " && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height)); }")).isEqualTo(false);

      // A count comes after the recording is done, by the page's next look.
      Locator transfer = page.locator("#flow-steps .box", new Page.LocatorOptions().setHasText("kamelet:store-transfer"));
      await().atMost(SOON).until(() -> transfer.locator(".box-count").textContent().matches("[1-9][0-9]*"));

      Locator delivery = map.locator("a", new Locator.LocatorOptions().setHasText("callback-delivery"));
      delivery.focus();
      page.keyboard().press("Enter");
      assertThat(page.evaluate("() => document.activeElement.id")).isEqualTo("flow-route");
      assertThat(page.locator("#flow-route").textContent()).isEqualTo("callback-delivery");
      assertThat(page.locator("#flow-steps .box").allTextContents())
          .anyMatch(box -> box.contains("try-once")).anyMatch(box -> box.contains("doCatch")).anyMatch(box -> box.contains("http:callback"));
      if (arePicturesWanted()) {
        page.setViewportSize(1440, 900);
        page.evaluate("() => { document.activeElement.blur(); document.getElementById('flow-map').scrollLeft = 0; }");
        page.locator("#flow").screenshot(new Locator.ScreenshotOptions().setPath(Path.of("docs", "images", "dashboard-flow.png")));
      }
      page.getByText("The same as a list").click();
      assertThat(page.locator("ol[aria-label='Steps of callback-delivery'] li").count())
          .isEqualTo(page.locator("#flow-steps .box").count() - 1);
    }
  }

  @Test
  void aRequestThatWasRepeatedIsALineOfTheRecordingsTimeline() {
    send("before.mp4", 1000);
    awaitDone("before.mp4");
    wire.stall();
    try (Page page = open()) {
      wire.allow(8 * Recordings.MIB);
      send("bumpy.mp4", 20 * Recordings.MIB);
      // One that had no answer yet on a connection that was used before is repeated without a word.
      await().atMost(SOON).until(() -> {
        wire.cut();
        return http.get("/recordings?limit=1").json().path("transferring").path(0).path("retries").asInt() > 0;
      });
      wire.allowAll();
      awaitDone("bumpy.mp4");

      button(page, "bumpy.mp4").click();
      Locator lines = page.locator("ol[aria-label='Timeline of bumpy.mp4'] li");
      lines.first().waitFor();
      assertThat(lines.allTextContents()).anyMatch(line -> line.contains("request repeated (destination): "));
      assertThat(page.locator("#found .story p").first().textContent()).matches(".*[1-9][0-9]* requests? repeated.*");
      // Before or after the file is tidied.
      await().atMost(SOON).untilAsserted(() ->
          assertThat(lines.allTextContents()).anyMatch(line -> line.contains("callback recording.finished delivered to cms")));
    } finally {
      wire.allowAll();
    }
  }

  @Test
  void aRecordingIsUploadedAgainByItsButtonWhereItsFileIsStillThere() throws IOException {
    send("again.mp4", 1000);
    awaitDone("again.mp4");
    store.client().deleteObject(request -> request.bucket(TestStore.BUCKET).key("again.mp4"));
    try (Page page = open()) {
      button(page, "again.mp4").click();
      Locator story = page.locator("#found .story");
      confirm(page, story, "Upload again");
      await().atMost(SOON).until(() -> store.has("again.mp4"));
      await().atMost(SOON).untilAsserted(() -> assertThat(story.textContent()).contains("found (upload again)"));

      Files.delete(recordings.folder().resolve("again.mp4"));
      story.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Upload again:")).click();
      page.locator("#confirm-yes").click();
      page.waitForFunction("() => document.getElementById('said').textContent.startsWith('Upload again failed: ')");
      assertThat(page.locator("#said").textContent()).contains("again.mp4 is not there any more: only its object is left");
    }
  }

  @Test
  void itIsWorkedByTheKeyboard() {
    send("typed.mp4", 1000);
    awaitDone("typed.mp4");
    try (Page page = open()) {
      page.keyboard().press("Tab");
      assertThat(page.evaluate("() => document.activeElement.textContent")).isEqualTo("Skip to what is happening");
      page.keyboard().press("Enter");
      assertThat(page.evaluate("() => document.activeElement.id")).isEqualTo("main");
      page.getByLabel("Path, stream or id").focus();
      page.keyboard().type("typed.mp4");
      page.waitForFunction("() => document.querySelectorAll('#found .plain').length === 1");
      IntStream.range(0, 3).forEach(turn -> page.keyboard().press("Tab"));
      assertThat(page.evaluate("() => document.activeElement.textContent")).isEqualTo("typed.mp4");
      page.keyboard().press("Enter");
      page.waitForSelector("ol[aria-label='Timeline of typed.mp4'] li");
      assertThat(page.evaluate("() => document.activeElement.getAttribute('aria-expanded')")).isEqualTo("true");
      assertThat((Boolean) page.evaluate("() => [...document.querySelectorAll('button, input, select')]"
          + ".every(it => it.textContent || it.labels?.length || it.getAttribute('aria-label'))")).isTrue();
    }
  }

  @Test
  void itFitsAPhoneAndFollowsItsColours() {
    send("a-recording-with-a-name-that-is-longer-than-a-phone-is-wide-and-has-no-place-to-break-0123456789.mp4", 1000);
    NewPageOptions phone =
        new NewPageOptions().setViewportSize(360, 640).setIsMobile(true).setHasTouch(true).setColorScheme(ColorScheme.DARK);
    try (Page page = browser.open(sidecar.http() + "/", phone)) {
      page.waitForSelector("#found .plain");
      page.locator("#flow-details > summary").tap();
      page.waitForSelector("#flow-map");

      assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
      assertThat(page.evaluate("() => getComputedStyle(document.body).backgroundColor")).isEqualTo("rgb(20, 22, 26)");
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
      assertThat(page.evaluate("() => getComputedStyle(document.body).backgroundColor")).isEqualTo("rgb(244, 245, 247)");
    }
  }

  @Test
  void whatAFormFromElsewhereCouldSendIsRefused() {
    String own = sidecar.http().toString();

    assertThat(http.post("/backup/bring-back", "text/plain", "", "Origin", "https://evil.example", "X-Reelway-Action", "x").status())
        .isEqualTo(403);
    assertThat(http.post("/backup/bring-back", "text/plain", "", "Origin", own).status()).isEqualTo(403);
    assertThat(http.post("/backup/bring-back", "text/plain", "", "Sec-Fetch-Site", "same-site").status()).isEqualTo(403);
    assertThat(http.post("/backup/bring-back", "text/plain", "", "Origin", own, "X-Reelway-Action", "x").status()).isEqualTo(422);
    assertThat(http.post("/backup/bring-back", "application/json", "{}", "Origin", own).status()).isEqualTo(422);
    assertThat(http.post("/backup/bring-back", "text/plain", "").status()).isEqualTo(422);
    assertThat(http.get("/").header("Content-Security-Policy")).contains("default-src 'none'", "script-src 'self'");
  }

  @Test
  void eventsTellManyViewersAndThePlacesOfThoseWhoWentAreFree() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    List<InputStream> viewers = new ArrayList<>();
    HttpRequest request = HttpRequest.newBuilder(sidecar.http().resolve("/dashboard/events")).build();
    for (int turn = 0; turn < 16; turn++) {
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
      viewers.add(answer.body());
    }
    for (InputStream viewer : viewers) {
      BufferedReader lines = new BufferedReader(new InputStreamReader(viewer, StandardCharsets.UTF_8));
      String line = lines.readLine();
      while (!line.startsWith("data: ")) {
        line = lines.readLine();
      }
      assertThat(new ObjectMapper().readTree(line.substring(6)).path("counts").isObject()).isTrue();
      assertThat(lines.readLine()).isEmpty();
    }
    assertThat(http.get("/dashboard/events").status()).isEqualTo(503);
    assertThat(http.get("/recordings").status()).as("the API goes on").isEqualTo(200);

    for (InputStream viewer : viewers) {
      viewer.close();
    }
    await().atMost(SOON).until(() -> client.send(request, BodyHandlers.ofInputStream()).statusCode() == 200);
  }
}
