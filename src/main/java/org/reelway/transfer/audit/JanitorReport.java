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
}
