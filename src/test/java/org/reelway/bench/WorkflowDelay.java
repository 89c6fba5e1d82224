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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.reelway.stream.workflow.rtmp.RtmpSender;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.RtmpPublisher;

/**
 * From glass to store: from the publication of a segment's first picture to the moment at which the public playlist in the
 * store names the segment, without the segment's own length, which is the time to the key picture that begins the next one.
 */
final class WorkflowDelay implements Section {
  private static final int STREAMS = 20;
  private static final int BYTES = 50_000;
  private static final int KEY_PICTURES = 2;
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final String NAME = "workflow: " + STREAMS + " streams of the live workflow, segments of 2 s and some 50 KB";

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final Duration window;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, Stream> streams = new HashMap<>();
  private final List<Long> delays = new ArrayList<>();
  private boolean measured;
  private int missing;

  /** When its key pictures were sent. */
  private static final class Stream {
    private final List<Long> keyPictures = new ArrayList<>();
    private int published = -1;
  }

  WorkflowDelay(Workload workload, SinkProcess sink, Report report, Duration window) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
    this.window = window;
  }

  @Override
  public void measure() throws Exception {
    Path home = workload.folder("sidecar");
    sink.onPlaylist(this::published);
    List<RtmpSender> senders = new ArrayList<>();
    Map<String, String> settings = Map.of("reelway.workflow.listen-port", Integer.toString(FreePort.any()));
    try (SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, settings)) {
      URI api = sidecar.said("hooks and API: (http://[^/]+)");
      Path film = RtmpPublisher.media(workload.root());
      for (int i = 0; i < STREAMS; i++) {
        senders.add(begin(api, film));
        Thread.sleep(73);
      }
      Thread.sleep(WARM_UP.toMillis());
      try (StorePuts puts = StorePuts.start(sink, BYTES, new byte[2000])) {
        measured(true);
        Cost cost = sidecar.idle(window);
        measured(false);
        report.add(new Row(NAME, "**Reelway**", "http", 0, cost, words(puts, senders)));
      }
    } finally {
      for (RtmpSender sender : senders) {
        sender.close();
      }
      workload.remove(home);
    }
  }

  private RtmpSender begin(URI api, Path film) throws IOException, InterruptedException {
    JsonNode made = post(api.resolve("/streams"), "{\"name\": \"bench\", \"description\": \"\", \"segment_length\": 60}");
    String id = made.path("id").asText();
    post(api.resolve("/streams/" + id + "/start"), "{}");
    post(api.resolve("/streams/" + id + "/live"), "{}");
    Stream stream = new Stream();
    synchronized (this) {
      streams.put(id, stream);
    }
    return RtmpSender.publish(URI.create(made.path("rtmp1").asText()), film, at -> {
      synchronized (this) {
        stream.keyPictures.add(at);
      }
    });
  }

  private JsonNode post(URI uri, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build();
    String answer = client.send(request, BodyHandlers.ofString()).body();
    return JsonMapper.builder().build().readTree(answer);
  }

  private synchronized void measured(boolean now) {
    measured = now;
  }

  /** @param line of {@link Sink} */
  private synchronized void published(String line) {
    String[] words = line.split(" ");
    String[] path = words[1].split("/");
    boolean isPublic = path.length > 2 && path[path.length - 3].equals("live");
    Stream stream = streams.get(path[path.length - 2]);
    if (!isPublic || stream == null) {
      return;
    }
    int last = Integer.parseInt(words[2].replaceFirst(".*-(\\d+)\\.ts", "$1"));
    for (int segment = stream.published + 1; segment <= last; segment++) {
      int next = (segment + 1) * KEY_PICTURES;
      if (measured && next < stream.keyPictures.size()) {
        delays.add(Long.parseLong(words[0]) - stream.keyPictures.get(next));
      }
    }
    stream.published = Math.max(stream.published, last);
    missing += measured && !words[3].equals("0") ? 1 : 0;
  }

  private synchronized String words(StorePuts puts, List<RtmpSender> senders) {
    long[] all = delays.stream().mapToLong(Long::longValue).sorted().toArray();
    return "p50 " + millis(all, 0.5) + ", p99 " + millis(all, 0.99) + ", most " + millis(all, 1) + " beside the segment's length ("
        + Row.number("%.1f", puts.medianMillis()) + " ms of it are two plain PUTs, their p99 "
        + Row.number("%.1f", puts.share(0.99)) + " ms); " + all.length + " segments; " + missing
        + " playlists came before their segments; publishers gone: " + senders.stream().filter(RtmpSender::isClosed).count();
  }

  private static String millis(long[] sorted, double share) {
    double value = sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))] / 1e6;
    return Row.number("%.0f", value) + " ms";
  }
}
