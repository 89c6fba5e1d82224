package org.reelway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred sidecars on one database and one broker: nothing is lost, doubled, out of order, or locked up. */
class FleetSimulationTest {
  private static final int NODES = 200;
  private static final int RECORDINGS = Integer.getInteger("reelway.simulation.recordings", 600);

  @TempDir Path folder;

  @Test
  void twoHundredSidecarsShareOneDatabaseAndOneBroker() throws Exception {
    try (FleetSimulation fleet = new FleetSimulation(folder, NODES)) {
      long deadlocks = fleet.deadlocks();
      FleetSimulation.Figures figures = fleet.record(RECORDINGS, 0);
      System.out.println(figures.line());

      assertThat(fleet.failures).isEmpty();
      assertThat(fleet.deadlocks()).as("deadlocks").isEqualTo(deadlocks);
      assertThat(fleet.count("recording WHERE state = 'done' AND node LIKE 'node-%'")).isEqualTo(RECORDINGS);
      assertThat(fleet.count("server_event WHERE done_at IS NOT NULL")).isEqualTo(RECORDINGS);
      assertThat(fleet.count("callback WHERE state = 'delivered'")).isEqualTo(2L * RECORDINGS);
      assertThat(fleet.arrived).hasSize(RECORDINGS).allSatisfy((queue, ids) -> {
        String id = queue.substring(queue.indexOf(' ') + 1);
        assertThat(ids).as("once each, in order").containsExactly(id + "/1", id + "/2");
      });
      assertThat(fleet.mixed).as("each by one worker").allSatisfy((order, by) -> assertThat(by).hasSize(1));
      assertThat(fleet.mixed.values().stream().flatMap(by -> by.stream()).collect(Collectors.toSet())).as("workers").hasSizeGreaterThan(1);
      assertThat(fleet.count("mix_order WHERE state <> 'mixed'")).isZero();
      assertThat(fleet.count("node WHERE id LIKE 'node-%'")).isEqualTo(NODES);
    }
  }
}
