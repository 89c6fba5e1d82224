package org.reelway.transfer.audit;

import java.util.Locale;

/**
 * Something in the bucket that is not as state and manifests say.
 *
 * @param recordingId null where it is not known
 * @param found in words
 */
public record Finding(Kind kind, String key, String recordingId, String found) {

  public enum Kind {
    /** Verified once, and not there now. */
    MISSING,
    /** There, with other bytes. */
    ALTERED,
    /** There, and neither state nor a manifest knows of it. */
    UNKNOWN,
    /** The recording is there, its manifest was written and is not. */
    MANIFEST_MISSING;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
