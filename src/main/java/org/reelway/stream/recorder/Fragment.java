package org.reelway.stream.recorder;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.reelway.failure.OurFailure;

/** The {@code moof} box of a fragment: where it is in time, and whether a file may begin with it. */
final class Fragment {
  private static final int DATA_OFFSET = 0x1;
  private static final int FIRST_FLAGS = 0x4;
  private static final int DURATIONS = 0x100;
  private static final int SIZES = 0x200;
  private static final int FLAGS = 0x400;
  private static final int OFFSETS = 0x800;
  private static final int BASE_DATA_OFFSET = 0x1;
  private static final int DESCRIPTION_INDEX = 0x2;
  private static final int DEFAULT_DURATION = 0x8;
  private static final int DEFAULT_SIZE = 0x10;
  private static final int DEFAULT_FLAGS = 0x20;
  private static final int NOT_SYNC = 0x10000;

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
  private record Run(StreamBeginning.Track track, long start, int timeAt, boolean wide, long duration, int samples,
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

  Fragment(byte[] moof, StreamBeginning beginning) {
    this.moof = moof;
    this.beginning = beginning;
    Mp4Boxes all = Mp4Boxes.of(moof);
    Mp4Boxes in = all.in(all.first("moof").orElseThrow());
    for (Mp4Boxes.Box traf : in.all("traf")) {
      runs.add(run(in.in(traf)));
    }
    if (runs.isEmpty()) {
      throw new OurFailure("ffmpeg wrote a fragment of no track");
    }
  }

  private Run run(Mp4Boxes traf) {
    ByteBuffer in = traf.bytes();
    int tfhd = traf.first("tfhd").orElseThrow().body();
    int flags = in.getInt(tfhd) & 0xffffff;
    StreamBeginning.Track track = beginning.track(in.getInt(tfhd + 4));
    int at = tfhd + 8 + ((flags & BASE_DATA_OFFSET) != 0 ? 8 : 0) + ((flags & DESCRIPTION_INDEX) != 0 ? 4 : 0);
    long duration = track.sampleDuration();
    if ((flags & DEFAULT_DURATION) != 0) {
      duration = in.getInt(at) & 0xffffffffL;
      at += 4;
    }
    at += (flags & DEFAULT_SIZE) != 0 ? 4 : 0;
    int sampleFlags = (flags & DEFAULT_FLAGS) != 0 ? in.getInt(at) : 0;
    int tfdt = traf.first("tfdt").orElseThrow(() -> new OurFailure("ffmpeg wrote a fragment without tfdt")).body();
    boolean wide = in.get(tfdt) == 1;
    long start = wide ? in.getLong(tfdt + 4) : in.getInt(tfdt + 4) & 0xffffffffL;
    long length = 0;
    int samples = 0;
    boolean key = true;
    for (Mp4Boxes.Box trun : traf.all("trun")) {
      Samples found = samples(in, trun.body(), duration, sampleFlags);
      key = samples == 0 ? found.key() : key;
      samples += found.count();
      length += found.duration();
    }
    return new Run(track, start, tfdt + 4, wide, length, samples, key);
  }

  private record Samples(int count, long duration, boolean key) {}

  private static Samples samples(ByteBuffer in, int trun, long defaultDuration, int defaultFlags) {
    int flags = in.getInt(trun) & 0xffffff;
    int count = in.getInt(trun + 4);
    int at = trun + 8 + ((flags & DATA_OFFSET) != 0 ? 4 : 0);
    int first = defaultFlags;
    boolean told = (flags & FIRST_FLAGS) != 0;
    if (told) {
      first = in.getInt(at);
      at += 4;
    }
    int durations = (flags & DURATIONS) != 0 ? 4 : 0;
    int sizes = (flags & SIZES) != 0 ? 4 : 0;
    int each = durations + sizes + ((flags & FLAGS) != 0 ? 4 : 0) + ((flags & OFFSETS) != 0 ? 4 : 0);
    if (count > 0 && !told && (flags & FLAGS) != 0) {
      first = in.getInt(at + durations + sizes);
    }
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += durations > 0 ? in.getInt(at + i * each) & 0xffffffffL : defaultDuration;
    }
    return new Samples(count, sum, (first & NOT_SYNC) == 0);
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
        out.putLong(run.timeAt(), time);
      } else {
        out.putInt(run.timeAt(), (int) time);
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
  record Seek(int track, long time) {}
}
