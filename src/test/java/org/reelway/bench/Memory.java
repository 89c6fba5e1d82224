package org.reelway.bench;

import java.nio.file.Path;
import java.util.Map;

/** Peak resident memory of the whole sidecar: eight recordings at once, larger ones, and with a backlog behind them. */
final class Memory implements Section {
  private static final String NAME = "memory: eight recordings at once";
  private static final int FILES = 8;
  private static final Map<String, String> EIGHT_AT_ONCE =
      Map.of("reelway.recordings.files-at-once", Integer.toString(FILES));

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final int backlog;

  Memory(Workload workload, SinkProcess sink, Report report, int backlog) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
    this.backlog = backlog;
  }

  private interface Filling {
    void fill(Path folder) throws Exception;
  }

  @Override
  public void measure() throws Exception {
    double gibibytes = FILES * (workload.contentBytes() / (double) (1L << 30));
    for (Scheme scheme : Scheme.values()) {
      run("eight files of " + Row.number("%.1f", gibibytes / FILES) + " GiB", scheme, gibibytes,
          folder -> workload.large(folder, "r", FILES));
    }
    run("eight sparse files of four times the size", Scheme.HTTP, gibibytes * 4,
        folder -> workload.sparse(folder, "r", FILES, workload.contentBytes() * 4));
    run("eight files and " + backlog + " waiting behind them", Scheme.HTTP, gibibytes,
        folder -> {
          workload.large(folder, "a", FILES);
          workload.small(folder, backlog, 1000);
        });
  }

  private void run(String what, Scheme scheme, double gibibytes, Filling filling) throws Exception {
    Path home = workload.folder("sidecar");
    try (SidecarRun sidecar = SidecarRun.start(home, sink, scheme, EIGHT_AT_ONCE)) {
      Path folder = workload.folder("measured");
      filling.fill(folder);
      Workload.mark(folder);
      report.add(new Row(NAME, "Reelway, " + what, scheme.word(), gibibytes, sidecar.carry(folder), "from cold"));
    } finally {
      workload.remove(home);
    }
  }
}
