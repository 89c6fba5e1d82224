package org.reelway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** From the moment a recording's marker is there to the first byte of its PUT on the wire, one recording at a time. */
final class MarkerLatency implements Section {
  private static final String NAME = "latency: marker to first byte";
  private static final int BYTES = 100_000;
  private static final int COUNT = 100;

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;

  MarkerLatency(Workload workload, SinkProcess sink, Report report) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
  }

  @Override
  public void measure() throws Exception {
    Path home = workload.folder("sidecar");
    try (PutWatch wire = new PutWatch(sink.endpoint(Scheme.HTTP));
        SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, through(wire))) {
      // Looks are an hour apart, so what is found in time was told by an event.
      sidecar.awaitLog("is watched by events");
      long first = marker(sidecar, wire, "first.mp4");
      long[] nanos = new long[COUNT];
      for (int i = 0; i < COUNT; i++) {
        nanos[i] = marker(sidecar, wire, "r" + i + ".mp4");
      }
      report.add(new Row(NAME, "Reelway, " + COUNT + " recordings of 100 KB", "http", 0,
          sidecar.total(), inWords(first, nanos)));
    } finally {
      workload.remove(home);
    }
  }

  private static Map<String, String> through(PutWatch wire) {
    return Map.of(
        "reelway.store.endpoint", wire.endpoint().toString(),
        "reelway.recordings.rescan-every", "1h");
  }

  private static long marker(SidecarRun sidecar, PutWatch wire, String name) throws IOException, InterruptedException {
    byte[] content = new byte[BYTES];
    new Random(name.hashCode()).nextBytes(content);
    Path file = Files.write(sidecar.recordings().resolve(name), content);
    Path marker = file.resolveSibling(name + ".upload");
    long begun = System.nanoTime();
    Files.createFile(marker);
    long arrived = wire.await(name);
    sidecar.awaitGone(marker);
    return arrived - begun;
  }

  private static String inWords(long first, long[] nanos) {
    Arrays.sort(nanos);
    return "p50 " + millis(nanos[COUNT / 2]) + ", p95 " + millis(nanos[COUNT * 95 / 100]) + ", most "
        + millis(nanos[COUNT - 1]) + "; the first after the start " + millis(first);
  }

  private static String millis(long nanos) {
    return Row.number("%.0f", nanos / (double) TimeUnit.MILLISECONDS.toNanos(1)) + " ms";
  }
}
