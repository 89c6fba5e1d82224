package org.reelway.stream.supervise;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What ffmpeg says with {@link #OPTIONS}: which tracks it found, which came too late, and its last words. What it only tells for
 * information is not kept: the target's secrets are in it. Used by one thread.
 */
final class FfmpegLog {
  static final List<String> OPTIONS = List.of("-hide_banner", "-nostats", "-loglevel", "level+info");
  private static final Pattern LINE =
      Pattern.compile("((?:\\[[^]]*] )*?)\\[(quiet|panic|fatal|error|warning|info|verbose|debug)] ?(.*)");
  private static final Pattern TRACK = Pattern.compile("\\s*Stream #0:\\d+\\S*: (Video|Audio): .*");
  private static final Pattern LATE = Pattern.compile("New (video|audio) stream .*");
  private static final String UNKNOWN = "Could not find codec parameters for stream";
  private static final int MOST_LINES = 40;

  private final KnownTracks tracks;
  private final Deque<String> words = new ArrayDeque<>();
  private boolean infoBefore;
  private boolean inInput;
  private boolean opened;
  private boolean video;
  private boolean audio;
  private boolean late;

  FfmpegLog(KnownTracks tracks) {
    this.tracks = tracks;
  }

  void take(String line) {
    Matcher parts = LINE.matcher(line);
    boolean tagged = parts.matches();
    // Libraries say theirs without a level.
    boolean info = tagged ? parts.group(2).equals("info") : infoBefore && line.startsWith(" ");
    infoBefore = info;
    if (info) {
      takeInfo(tagged ? parts.group(3) : line);
    } else {
      takeWarning(tagged ? parts.group(3) : line);
      words.add(tagged ? parts.group(1) + parts.group(3) : line);
      if (words.size() > MOST_LINES) {
        words.remove();
      }
    }
  }

  private void takeInfo(String text) {
    Matcher track = TRACK.matcher(text);
    if (text.startsWith("Input #0")) {
      inInput = true;
    } else if (inInput && track.matches()) {
      video |= track.group(1).equals("Video");
      audio |= track.group(1).equals("Audio");
    } else if (inInput && !text.startsWith(" ")) {
      inInput = false;
      opened = true;
      tracks.found(video, audio);
    }
  }

  private void takeWarning(String text) {
    Matcher track = LATE.matcher(text);
    if (track.matches()) {
      boolean isVideo = track.group(1).equals("video");
      // A second track of a kind is not taken anyway.
      if (isVideo ? !video : !audio) {
        late = true;
        tracks.late(isVideo);
      }
    } else if (text.startsWith(UNKNOWN)) {
      tracks.lookLonger();
    }
  }

  /** The input is open, and its tracks are chosen. */
  boolean hasOpened() {
    return opened;
  }

  /** A kind of track has come that was not chosen. */
  boolean hasLateTrack() {
    return late;
  }

  String words() {
    return String.join("\n", words);
  }
}
