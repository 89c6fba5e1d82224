package org.reelway.transfer.backup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.reelway.transfer.flow.StoreOutlook;

/** Whether the primary store has failed for so long, with nothing it took in between, that recordings go elsewhere. */
public final class PrimaryTrouble {
  /** So often it is tried with a recording although it fails, so that its return is seen. */
  private static final Duration TRIED_EVERY = Duration.ofMinutes(1);

  private final StoreOutlook outlook;
  private final Duration after;
  private final BooleanSupplier takesProbe;
  private final Clock clock;
  private Instant probed = Instant.MIN;
  private boolean probeWasTaken;

  /**
   * @param after how long it must have been failing
   * @param takesProbe whether it takes a few bytes now; never fails
   */
  public PrimaryTrouble(StoreOutlook outlook, Duration after, BooleanSupplier takesProbe, Clock clock) {
    this.outlook = outlook;
    this.after = after;
    this.takesProbe = takesProbe;
    this.clock = clock;
  }

  /** Where only a single recording failed, a probe tells whether the fault is the store's. */
  boolean isLasting() {
    Instant now = clock.instant();
    boolean isLong = outlook.failingSince().filter(since -> !since.plus(after).isAfter(now)).isPresent();
    return isLong && (outlook.isSeveral() || !takesProbe(false));
  }

  /** Whether one more recording need not find out again. */
  boolean wasSeenLately() {
    Instant due = clock.instant().minus(shorter(TRIED_EVERY, after));
    return outlook.lastFailure().filter(due::isBefore).filter(outlook.answeredAgain()::isBefore).isPresent();
  }

  /** True also where nothing was heard of it yet. @param anew whether what was found a moment ago does not do */
  boolean mayBeOver(boolean anew) {
    return outlook.error().isEmpty() || takesProbe(anew);
  }

  private synchronized boolean takesProbe(boolean anew) {
    Instant now = clock.instant();
    boolean isKnown =
        probed.isAfter(now.minus(shorter(Duration.ofSeconds(20), after))) && probed.isAfter(outlook.answeredAgain());
    if (anew || !isKnown) {
      probeWasTaken = takesProbe.getAsBoolean();
      probed = now;
    }
    return probeWasTaken;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
