package org.reelway.bench;

import java.nio.file.Path;
import java.time.Duration;

/** Several hundred streams at once in the heap that the launcher gives: whether it follows, and whether memory grows. */
final class LiveMany implements Section {
  private static final int STREAMS = 500;
  private static final int BYTES = 100_000;
  private static final String NAME = "live-many: " + STREAMS + " streams of chunks of 2 s and 100 KB";
  private static final int WINDOWS = 4;
  private static final Duration WARM_UP = Duration.ofSeconds(30);

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final Duration window;

  LiveMany(Workload workload, SinkProcess sink, Report report, Duration window) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
    this.window = window;
  }

  @Override
  public void measure() throws Exception {
    Path home = workload.folder("sidecar");
    Path live = workload.folder("live");
    LiveArrivals arrivals = new LiveArrivals();
    sink.onPlaylist(arrivals::published);
    try (SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, LiveDelay.settings(live));
        LiveStreams streams = LiveStreams.start(live, STREAMS, LiveDelay.CHUNK, BYTES, arrivals)) {
      Thread.sleep(WARM_UP.toMillis());
      for (int i = 1; i <= WINDOWS; i++) {
        try (StorePuts puts = StorePuts.start(sink, BYTES, new byte[400])) {
          arrivals.begin();
          Cost cost = sidecar.idle(window);
          String resident = "resident at the end " + Row.number("%.0f", sidecar.residentMebibytes()) + " MiB";
          report.add(new Row(NAME, "Reelway, window " + i, "http", 0, cost,
              resident + "; " + LiveDelay.inWords(arrivals.end(), puts, streams) + "; " + arrivals.waiting()
                  + " chunks waiting"));
        }
      }
    } finally {
      workload.remove(live);
      workload.remove(home);
    }
  }
}
