package org.reelway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;

/**
 * What it costs Reelway itself, without its ffmpegs, to look after many relays of one stream; and how long it takes until a
 * receiver that hangs, and one that has died, is told.
 */
final class RelayCost implements Section {
  private static final String NAME = "relays: one stream to many destinations";
  private static final int RELAYS = 50;
  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final Duration window;
  private final HttpClient client = HttpClient.newHttpClient();

  RelayCost(Workload workload, SinkProcess sink, Report report, Duration window) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
    this.window = window;
  }

  @Override
  public void measure() throws Exception {
    Path home = workload.folder("sidecar");
    try (NginxRtmp origin = NginxRtmp.at(workload.folder("origin"));
        NginxRtmp far = NginxRtmp.start(workload.folder("far"))) {
      String to = IntStream.range(0, RELAYS).mapToObj(i -> far.rtmp("{stream}-" + i)).collect(Collectors.joining(","));
      Map<String, String> settings =
          Map.of(
              "reelway.routing.destinations", to,
              "reelway.routing.source", "rtmp://" + origin.address() + "/{app}/{stream}");
      try (SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, settings)) {
        URI api = sidecar.said("hooks and API: (http://[^/]+)");
        origin.start("on_publish " + api + "/hooks/nginx-rtmp;", "on_publish_done " + api + "/hooks/nginx-rtmp;");
        sidecar.idle(WARM_UP);
        add("no stream", sidecar.idle(window), "");
        try (RtmpPublisher publisher = RtmpPublisher.publish(workload.root(), origin.rtmp("cam"))) {
          double begun = await(api, each -> each.equals("running"));
          sidecar.idle(WARM_UP);
          Cost cost = sidecar.idle(window);
          far.freeze();
          double hung = await(api, each -> !each.equals("running"));
          far.thaw();
          await(api, each -> each.equals("running"));
          far.kill();
          double dead = await(api, each -> !each.equals("running"));
          add(
              RELAYS + " relays of one stream", cost,
              "all running " + seconds(begun) + " after the publisher began; all told when the receiver hung after "
                  + seconds(hung) + ", when it was killed after " + seconds(dead) + "; publisher "
                  + (publisher.isAlive() ? "alive" : "gone"));
        }
      }
    } finally {
      workload.remove(home);
    }
  }

  private void add(String what, Cost cost, String note) {
    String share = Row.number("%.2f", cost.cpuSeconds() / cost.wallSeconds() * 100) + " % of a core";
    report.add(new Row(NAME, "Reelway, " + what, "-", 0, cost, note.isEmpty() ? share : share + "; " + note));
  }

  private static String seconds(double seconds) {
    return Row.number("%.1f", seconds) + " s";
  }

  /** @return seconds until all relays are in such a state */
  private double await(URI api, Predicate<String> state) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    String last = "";
    while (System.nanoTime() - begun < LONGEST.toNanos()) {
      String answer = client.send(HttpRequest.newBuilder(api.resolve("/relays")).build(), BodyHandlers.ofString()).body();
      last = answer;
      JsonNode relays = JsonMapper.builder().build().readTree(answer).path("relays");
      if (relays.size() == RELAYS
          && StreamSupport.stream(relays.spliterator(), false).allMatch(each -> state.test(each.path("state").asText()))) {
        return (System.nanoTime() - begun) / 1e9;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new IOException("the relays are not as awaited after " + LONGEST.toSeconds() + " s: " + last);
  }
}
