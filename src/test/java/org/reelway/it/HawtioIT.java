package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Browser.NewPageOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.Browser;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** Hawtio's page in a real browser, as the packaged program has it, and what docs/hawtio.md and docs/security.md ask by curl. */
class HawtioIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String OPERATOR = "operator-secret-0001";
  private static final String VIEWER = "viewer-secret-00002";

  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");

  @TempDir static Path folder;
  private static Path accounts;
  private static Browser browser;
  private static TestStore store;
  private static ChildReelway sidecar;

  @BeforeAll
  static void start() throws IOException {
    browser = Browser.start();
    store = TestStore.start(folder.resolve("store"));
    accounts = Files.writeString(folder.resolve("access"), "olga operate " + OPERATOR + "\nvera read " + VIEWER + "\n");
    sidecar = ChildReelway.sidecar(folder, store.endpoint())
        .set("reelway.hawtio.enabled", "true")
        .set("reelway.jmx.routes", "operate")
        .set("reelway.http.access-file", accounts)
        .startReady();
    Path file = new Recordings(folder.resolve("recordings")).random("sunday-service.mp4", 100_000, 1);
    Recordings.mark(file);
    sidecar.await("it is sent", () -> !Recordings.isMarked(file));
  }

  @AfterAll
  static void stop() {
    if (sidecar != null) {
      sidecar.close();
      store.close();
      browser.close();
    }
  }

  private static HttpCalls as(String name, String secret) {
    return new HttpCalls(sidecar.management().server()).as(name, secret);
  }

  private static Page open(String name, String secret, String path) {
    Page page = browser.open(
        sidecar.management().server() + "/hawtio/" + path,
        new NewPageOptions().setViewportSize(1280, 800).setHttpCredentials(name, secret));
    page.setDefaultTimeout(SOON.toMillis());
    return page;
  }

  private static void choose(Page page, String node) {
    page.getByText(node, new Page.GetByTextOptions().setExact(true)).first().click();
  }

  private static void tab(Page page, String name) {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true)).click();
  }

  /** To the end of the diagram, where the steps are; before them stand the policies for failures. */
  private static void pan(Page page) {
    for (int turn = 0; turn < 2; turn++) {
      page.mouse().move(1150, 700);
      page.mouse().down();
      page.mouse().move(1150, 430, new Mouse.MoveOptions().setSteps(5));
      page.mouse().up();
    }
  }

  private static void picture(Page page, String name) {
    if (Boolean.getBoolean("reelway.docs.write")) {
      page.evaluate("folder => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);"
          + " while (walk.nextNode()) walk.currentNode.data = walk.currentNode.data.replaceAll(folder, '/var/lib/media'); }",
          folder.toString());
      // Long trees scroll to what was chosen, and the tabs out of the picture.
      page.evaluate("() => document.querySelectorAll('*').forEach(each => { each.scrollTop = 0; })");
      page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("docs", "images", "hawtio-" + name + ".png")));
    }
  }

  private static void nothingWentWrongAndNoOtherHostWasAsked() {
    assertThat(browser.errors()).isEmpty();
    assertThat(browser.requests()).allMatch(address -> address.startsWith(sidecar.management().server() + "/hawtio/")
        || address.startsWith("data:") || address.startsWith("blob:"));
  }

  @Test
  void aRouteIsSeenWithItsStatisticsAsDiagramAndAsSource() {
    try (Page page = open("vera", VIEWER, "")) {
      choose(page, "recordings-transfer");
      Locator row = row(page, "ExchangesCompleted");
      row.waitFor();
      assertThat(row.innerText()).matches("(?s)ExchangesCompleted\\s+[1-9].*");
      picture(page, "route");

      tab(page, "Route Diagram");
      page.locator(".react-flow__node", new Page.LocatorOptions().setHasText("kamelet:store-")).first().waitFor();
      page.locator(".react-flow__node").nth(5).waitFor();
      assertThat(String.join(" ", page.locator(".react-flow__node").allInnerTexts())).contains("From kamelet:reco", "To kamelet:store-");
      pan(page);
      picture(page, "diagram");

      tab(page, "Source");
      Locator source = page.locator("pre", new Page.LocatorOptions().setHasText("id=\"recordings-transfer\""));
      source.waitFor();
      assertThat(source.innerText()).contains("kamelet:store-transfer", "</route>");
      picture(page, "source");
    }
    nothingWentWrongAndNoOtherHostWasAsked();
  }

  @Test
  void operationsOfOurMBeansAreOfferedToWhoMayOperateAndRunForThem() {
    try (Page page = open("vera", VIEWER, "jmx")) {
      assertThat(openOperation(page).isEnabled()).isFalse();
    }
    try (Page page = open("olga", OPERATOR, "jmx")) {
      Locator execute = openOperation(page);
      picture(page, "operations");
      execute.click();
      page.getByText("Result", new Page.GetByTextOptions().setExact(true)).waitFor();
    }
    sidecar.awaitLog("olga (operate) from 127.0.0.1: JMX org.reelway:type=Bandwidth");
    nothingWentWrongAndNoOtherHostWasAsked();
  }

  /** @return the button that runs it */
  private static Locator openOperation(Page page) {
    choose(page, "org.reelway");
    choose(page, "Bandwidth");
    row(page, "BytesSent").waitFor();
    tab(page, "Operations");
    page.getByText("Back to what the settings say").waitFor();
    page.locator("[class*=data-list__item-control] button").first().click();
    Locator execute = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Execute"));
    execute.waitFor();
    return execute;
  }

  @Test
  void aRouteIsStoppedAndStartedByWhoMayOperate() {
    try (Page page = open("vera", VIEWER, "")) {
      select(page, "relays-list");
      assertThat(button(page, "Stop").isEnabled()).isFalse();
    }
    try (Page page = open("olga", OPERATOR, "")) {
      select(page, "relays-list");
      button(page, "Stop").click();
      await().atMost(SOON).until(() -> state("relays-list").equals("Stopped"));
      row(page, "relays-list").locator("input").setChecked(true);
      button(page, "Start").click();
      await().atMost(SOON).until(() -> state("relays-list").equals("Started"));
    }
    nothingWentWrongAndNoOtherHostWasAsked();
  }

  private static void select(Page page, String route) {
    choose(page, "routes");
    row(page, route).waitFor();
    row(page, route).locator("input").check();
  }

  private static String state(String route) {
    return as("vera", VIEWER)
        .get("/observe/jolokia/read/org.apache.camel:context=reelway,type=routes,name=%22" + route + "%22/State").json().path("value").asText();
  }

  private static Locator button(Page page, String name) {
    return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator row(Page page, String text) {
    return page.locator("tr", new Page.LocatorOptions().setHasText(text)).first();
  }

  @Test
  void whoDoesNotLogInGetsNothingAndWhoLogsOutIsForgotten() {
    HttpCalls anybody = new HttpCalls(sidecar.management().server());
    for (String path : List.of("/hawtio/", "/hawtio/user", "/hawtio/jolokia", "/hawtio/img/hawtio-logo.svg")) {
      assertThat(anybody.get(path).status()).as(path).isEqualTo(401);
    }
    HttpCalls vera = as("vera", VIEWER);
    assertThat(vera.get("/hawtio/user").body()).isEqualTo("\"vera\"");
    assertThat(vera.get("/hawtio/auth/logout").status()).isEqualTo(401);
    assertThat(vera.get("/hawtio/proxy/enabled").body()).isEqualTo("false");
    assertThat(vera.get("/hawtio/proxy/http/127.0.0.1/22/").body()).as("no way to other ports").startsWith("<!doctype html>");
    assertThat(vera.get("/hawtio/static/none.js").status()).isEqualTo(404);
    assertThat(vera.get("/hawtio/..%2forg/reelway/Reelway.class").body()).startsWith("<!doctype html>");
    assertThat(vera.get("/hawtio/").header("Content-Security-Policy")).contains("default-src 'none'", "script-src 'self';");
  }

  private static String page(String name) throws IOException {
    return Files.readString(Path.of("docs", name));
  }

  /** @return what it printed; it ended well */
  private static String shell(String line) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as("%s%n%s", line, said).isZero();
    return said;
  }

  @Test
  void theCallsOfThePagesAreAnswered() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
    int calls = 0;
    for (String name : List.of("security.md", "hawtio.md")) {
      List<String> lines = BLOCK.matcher(page(name)).results().flatMap(block -> block.group(1).replace("\\\n", " ").lines()).toList();
      for (String line : lines) {
        String call = line.replaceFirst("^curl ", "curl -sSf ")
            .replace("olga:SECRET", "olga:" + OPERATOR).replace("vera:SECRET", "vera:" + VIEWER).replace("SECRET", VIEWER)
            .replace("http://127.0.0.1:8090", sidecar.http().server().toString())
            .replace("http://127.0.0.1:9876", sidecar.management().server().toString());
        String answer = shell(call);
        assertThat(new JsonMapper().readTree(answer).findValue("error")).as("%s: %s%n%s", name, call, answer).isNull();
        calls++;
      }
    }
    assertThat(calls).isEqualTo(5);
  }

  @Test
  void aSecretIsMadeAndHashedAsThePageSays() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
    String make = "openssl rand -hex 24";
    String hash = "printf %s SECRET | sha256sum";
    assertThat(page("security.md")).contains("`" + make + "`", "`" + hash + "`");

    String secret = shell(make);
    String hashed = shell(hash.replace("SECRET", secret)).split(" ")[0];
    Files.writeString(accounts, "mona read sha256:" + hashed + "\n", StandardOpenOption.APPEND);

    await().atMost(SOON).until(() -> as("mona", secret).get("/observe/health").status() == 200);
  }
}
