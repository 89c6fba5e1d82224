package org.reelway.transfer.audit;

import java.time.Instant;
import java.util.List;

/**
 * What the janitor found.
 *
 * @param notListed why the bucket's unfinished uploads could not be listed; null where they were
 */
public record JanitorReport(Instant at, List<UploadFinding> uploads, Lifecycle lifecycle, String notListed) {

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
