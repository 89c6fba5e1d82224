package org.reelway.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** From the launcher's start until all routes run; the first start, and the median of the next ones. */
final class Starts implements Section {
  private static final String NAME = "start: until ready";
  private static final int STARTS = 5;

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;

  Starts(Workload workload, SinkProcess sink, Report report) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
  }

  @Override
  public void measure() throws Exception {
    Path home = workload.folder("sidecar");
    List<Cost> starts = new ArrayList<>();
    try {
      report.add(new Row(NAME, "Reelway, first start in a new state folder", "-", 0, start(home), ""));
      for (int i = 0; i < STARTS; i++) {
        starts.add(start(home));
      }
    } finally {
      workload.remove(home);
    }
    starts.sort(Comparator.comparingDouble(Cost::wallSeconds));
    double cpu = starts.stream().mapToDouble(Cost::cpuSeconds).sorted().toArray()[STARTS / 2];
    Cost middle = starts.get(STARTS / 2);
    report.add(new Row(NAME, "Reelway, median of " + STARTS + " starts", "-", 0,
        new Cost(cpu, middle.wallSeconds(), middle.peakMebibytes()),
        "wall " + Row.number("%.2f", starts.get(0).wallSeconds()) + " to "
            + Row.number("%.2f", starts.get(STARTS - 1).wallSeconds())));
  }

  private Cost start(Path home) throws Exception {
    try (SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, Map.of())) {
      return sidecar.start();
    }
  }
}
