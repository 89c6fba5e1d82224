package org.reelway.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.reelway.config.RecordingNameTemplate;
import org.reelway.recording.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names the files of one recording, and hands over finished ones. Used by one thread. */
final class RecordedPieces implements FragmentCutter.Pieces {
  private static final Logger LOG = LoggerFactory.getLogger(RecordedPieces.class);
  private static final String EXTENSION = ".mp4";
  /** No media file to anybody who watches the folder; to repair, one whose writer died. */
  private static final String UNFINISHED = ".tmp";
  private static final Set<String> KNOWN_LATER = Set.of("endTime", "endTimeMillis", "duration");
  private static final Map<String, String> CODECS =
      Map.of("avc1", "H264", "avc3", "H264", "hvc1", "H265", "hev1", "H265", "vp09", "VP9", "av01", "AV1");

  private final RecorderOrder order;
  private final OpenPieces notes;
  private final Finished listener;
  private final Clock clock;
  private Instant begunAt;
  private double start;
  private int number;
  private Path note;
  private volatile OpenFile current;

  /** Who is told of finished files. */
  @FunctionalInterface
  interface Finished {
    void finished(Path file, String stream);

    /** @param file that is written from now on */
    default void begun(Path file) {}
  }

  RecordedPieces(RecorderOrder order, OpenPieces notes, Finished listener, Clock clock) {
    this.order = order;
    this.notes = notes;
    this.listener = listener;
    this.clock = clock;
  }

  @Override
  public PieceFile begin(StreamBeginning beginning, double streamStart) throws IOException {
    begunAt = clock.instant();
    start = streamStart;
    Files.createDirectories(order.folder());
    String name = order.name().of(values(beginning, begunAt, 0));
    for (int copy = 1; ; copy++) {
      Path file = order.folder().resolve(numbered(name, copy) + EXTENSION + UNFINISHED);
      if (!Files.exists(file)) {
        String shown = order.name().of(values(beginning, begunAt, 0), KNOWN_LATER);
        current = new OpenFile(file, numbered(shown, copy) + EXTENSION);
        note = notes.begun(file, order.stream());
        PieceFile piece = PieceFile.begin(file, beginning, streamStart);
        listener.begun(order.folder().resolve(numbered(name, copy) + EXTENSION));
        return piece;
      }
    }
  }

  @Override
  public void finished(PieceFile piece, StreamBeginning beginning, boolean last) throws IOException {
    number++;
    String name = order.name().of(values(beginning, clock.instant(), piece.seconds()));
    boolean counted = !last && !order.name().tellsPiecesApart();
    Path file = free(order.folder(), counted ? name + "_" + number : name);
    Files.move(piece.file(), file, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncFolder(file.toAbsolutePath().getParent());
    current = null;
    notes.ended(note);
    LOG.info("recorded {} ({} s of stream {})", file, Math.round(piece.seconds()), order.stream());
    listener.finished(file, order.stream());
  }

  /** Nothing is ever written over. */
  private static Path free(Path folder, String name) {
    for (int copy = 1; ; copy++) {
      Path file = folder.resolve(numbered(name, copy) + EXTENSION);
      if (!Files.exists(file)) {
        return file;
      }
    }
  }

  /**
   * Gives a mended file its name.
   *
   * @return the file
   */
  static Path finishTorn(Path unfinished) throws IOException {
    String name = unfinished.getFileName().toString().replaceFirst("\\.mp4\\.tmp$", "");
    Path file = free(unfinished.getParent(), name);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncFolder(file.getParent());
    return file;
  }

  private static String numbered(String name, int copy) {
    return copy == 1 ? name : name + "-" + copy;
  }

  @Override
  public void left(PieceFile piece) {
    current = null;
    LOG.warn("{} could not be finished; that is tried again after the next start", piece.file());
  }

  private RecordingNameTemplate.Values values(StreamBeginning beginning, Instant end, double seconds) {
    String video = beginning.codec(true);
    String audio = beginning.codec(false);
    return new RecordingNameTemplate.Values(
        order.stream(), Math.round(start * 1000), Math.round((start + seconds) * 1000), begunAt.toEpochMilli(),
        end.toEpochMilli(), Math.round(seconds * 1000), order.session(), order.session(), "",
        CODECS.getOrDefault(audio, audio), CODECS.getOrDefault(video, video));
  }

  @Override
  public OpenFile current() {
    return current;
  }
}
