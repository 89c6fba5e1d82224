package org.reelway.transfer.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Locale;

/**
 * An unfinished upload that is old, and what the janitor does about it.
 *
 * @param uploadId null where the store never told it
 * @param recordingId null where it is not known
 * @param why in words, with what to do where that is left to people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UploadFinding(
    String kind, String bucket, String key, String uploadId, String recordingId, Instant begun, String why) {

  public enum Kind {
    /** Ours, and gone now. */
    ABORTED,
    /** Ours, and would go: this was a dry run. */
    STALE,
    /** Ours; something goes on with it, or may. */
    KEPT,
    /** Ours; the store did not take the abort. */
    FAILED,
    /** At a key and an instant at which we asked for an upload whose id never came. */
    PROBABLY_OURS,
    /** Anybody's. */
    UNKNOWN;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  UploadFinding(
      Kind kind, String bucket, String key, String uploadId, String recordingId, Instant begun, String why) {
    this(kind.word(), bucket, key, uploadId, recordingId, begun, why);
  }

  public boolean is(Kind other) {
    return kind.equals(other.word());
  }
}
