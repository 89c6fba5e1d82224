package org.reelway.camel;

import io.micrometer.core.instrument.Counter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.reelway.transfer.audit.Janitor;
import org.reelway.transfer.audit.JanitorReport;
import org.reelway.transfer.audit.UploadFinding.Kind;

/** The janitor's rounds, as routes and the API call them, and what the last one found. */
public final class JanitorRounds {
  private final AtomicReference<JanitorReport> last = new AtomicReference<>();
  private final Map<String, Janitor> janitors;
  private final Counter aborted;

  /**
   * @param janitors one of each store, by words that name it, the primary store's first
   * @param aborted counts uploads
   */
  JanitorRounds(Map<String, Janitor> janitors, Counter aborted) {
    this.janitors = janitors;
    this.aborted = aborted;
  }

  /** Aborts what is ours and stale. */
  public JanitorReport work() {
    JanitorReport report = work(false);
    aborted.increment(report.count(Kind.ABORTED));
    last.set(report);
    return report;
  }

  /** Only looks, so that nobody waits for the night to be told. */
  public JanitorReport look() {
    return show();
  }

  /** {@code GET /uploads}: what the janitor would do now, and what it leaves alone. */
  public JanitorReport show() {
    JanitorReport now = work(true);
    last.set(now);
    return now;
  }

  private JanitorReport work(boolean dryRun) {
    Map<String, JanitorReport> reports = new LinkedHashMap<>();
    janitors.forEach((store, janitor) -> reports.put(store, janitor.work(dryRun)));
    return reports.size() == 1 ? reports.values().iterator().next() : JanitorReport.of(reports);
  }

  Optional<JanitorReport> last() {
    return Optional.ofNullable(last.get());
  }
}
