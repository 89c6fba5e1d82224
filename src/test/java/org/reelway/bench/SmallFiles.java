package org.reelway.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Thousands of small recordings with markers, beside the peer that is best at that. */
final class SmallFiles implements Section {
  private static final int BYTES = 100_000;
  private static final int WARM_UP = 500;

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final List<Scheme> schemes;
  private final List<Peer> peers;
  private final int count;
  private final String name;

  SmallFiles(Workload workload, SinkProcess sink, Report report, List<Scheme> schemes, List<Peer> peers, int count) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
    this.schemes = schemes;
    this.peers = peers;
    this.count = count;
    this.name = "small: " + count + " files of 100 KB";
  }

  @Override
  public void measure() throws Exception {
    for (Scheme scheme : schemes) {
      sidecar(scheme);
      for (Peer peer : peers) {
        peer(peer, scheme);
      }
    }
  }

  private void sidecar(Scheme scheme) throws Exception {
    Path home = workload.folder("sidecar");
    try (SidecarRun sidecar = SidecarRun.start(home, sink, scheme, Map.of())) {
      Path first = workload.folder("warm-up");
      workload.small(first, WARM_UP, BYTES);
      Workload.mark(first);
      sidecar.carry(first);
      report.add(new Row(name, "**Reelway, just started**, CRC32C", scheme.word(), 0, carry(sidecar, "first"),
          "its start is " + Row.number("%.1f", sidecar.start().cpuSeconds()) + " CPU s more, once"));
      report.add(new Row(name, "**Reelway, running**, CRC32C", scheme.word(), 0, carry(sidecar, "second"),
          "the next as many of the same sidecar"));
    } finally {
      workload.remove(home);
    }
  }

  private Cost carry(SidecarRun sidecar, String folder) throws Exception {
    Path measured = workload.folder(folder);
    workload.small(measured, count, BYTES);
    Workload.mark(measured);
    return sidecar.carry(measured);
  }

  private void peer(Peer peer, Scheme scheme) throws Exception {
    Path folder = workload.folder("small");
    workload.small(folder, count, BYTES);
    Peer.SinkPlace place = Peer.SinkPlace.of(sink, scheme);
    Cost cost =
        new ChildRun(workload.folder("peer")).run(peer.command(folder, place), Peer.environment());
    report.add(new Row(name, peer.name(), scheme.word(), 0, cost, "the whole process"));
    workload.remove(folder);
  }
}
