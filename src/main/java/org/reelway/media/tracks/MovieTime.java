package org.reelway.media.tracks;

import java.time.Instant;

/** Moments as MP4 and Flashphoner WCS count them: in seconds since 1904-01-01T00:00:00Z (ISO/IEC 14496-12, {@code mvhd}). */
public final class MovieTime {
  private static final long TO_1970 = 2_082_844_800L;

  private MovieTime() {}

  public static Instant at(long seconds) {
    return Instant.ofEpochSecond(seconds - TO_1970);
  }

  /** To the second. Does not fit into 32 bits with a sign. */
  public static long of(Instant time) {
    return time.getEpochSecond() + TO_1970;
  }
}
