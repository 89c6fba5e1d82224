package org.reelway.camel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.reelway.transfer.flow.RepairFlow;

/** What the routes of the repair call. */
public final class Repairs {
  private final Optional<RepairFlow> repair;

  /** @param repair empty where it is switched off; null in a trial */
  Repairs(Optional<RepairFlow> repair) {
    this.repair = repair;
  }

  public void look() {
    repair.ifPresent(RepairFlow::look);
  }

  /** {@code GET /repairs}. */
  public void list(Exchange exchange) {
    ApiAnswer.give(
        exchange,
        200,
        () ->
            Map.of(
                "enabled", repair.isPresent(),
                "unfinished", repair.map(RepairFlow::list).orElse(List.of())));
  }
}
