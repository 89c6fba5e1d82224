package org.reelway.transfer.audit;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the janitor found.
 *
 * @param notListed why the bucket's unfinished uploads could not be listed; null where they were
 */
public record JanitorReport(Instant at, List<UploadFinding> uploads, Lifecycle lifecycle, String notListed) {

  /** Of several stores. @param reports by the words that name their store; at least one */
  public static JanitorReport of(Map<String, JanitorReport> reports) {
    List<JanitorReport> all = List.copyOf(reports.values());
    Lifecycle worst = all.stream().map(JanitorReport::lifecycle)
        .max(Comparator.comparing(lifecycle -> lifecycle.state() == Lifecycle.State.MISSING)).orElseThrow();
    String notListed = reports.entrySet().stream().filter(each -> each.getValue().notListed() != null)
        .map(each -> each.getKey() + ": " + each.getValue().notListed()).collect(Collectors.joining("; "));
    return new JanitorReport(
        all.get(0).at(), all.stream().flatMap(report -> report.uploads().stream()).toList(),
        new Lifecycle(worst.state(), reports.entrySet().stream()
            .map(each -> each.getKey() + ": " + each.getValue().lifecycle().words()).collect(Collectors.joining("; "))),
        notListed.isEmpty() ? null : notListed);
  }

  public long count(UploadFinding.Kind kind) {
    return uploads.stream().filter(upload -> upload.is(kind)).count();
  }

  /** Old uploads that are not known to be ours: nothing is done about them. */
  public long notOurs() {
    return count(UploadFinding.Kind.UNKNOWN) + count(UploadFinding.Kind.PROBABLY_OURS);
  }

  /** Whether nothing clears up after a machine that is gone for ever. */
  public boolean lacksLifecycleRule() {
    return lifecycle.state() == Lifecycle.State.MISSING;
  }
}
