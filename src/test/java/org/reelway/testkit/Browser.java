package org.reelway.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The machine's own chromium. {@link #close} ends it. */
public final class Browser implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser browser;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();

  private Browser(Playwright playwright) {
    this.playwright = playwright;
    this.browser = playwright.chromium().launch(
        new LaunchOptions()
            .setExecutablePath(PROGRAM)
            .setArgs(List.of(
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync")));
  }

  /** Skips the test where there is none. */
  public static Browser start() {
    assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed (Debian's package chromium)");
    // The browser is the machine's; none is fetched.
    return new Browser(Playwright.create(new CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))));
  }

  public Page open(String address) {
    return open(address, new com.microsoft.playwright.Browser.NewPageOptions().setViewportSize(960, 680));
  }

  /** A page that takes this browser for one of Apple's, which play HLS themselves; so does chromium of late. */
  public Page openAsApple(String address) {
    Page page = browser.newPage();
    page.addInitScript("Object.defineProperty(Navigator.prototype, 'vendor', {get: () => 'Apple Computer, Inc.'})");
    return watched(page, address);
  }

  public Page open(String address, com.microsoft.playwright.Browser.NewPageOptions options) {
    return watched(browser.newPage(options), address);
  }

  private Page watched(Page page, String address) {
    // The machine may be busy.
    page.setDefaultTimeout(90_000);
    page.onRequest(request -> requests.add(request.url()));
    page.onPageError(errors::add);
    page.onConsoleMessage(message -> {
      // A chunk or playlist that is not there yet is told by the status of its answer.
      if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
        errors.add(message.text());
      }
    });
    page.navigate(address);
    return page;
  }

  /** What axe-core finds that a keyboard, a screen reader or a weak eye stumbles over: a rule and the elements, one a line. */
  @SuppressWarnings("unchecked")
  public static List<String> obstacles(Page page) {
    try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
      page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (List<String>) page.evaluate("() => axe.run({iframes: false}).then(found => found.violations.map("
        + "rule => rule.id + ' (' + rule.help + '): ' + rule.nodes.map(node => node.html).slice(0, 5).join(' | ')))");
  }

  /** Addresses that pages asked for. */
  public List<String> requests() {
    return requests;
  }

  /** What scripts failed with, and what the page's rules refused. */
  public List<String> errors() {
    return errors;
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
