package org.reelway.camel.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.reelway.transfer.flow.BrokenRecording;
import org.reelway.transfer.flow.RepairFlow;

/** What the routes of the repair call. */
public final class Repairs {
  private final Optional<RepairFlow> repair;

  /** @param repair empty where it is switched off; null in a trial */
  public Repairs(Optional<RepairFlow> repair) {
    this.repair = repair;
  }

  public record RepairList(boolean enabled, List<BrokenRecording> unfinished) {}

  /** One look at everything. @return the files that it found, and those before it had not */
  public List<BrokenRecording> look() {
    List<BrokenRecording> known = list().unfinished();
    repair.ifPresent(RepairFlow::look);
    Set<String> before = known.stream().map(BrokenRecording::file).collect(Collectors.toSet());
    return list().unfinished().stream().filter(one -> !before.contains(one.file())).toList();
  }

  /** {@code GET /repairs}. */
  public RepairList list() {
    return new RepairList(repair.isPresent(), repair.map(RepairFlow::list).orElse(List.of()));
  }
}
