package org.reelway.transfer.program;

import java.time.Duration;
import org.reelway.state.ProgramRecord;

/** Told of each run that has ended. */
@FunctionalInterface
public interface ProgramObserver {
  void ended(ProgramRecord.State outcome, Duration took);
}
