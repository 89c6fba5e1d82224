package org.reelway.bench;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.reelway.state.StateDatabase;
import org.reelway.testkit.Browser;

/** The page at / over 100,000 recordings, in a browser: until it shows the first ones, and what it costs while it is open. */
final class DashboardCost implements Section {
  private static final String NAME = "dashboard: 100,000 recordings in the history";
  private static final int TURNS = 15;
  /** Notes in the page when the picture is made in which the figures and the first recordings are. */
  private static final String NOTE = """
      if (location.protocol !== 'about:') {
        new MutationObserver((news, watch) => {
          if (document.querySelector('#found .plain') && document.querySelector('#now .tiles')) {
            watch.disconnect();
            requestAnimationFrame(() => setTimeout(() => { window.shownAt = performance.now(); }));
          }
        }).observe(document, {childList: true, subtree: true});
      }""";
  private static final Duration SETTLED = Duration.ofSeconds(35);

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final Duration window;

  /** @param window over which CPU time is taken */
  DashboardCost(Workload workload, SinkProcess sink, Report report, Duration window) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
    this.window = window;
  }

  @Override
  public void measure() throws Exception {
    Path home = workload.folder("sidecar");
    fill(Files.createDirectories(home.resolve("state")));
    try (SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, Map.of());
        Browser browser = Browser.start()) {
      URI page = sidecar.said("hooks and API: (http://[^/]+)").resolve("/");
      Thread.sleep(SETTLED.toMillis());
      add("no page open", sidecar.idle(window));
      first(browser, page, sidecar);
      try (Page open = browser.open(page.toString())) {
        open.waitForSelector("#found .plain");
        add("a page open", sidecar.idle(window));
        open.locator("#flow-details > summary").click();
        open.waitForSelector("#flow-steps .box");
        add("a page open, with its flow", sidecar.idle(window));
      }
    } finally {
      workload.remove(home);
    }
  }

  private void first(Browser browser, URI address, SidecarRun sidecar) {
    double[] millis = new double[TURNS];
    double[] outside = new double[TURNS];
    double cpu = sidecar.total().cpuSeconds();
    for (int turn = 0; turn < TURNS; turn++) {
      try (Page page = browser.open("about:blank")) {
        page.addInitScript(NOTE);
        long begun = System.nanoTime();
        page.navigate(address.toString());
        page.waitForFunction("() => window.shownAt");
        outside[turn] = (System.nanoTime() - begun) / 1e6;
        millis[turn] = ((Number) page.evaluate("() => window.shownAt")).doubleValue();
      }
    }
    Cost cost = new Cost((sidecar.total().cpuSeconds() - cpu) / TURNS, median(millis) / 1000, sidecar.total().peakMebibytes());
    report.add(new Row(
        NAME, "until a new page shows figures and the first recordings", "http", 0, cost,
        "by the browser's clock " + words(millis) + "; for who drives the browser, his own messages with it included, " + words(outside)));
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().toArray()[values.length / 2];
  }

  private static String words(double[] millis) {
    return "median of " + TURNS + ": " + Row.number("%.0f", median(millis)) + " ms, best "
        + Row.number("%.0f", Arrays.stream(millis).min().orElseThrow()) + " ms, most "
        + Row.number("%.0f", Arrays.stream(millis).max().orElseThrow()) + " ms";
  }

  private void add(String what, Cost cost) {
    report.add(new Row(
        NAME, "Reelway, " + what, "-", 0, cost, Row.number("%.2f", cost.cpuSeconds() / cost.wallSeconds() * 100) + " % of a core"));
  }

  private static void fill(Path state) throws IOException {
    long now = Clock.systemUTC().millis();
    StateDatabase.open(state, Clock.systemUTC()).jdbi().useHandle(handle -> handle.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
            + " INSERT INTO recording (id, file, path, size, stream, state, found_by, found_at, updated_at)"
            + " SELECT printf('r%06d', i), '/r/' || i || '.mp4', 'day' || (i % 50) || '/' || i || '.mp4', i, 's' || (i % 10),"
            + " CASE WHEN i % 1000 = 0 THEN 'set-aside' ELSE 'done' END, 'marker', ? - 100000 + i, ? - 100000 + i FROM n", now, now));
  }
}
