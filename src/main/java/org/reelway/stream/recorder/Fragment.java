package org.reelway.stream.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.reelway.failure.OurFailure;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.SampleRun;
import org.reelway.media.mp4.TrackFragment;

/** The {@code moof} box of a fragment: where it is in time, and whether a file may begin with it. */
final class Fragment {
  private final byte[] moof;
  private final StreamBeginning beginning;
  private final List<Run> runs = new ArrayList<>();

  /**
   * What it has of a track.
   *
   * @param start decode time of its first sample, in units of the track
   * @param timeAt where that is written; @param wide whether in eight bytes
   * @param key whether it begins with a sample that needs none before it
   */
  private record Run(StreamBeginning.Track track, long start, long timeAt, boolean wide, long duration, int samples,
      boolean key) {

    double startSeconds() {
      return (double) start / track.timescale() + track.waits();
    }

    double endSeconds() {
      return startSeconds() + (double) duration / track.timescale();
    }

    /** In units of the track, since a time of the stream; before that time, where the file's edit list says that it waits. */
    long since(double seconds, boolean waitsInList) {
      return Math.max(0, start - Math.round((seconds - (waitsInList ? 0 : track.waits())) * track.timescale()));
    }
  }

  /** @throws org.reelway.media.mp4.BrokenBoxes when it is not what ffmpeg writes */
  Fragment(byte[] moof, StreamBeginning beginning) throws IOException {
    this.moof = moof;
    this.beginning = beginning;
    for (TrackFragment each : TrackFragment.all(Box.of(moof), beginning.defaults())) {
      runs.add(run(each));
    }
    if (runs.isEmpty()) {
      throw new OurFailure("ffmpeg wrote a fragment of no track");
    }
  }

  private Run run(TrackFragment fragment) throws IOException {
    if (fragment.tfdt() == null) {
      throw new OurFailure("ffmpeg wrote a fragment without tfdt");
    }
    Optional<SampleRun> first = fragment.runs().stream().filter(run -> run.count() > 0).findFirst();
    return new Run(
        beginning.track(fragment.track()), fragment.decodeTime(), fragment.tfdt().body() + 4, fragment.tfdt().isLarge(),
        fragment.duration(), (int) fragment.samples(), first.isEmpty() || first.get().isKey(0));
  }

  /** A file that begins here can be played from its first sample on. */
  boolean mayBegin() {
    boolean hasVideo = beginning.tracks().values().stream().anyMatch(StreamBeginning.Track::video);
    return !hasVideo || runs.stream().anyMatch(run -> run.track().video() && run.samples() > 0 && run.key());
  }

  /** Decode time of its first sample, in seconds. */
  double start() {
    return runs.stream().filter(run -> run.samples() > 0).mapToDouble(Run::startSeconds).min().orElse(0);
  }

  /** When its first sample is in the time that all tracks share, in seconds: {@link #start} is that of a track's own. */
  double sharedStart() {
    return runs.stream().filter(run -> run.samples() > 0)
        .mapToDouble(run -> run.startSeconds() - run.track().waits() + run.track().shift()).min().orElse(0);
  }

  /** Time of its first picture, or of its first sample where it has none, in seconds: files are cut by that. */
  double cutTime() {
    return runs.stream().filter(run -> run.track().video() && run.samples() > 0).mapToDouble(Run::startSeconds).min()
        .orElse(start());
  }

  /** Where its last sample ends, in seconds. */
  double end() {
    return runs.stream().mapToDouble(Run::endSeconds).max().orElse(0);
  }

  /** Pictures in it. */
  int frames() {
    return runs.stream().filter(run -> run.track().video()).mapToInt(Run::samples).sum();
  }

  /**
   * The box with times that count from the given one, so that each file begins at its own zero.
   *
   * @param waitsInList see {@link StreamBeginning.Piece}
   */
  byte[] since(double seconds, boolean waitsInList) {
    byte[] shifted = Arrays.copyOf(moof, moof.length);
    ByteBuffer out = ByteBuffer.wrap(shifted);
    for (Run run : runs) {
      long time = run.since(seconds, waitsInList);
      if (run.wide()) {
        out.putLong((int) run.timeAt(), time);
      } else {
        out.putInt((int) run.timeAt(), (int) time);
      }
    }
    return shifted;
  }

  /** The track by which players seek, and its time there; the first video track, or the first one. */
  Seek seek(double since, boolean waitsInList) {
    Run run =
        runs.stream().filter(each -> each.track().video() && each.samples() > 0).findFirst()
            .orElse(runs.get(0));
    return new Seek(run.track().id(), run.since(since, waitsInList));
  }

  /** @param time in units of the track */
  record Seek(long track, long time) {}
}
