package org.reelway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Events of streams that begin and end, at a fixed rate whatever the answers take: from the request to the answer, when the
 * event is on disk, and to when all that follows was begun, as the sidecar's own metric tells.
 */
final class EventRate implements Section {
  private static final String NAME = "events: 500 a second";
  private static final int RATE = 500;
  private static final int SECONDS = 20;
  private static final int WARM_UP_SECONDS = 5;
  private static final Pattern BUCKET =
      Pattern.compile("reelway_server_event_lag_seconds_bucket\\{le=\"([^\"]+)\"\\} ([0-9.E]+)");

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  EventRate(Workload workload, SinkProcess sink, Report report) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
  }

  @Override
  public void measure() throws Exception {
    Path home = workload.folder("sidecar");
    try (SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, Map.of())) {
      URI hook = sidecar.said("hooks and API: (http://[^/]+)").resolve("/hooks/srs");
      URI metrics = sidecar.said("metrics: (\\S+)");
      send(hook, WARM_UP_SECONDS, "w");
      String before = get(metrics);
      Cost start = sidecar.total();
      long[] nanos = send(hook, SECONDS, "m");
      Cost total = sidecar.total();
      Cost cost =
          new Cost(
              total.cpuSeconds() - start.cpuSeconds(), total.wallSeconds() - start.wallSeconds(), total.peakMebibytes());
      report.add(new Row(NAME, "Reelway, " + nanos.length + " events", "http", 0, cost, inWords(nanos, before, get(metrics))));
    } finally {
      workload.remove(home);
    }
  }

  /** @return from each request to its answer, sorted */
  private long[] send(URI hook, int seconds, String prefix) throws InterruptedException {
    List<CompletableFuture<Long>> answers = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < seconds * RATE; i++) {
      long due = begun + TimeUnit.SECONDS.toNanos(1) * i / RATE;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
      answers.add(post(hook, i % 2 == 0 ? "on_publish" : "on_unpublish", prefix + i / 2));
    }
    long[] nanos = answers.stream().mapToLong(CompletableFuture::join).toArray();
    Arrays.sort(nanos);
    return nanos;
  }

  private CompletableFuture<Long> post(URI hook, String action, String stream) {
    String body =
        "{\"action\":\"" + action + "\",\"client_id\":\"c\",\"ip\":\"192.0.2.7\",\"app\":\"live\",\"stream\":\"" + stream + "\"}";
    long begun = System.nanoTime();
    HttpRequest request =
        HttpRequest.newBuilder(hook).header("Content-Type", "application/json").timeout(Duration.ofSeconds(30))
            .POST(BodyPublishers.ofString(body)).build();
    return client
        .sendAsync(request, BodyHandlers.ofString())
        .thenApply(
            answer -> {
              if (answer.statusCode() != 200) {
                throw new IllegalStateException(answer.statusCode() + " " + answer.body());
              }
              return System.nanoTime() - begun;
            });
  }

  private String get(URI uri) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  private static String inWords(long[] nanos, String before, String after) {
    double all = bucket(after, "+Inf") - bucket(before, "+Inf");
    StringBuilder acted = new StringBuilder();
    for (String within : List.of("0.005", "0.01", "0.025", "0.05", "0.1")) {
      double share = (bucket(after, within) - bucket(before, within)) / all;
      acted.append(", ").append(Row.number("%.2f", 100 * share)).append(" % within ")
          .append(Row.number("%.0f", Double.parseDouble(within) * 1000)).append(" ms");
    }
    return "answered: p50 " + millis(nanos[nanos.length / 2]) + ", p99 " + millis(nanos[nanos.length * 99 / 100])
        + ", most " + millis(nanos[nanos.length - 1]) + "; acted on" + acted.substring(1) + " of "
        + Row.number("%.0f", all);
  }

  private static double bucket(String metrics, String within) {
    Matcher matcher = BUCKET.matcher(metrics);
    while (matcher.find()) {
      if (matcher.group(1).equals(within)) {
        return Double.parseDouble(matcher.group(2));
      }
    }
    throw new IllegalStateException("no bucket " + within);
  }

  private static String millis(long nanos) {
    return Row.number("%.1f", nanos / 1e6) + " ms";
  }
}
