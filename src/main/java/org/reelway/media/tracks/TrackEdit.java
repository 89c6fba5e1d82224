package org.reelway.media.tracks;

/**
 * A stretch of a track on the timeline of its file (ISO/IEC 14496-12, 8.6.6).
 *
 * @param startMicros on the file's timeline, in microseconds
 * @param endMicros behind it, likewise
 * @param mediaMicros where in the track's own media it begins; -1 for a pause
 */
public record TrackEdit(long startMicros, long endMicros, long mediaMicros) {
  private static final long PAUSE = -1;

  static TrackEdit pause(long startMicros, long endMicros) {
    return new TrackEdit(startMicros, endMicros, PAUSE);
  }

  public boolean isMedia() {
    return mediaMicros >= 0;
  }

  public long startMillis() {
    return Math.round(startMicros / 1000.0);
  }

  public long endMillis() {
    return Math.round(endMicros / 1000.0);
  }
}
