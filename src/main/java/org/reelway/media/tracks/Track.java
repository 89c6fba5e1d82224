package org.reelway.media.tracks;

import java.util.List;

/**
 * A video or audio track of an MP4.
 *
 * @param id as the file has it, from 1 on
 * @param timescale units a second of its media
 * @param metadata whose it is
 * @param codec four letters of its sample entry, for instance {@code avc1} or {@code mp4a}
 * @param width of pictures; 0 for audio
 * @param height of pictures; 0 for audio
 * @param channels of sound; 0 for video
 * @param sampleRate of sound, a second; 0 for video
 * @param edits when it was on, in the order of time and without gaps; empty for a track without media
 */
public record Track(
    Kind kind,
    long id,
    long timescale,
    TrackMetadata metadata,
    String codec,
    int width,
    int height,
    int channels,
    int sampleRate,
    List<TrackEdit> edits) {

  /** What it holds; other tracks (text, hints, time codes) are passed over. */
  public enum Kind {
    VIDEO,
    AUDIO
  }

  public Track {
    edits = List.copyOf(edits);
  }

  /** From the beginning of the file's timeline to the end of its last edit. */
  public long durationMillis() {
    return edits.isEmpty() ? 0 : edits.get(edits.size() - 1).endMillis();
  }
}
