package org.reelway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What 1,000 streams cost that have not ended, and of which nothing new comes. */
final class LiveIdle implements Section {
  private static final String NAME = "live-idle: quiet streams";
  private static final int STREAMS = 1000;
  private static final int CHUNKS = 6;
  private static final int LONGEST_SECONDS = 120;
  /** Streams of which something came of late are looked at more often. */
  private static final Duration SETTLED = Duration.ofSeconds(45);

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final Duration window;

  LiveIdle(Workload workload, SinkProcess sink, Report report, Duration window) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
    this.window = window;
  }

  @Override
  public void measure() throws Exception {
    measure("no stream", 0);
    measure("1,000 quiet streams of 6 chunks", STREAMS);
  }

  private void measure(String what, int streams) throws Exception {
    Path home = workload.folder("sidecar");
    Path live = workload.folder("live");
    LiveArrivals arrivals = new LiveArrivals();
    sink.onPlaylist(arrivals::published);
    try {
      write(live, streams, arrivals);
      long begun = System.nanoTime();
      try (SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, LiveDelay.settings(live))) {
        for (int i = 0; i < LONGEST_SECONDS * 10 && arrivals.published() < streams; i++) {
          Thread.sleep(100);
        }
        double published = (System.nanoTime() - begun) / 1e9;
        Thread.sleep(SETTLED.toMillis());
        Cost cost = sidecar.idle(window);
        String share = Row.number("%.2f", cost.cpuSeconds() / cost.wallSeconds() * 100) + " % of a core";
        report.add(new Row(NAME, "Reelway, " + what, "-", 0, cost,
            share + "; " + arrivals.published() + " published " + Row.number("%.1f", published)
                + " s after the start began; resident " + Row.number("%.0f", sidecar.residentMebibytes()) + " MiB"));
      }
    } finally {
      workload.remove(live);
      workload.remove(home);
    }
  }

  private static void write(Path live, int streams, LiveArrivals arrivals) throws IOException {
    for (int i = 0; i < streams; i++) {
      Path folder = Files.createDirectories(live.resolve(LiveStreams.name(i)));
      for (int j = 0; j < CHUNKS; j++) {
        Files.writeString(folder.resolve(LiveStreams.chunk(j)), "chunk " + j + " of " + i);
      }
      arrivals.written(LiveStreams.name(i), CHUNKS - 1, System.nanoTime());
      Files.writeString(
          folder.resolve("index.m3u8"), LiveStreams.playlist(0, CHUNKS - 1, LiveDelay.CHUNK));
    }
  }
}
