package org.reelway.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** CPU seconds per GiB: a running, warmed sidecar, and each peer's whole process, over the same large files. */
final class LargeFiles implements Section {
  private static final String NAME = "large: four files, CPU per GiB";
  private static final int FILES = 4;

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;
  private final List<Scheme> schemes;
  private final List<Peer> peers;

  LargeFiles(Workload workload, SinkProcess sink, Report report, List<Scheme> schemes, List<Peer> peers) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
    this.schemes = schemes;
    this.peers = peers;
  }

  @Override
  public void measure() throws Exception {
    Path folder = workload.folder("large");
    workload.large(folder, "r", FILES);
    for (Scheme scheme : schemes) {
      sidecar(scheme);
      for (Peer peer : peers) {
        peer(peer, scheme, folder);
      }
    }
    workload.remove(folder);
  }

  private void sidecar(Scheme scheme) throws Exception {
    Path home = workload.folder("sidecar");
    try (SidecarRun sidecar = SidecarRun.start(home, sink, scheme, Map.of())) {
      report.add(new Row(NAME, "Reelway, its own start", scheme.word(), 0, sidecar.start(), "once a start"));
      sidecar.carry(prepared("warm-up", 1));
      Cost cost = sidecar.carry(prepared("measured", FILES));
      report.add(new Row(NAME, "**Reelway, running**, CRC32C", scheme.word(), gibibytes(FILES), cost, ""));
    } finally {
      workload.remove(home);
    }
  }

  private Path prepared(String name, int files) throws Exception {
    Path folder = workload.folder(name);
    workload.large(folder, "r", files);
    Workload.mark(folder);
    return folder;
  }

  private double gibibytes(int files) {
    return files * (workload.contentBytes() / (double) (1L << 30));
  }

  private void peer(Peer peer, Scheme scheme, Path folder) throws Exception {
    Peer.SinkPlace place = Peer.SinkPlace.of(sink, scheme);
    Cost cost =
        new ChildRun(workload.folder("peer")).run(peer.command(folder, place), Peer.environment());
    report.add(new Row(NAME, peer.name(), scheme.word(), gibibytes(FILES), cost, ""));
  }
}
