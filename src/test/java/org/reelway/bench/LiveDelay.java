package org.reelway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** From a chunk's rename to its playlist being readable in the store, 100 streams; and what a polling copy loop does. */
final class LiveDelay implements Section {
  static final Duration CHUNK = Duration.ofSeconds(2);
  private static final int STREAMS = 100;
  private static final int BYTES = 500_000;
  private static final String NAME = "live: " + STREAMS + " streams of chunks of 2 s and 500 KB";
  /** A sidecar that has run for a while is measured. */
  private static final Duration WARM_UP = Duration.ofSeconds(30);

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final Duration window;
  private final boolean withPeer;

  LiveDelay(Workload workload, SinkProcess sink, Report report, Duration window, boolean withPeer) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
    this.window = window;
    this.withPeer = withPeer;
  }

  @Override
  public void measure() throws Exception {
    sidecar();
    if (withPeer && Peer.forCopyLoop().isPresent()) {
      loop(Peer.forCopyLoop().get());
    }
  }

  /** @param folder whose sidecar watches a folder for live streams */
  static Map<String, String> settings(Path live) {
    return Map.of("reelway.live.folder", live.toString());
  }

  private void sidecar() throws Exception {
    Path home = workload.folder("sidecar");
    Path live = workload.folder("live");
    LiveArrivals arrivals = new LiveArrivals();
    sink.onPlaylist(arrivals::published);
    try (SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, settings(live));
        LiveStreams streams = LiveStreams.start(live, STREAMS, CHUNK, BYTES, arrivals)) {
      Thread.sleep(WARM_UP.toMillis());
      try (StorePuts puts = StorePuts.start(sink, BYTES, new byte[400])) {
        arrivals.begin();
        Cost cost = sidecar.idle(window);
        add("**Reelway**", cost, arrivals.end(), puts, streams);
      }
    } finally {
      workload.remove(live);
      workload.remove(home);
    }
  }

  private void loop(Peer peer) throws Exception {
    Path live = workload.folder("live");
    LiveArrivals arrivals = new LiveArrivals();
    sink.onPlaylist(arrivals::published);
    try (LiveStreams streams = LiveStreams.start(live, STREAMS, CHUNK, BYTES, arrivals);
        CopyLoop loop = CopyLoop.start(peer, workload.folder("peer"), live, sink)) {
      Thread.sleep(WARM_UP.toMillis());
      try (StorePuts puts = StorePuts.start(sink, BYTES, new byte[400])) {
        arrivals.begin();
        Cost cost = loop.measure(window);
        add(peer.name(), cost, arrivals.end(), puts, streams);
      }
    } finally {
      workload.remove(live);
    }
  }

  private void add(String what, Cost cost, LiveArrivals.Delays delays, StorePuts puts, LiveStreams streams)
      throws IOException {
    report.add(new Row(NAME, what, "http", 0, cost, inWords(delays, puts, streams)));
  }

  /** The store's own median is taken off all: what it takes longer at times is not. */
  static String inWords(LiveArrivals.Delays delays, StorePuts puts, LiveStreams streams) {
    double own = puts.medianMillis();
    return "p50 " + millis(delays.millis(0.5) - own) + ", p99 " + millis(delays.millis(0.99) - own) + ", most "
        + millis(delays.millis(1) - own) + " beyond the " + millis(own) + " of two plain PUTs (their p99 "
        + millis(puts.share(0.99)) + "); " + delays.sorted().length + " chunks; " + delays.missing()
        + " playlists came before their chunks; written at most " + millis(streams.mostLateMillis()) + " late";
  }

  private static String millis(double value) {
    return Row.number("%.1f", value) + " ms";
  }
}
