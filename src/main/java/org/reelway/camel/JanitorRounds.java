package org.reelway.camel;

import io.micrometer.core.instrument.Counter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.reelway.transfer.audit.Janitor;
import org.reelway.transfer.audit.JanitorReport;
import org.reelway.transfer.audit.UploadFinding.Kind;

/** The janitor's rounds, as routes and the API call them, and what the last one found. */
public final class JanitorRounds {
  private final AtomicReference<JanitorReport> last = new AtomicReference<>();
  private final Janitor janitor;
  private final Counter aborted;

  /** @param aborted counts uploads */
  JanitorRounds(Janitor janitor, Counter aborted) {
    this.janitor = janitor;
    this.aborted = aborted;
  }

  /** Aborts what is ours and stale. */
  public JanitorReport work() {
    JanitorReport report = janitor.work(false);
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
    JanitorReport now = janitor.work(true);
    last.set(now);
    return now;
  }

  Optional<JanitorReport> last() {
    return Optional.ofNullable(last.get());
  }
}
