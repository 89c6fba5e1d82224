package org.reelway.conference.multirecorder;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.media.MediaBytes;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BrokenBoxes;
import org.reelway.media.mp4.SampleDefaults;
import org.reelway.media.mp4.SampleRun;
import org.reelway.media.mp4.TrackFragment;

/** Reads a recorded piece fragment by fragment: memory does not depend on its length. Used by one thread. */
final class PieceReader implements AutoCloseable {
  private static final int LARGEST_TABLE = 16 << 20;
  private static final int MOST_SAMPLES = 1 << 20;

  private final Path file;
  private final MediaBytes bytes;
  private final Map<Long, TrackHead> heads;
  private final Map<Long, SampleDefaults> defaults;
  private long at;
  private String trouble = "";

  /**
   * Samples of one track that lie behind each other.
   *
   * @param data where their media is in the file
   */
  record Run(long track, long decodeTime, long data, SampleRun samples) {}

  /**
   * A fragment.
   *
   * @param data where its media begins in the file, and @param size how much it is
   */
  record Media(long data, long size, List<Run> runs) {}

  private PieceReader(Path file, MediaBytes bytes) throws IOException {
    this.file = file;
    this.bytes = bytes;
    Box moov = box();
    while (moov != null && !moov.is("moov")) {
      moov = box();
    }
    if (moov == null) {
      throw new InputFailure(file + " has no moov box: nothing was recorded in it");
    }
    try {
      Box inMemory = Box.of(moov.whole(LARGEST_TABLE));
      this.defaults = SampleDefaults.of(inMemory.need("mvex"));
      this.heads = TrackHead.all(inMemory);
    } catch (BrokenBoxes e) {
      throw new InputFailure("the beginning of " + file + " is not whole: " + e.getMessage(), e);
    }
  }

  /** @throws InputFailure when it is no piece, or there is no media in it */
  static PieceReader open(Path file) throws IOException {
    MediaBytes bytes = MediaBytes.open(file);
    try {
      return new PieceReader(file, bytes);
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /** Its tracks, by their ids. */
  Map<Long, TrackHead> heads() {
    return heads;
  }

  /**
   * How long a piece is, in seconds of its own.
   *
   * @param seconds behind the last sample; 0 where there is none
   * @param trouble why not all of it can be read; empty where it can
   */
  record Length(double seconds, String trouble) {}

  /** Reads the heads of all fragments. */
  static Length length(Path file) throws IOException {
    double seconds = 0;
    try (PieceReader reader = open(file)) {
      for (Optional<Media> media = reader.next(); media.isPresent(); media = reader.next()) {
        for (Run run : media.get().runs()) {
          double end = run.decodeTime() + run.samples().duration();
          seconds = Math.max(seconds, end / reader.heads.get(run.track()).timescale());
        }
      }
      return new Length(seconds, reader.trouble);
    } catch (InputFailure e) {
      return new Length(0, e.getMessage());
    }
  }

  /** The next fragment that is whole; empty behind the last, and before one that cannot be read. */
  Optional<Media> next() throws IOException {
    try {
      return trouble.isEmpty() ? read() : Optional.empty();
    } catch (InputFailure e) {
      trouble = e.getMessage();
      return Optional.empty();
    }
  }

  private Optional<Media> read() throws IOException {
    Box moof = null;
    for (Box box = box(); box != null; box = box()) {
      if (box.is("moof")) {
        moof = box;
      } else if (box.is("mdat") && moof != null) {
        return Optional.of(new Media(box.body(), box.length(), runs(moof)));
      }
    }
    return Optional.empty();
  }

  private List<Run> runs(Box moof) throws IOException {
    try {
      List<Run> runs = new ArrayList<>();
      for (TrackFragment fragment : TrackFragment.all(Box.of(moof.whole(LARGEST_TABLE)), defaults)) {
        addRuns(fragment, moof.start(), runs);
      }
      return runs;
    } catch (BrokenBoxes e) {
      throw new InputFailure(file + " has a fragment at byte " + moof.start() + " that is not whole: " + e.getMessage(), e);
    }
  }

  /** @param moof where the fragment begins in the file: offsets count from there */
  private void addRuns(TrackFragment fragment, long moof, List<Run> runs) throws IOException {
    if (!heads.containsKey(fragment.track()) || fragment.hasBaseOffset() || fragment.decodeTime() < 0) {
      throw new BrokenBoxes("it is of no track, or not as ffmpeg writes it (track " + fragment.track() + ")");
    }
    long time = fragment.decodeTime();
    for (SampleRun run : fragment.runs()) {
      if (!run.hasDataOffset()) {
        throw new BrokenBoxes("a run of samples does not say where its media is");
      }
      if (!run.isListed() && run.count() > MOST_SAMPLES) {
        throw new BrokenBoxes("a run of samples says that it has " + run.count());
      }
      for (long i = 0; i < run.count(); i++) {
        if (run.size(i) > Integer.MAX_VALUE || run.duration(i) > Integer.MAX_VALUE) {
          throw new BrokenBoxes("a sample of a piece has a size or a duration below zero");
        }
      }
      runs.add(new Run(fragment.track(), time, moof + run.dataOffset(), run));
      time += run.duration();
    }
  }

  /** Copies media to where the target stands. */
  void copy(Media media, WritableByteChannel target) throws IOException {
    bytes.copyTo(target, media.data(), media.size());
  }

  /** The next box of the file, if it is whole; null where not. */
  private Box box() throws IOException {
    Box box = Box.file(bytes).at(at);
    if (box == null || box.isTorn() || box.isOpen()) {
      return null;
    }
    at = box.end();
    return box;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
