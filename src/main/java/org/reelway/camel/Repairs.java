package org.reelway.camel;

import java.util.List;
import java.util.Optional;
import org.reelway.transfer.flow.BrokenRecording;
import org.reelway.transfer.flow.RepairFlow;

/** What the routes of the repair call. */
public final class Repairs {
  private final Optional<RepairFlow> repair;

  /** @param repair empty where it is switched off; null in a trial */
  Repairs(Optional<RepairFlow> repair) {
    this.repair = repair;
  }

  public record RepairList(boolean enabled, List<BrokenRecording> unfinished) {}

  public void look() {
    repair.ifPresent(RepairFlow::look);
  }

  /** {@code GET /repairs}. */
  public RepairList list() {
    return new RepairList(repair.isPresent(), repair.map(RepairFlow::list).orElse(List.of()));
  }
}
