package org.reelway.bench;

import java.nio.file.Path;
import java.time.Duration;
import org.reelway.state.FleetSimulation;

/** What 200 sidecars cost one PostgreSQL: with nothing to do, and with a thousand recordings a minute. */
final class FleetState implements Section {
  private static final String NAME = "fleet: one PostgreSQL for 200 sidecars";
  private static final int NODES = 200;
  private static final int A_MINUTE = 1000;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final Workload workload;
  private final Report report;

  FleetState(Workload workload, Report report) {
    this.workload = workload;
    this.report = report;
  }

  @Override
  public void measure() throws Exception {
    Path folder = workload.folder("fleet");
    try (FleetSimulation fleet = new FleetSimulation(folder, NODES)) {
      double idle = fleet.idleCores(IDLE);
      row("nothing to do, CPU of the database", idle * IDLE.toSeconds(), IDLE.toSeconds(), Row.number("%.3f of a core", idle));
      // Prepared statements and pools as in a sidecar that has run for a while.
      fleet.record(A_MINUTE, 0);
      FleetSimulation.Figures paced = fleet.record(A_MINUTE, A_MINUTE);
      row("1,000 recordings in a minute, CPU of the database", paced.cpuSeconds(), paced.seconds(), paced.line());
      FleetSimulation.Figures fast = fleet.record(10 * A_MINUTE, 0);
      row("10,000 recordings as fast as can be, CPU of the database", fast.cpuSeconds(), fast.seconds(), fast.line());
      if (!fleet.failures.isEmpty()) {
        throw new IllegalStateException("the fleet failed", fleet.failures.peek());
      }
    } finally {
      workload.remove(folder);
    }
  }

  private void row(String what, double cpu, double wall, String note) {
    report.add(new Row(NAME, what, "-", 0, new Cost(cpu, wall, 0), note));
  }
}
