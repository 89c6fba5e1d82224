package org.reelway.conference.mixer;

import java.util.ArrayList;
import java.util.List;
import org.reelway.media.tracks.Track;
import org.reelway.media.tracks.TrackEdit;
import org.reelway.media.tracks.TrackMetadata;

/**
 * A track while it was on.
 *
 * @param index of the track among those of its kind, from 0 on
 * @param name of its stream
 * @param who the same for all inputs of one stream: its name, else its media session, else its track
 * @param startMicros on the timeline
 * @param endMicros behind it
 * @param mediaMicros where in the track's media it begins
 * @param placed whether ffmpeg puts it on the timeline by itself: it does for a track with one stretch of media, and is
 *     not trusted with more
 * @param mono whether it is sound of one channel
 */
record MixInput(
    int index, String name, String who, long startMicros, long endMicros, long mediaMicros, boolean placed, boolean mono) {

  static List<MixInput> of(List<Track> tracks, Track.Kind kind) {
    List<MixInput> inputs = new ArrayList<>();
    int index = 0;
    for (Track track : tracks) {
      if (track.kind() == kind) {
        List<TrackEdit> media = track.edits().stream().filter(TrackEdit::isMedia).toList();
        boolean placed = media.size() == 1;
        for (TrackEdit edit : media) {
          inputs.add(
              new MixInput(
                  index, track.metadata().streamName(), who(track, index), edit.startMicros(), edit.endMicros(), edit.mediaMicros(), placed,
                  track.channels() == 1));
        }
        index++;
      }
    }
    return inputs;
  }

  private static String who(Track track, int index) {
    TrackMetadata metadata = track.metadata();
    return !metadata.streamName().isEmpty()
        ? metadata.streamName()
        : metadata.mediaSessionId().isEmpty() ? "\0" + index : "\0" + metadata.mediaSessionId();
  }

  /** From the track's own time to the timeline, in microseconds. */
  long shiftMicros() {
    return startMicros - mediaMicros;
  }
}
