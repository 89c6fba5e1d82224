package org.reelway.stream.supervise;

import java.time.Duration;
import java.util.List;

/**
 * The tracks that a stream is known to have, from its media server or from runs of ffmpeg, and how long the next run looks for
 * them. ffmpeg chooses tracks once, and a server may send the first picture only with the next key picture: x264 makes one in
 * 250. Where both kinds are there it looks no longer, so that patience costs only streams that have one kind. Safe for several
 * threads.
 */
public final class KnownTracks {
  /** ffmpeg's own time. */
  private static final Duration USUAL = Duration.ofSeconds(5);
  /** Ten seconds between key pictures, and a little. */
  private static final Duration UNKNOWN = Duration.ofSeconds(12);
  public static final Duration LONGEST_SEARCH = Duration.ofSeconds(60);
  /** A run is not begun anew for late tracks for ever: key pictures may be minutes apart. */
  private static final int MOST_LATE = 3;
  private static final long MOST_BYTES = 64_000_000;

  private final boolean toldVideo;
  private final boolean toldAudio;
  private boolean video;
  private boolean audio;
  private boolean slow;
  private boolean notFlv;
  private int late;

  /** @param video whether the media server says that it has pictures; @param audio likewise for sounds */
  public KnownTracks(boolean video, boolean audio) {
    this.toldVideo = video;
    this.toldAudio = audio;
    forget();
  }

  /** Of a stream whose server says nothing of them. */
  public static KnownTracks none() {
    return new KnownTracks(false, false);
  }

  /** The stream begins anew: what runs have seen of it is over. */
  public synchronized void forget() {
    video = toldVideo;
    audio = toldAudio;
    slow = false;
    notFlv = false;
    late = 0;
  }

  /**
   * Options of ffmpeg's input.
   *
   * @param declared whether the format tells all tracks at its beginning, as RTSP and MPEG-TS do; RTMP and FLV do not
   */
  public List<String> options(boolean declared) {
    return List.of(
        "-analyzeduration", String.valueOf(search(declared).toNanos() / 1000), "-probesize", String.valueOf(MOST_BYTES));
  }

  /**
   * How long tracks are looked for.
   *
   * @param declared see {@link #options}
   */
  public synchronized Duration search(boolean declared) {
    if (declared) {
      // Formats that come in pieces are looked at for all of the time, always.
      return slow ? UNKNOWN : USUAL;
    }
    return video && audio || slow ? LONGEST_SEARCH : video || audio ? USUAL : UNKNOWN;
  }

  /** How long a run may be silent at its beginning, if it reads and looks. */
  synchronized Duration patience() {
    return LONGEST_SEARCH.plus(UNKNOWN);
  }

  /** What a run found. */
  public synchronized void found(boolean hasVideo, boolean hasAudio) {
    video |= hasVideo;
    audio |= hasAudio;
  }

  /** A track was announced, and what it holds did not come while a run looked. */
  synchronized void lookLonger() {
    slow = true;
  }

  /** A track came that the run does not have. */
  synchronized void late(boolean isVideo) {
    found(isVideo, !isVideo);
    late++;
  }

  /** Whether a run that lacks a track should be begun anew. */
  synchronized boolean isWorthAnotherRun() {
    return late > 0 && late <= MOST_LATE;
  }

  /** It was read, and is something else. */
  public synchronized void isNoFlv() {
    notFlv = true;
  }

  public synchronized boolean mayBeFlv() {
    return !notFlv;
  }

  synchronized boolean hasVideo() {
    return video;
  }
}
