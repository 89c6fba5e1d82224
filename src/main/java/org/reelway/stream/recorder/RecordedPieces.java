package org.reelway.stream.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.reelway.recording.DurableFiles;
import org.reelway.settings.RecordingNameTemplate;
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
  private final RecordedStream stream;
  private final RecordedFiles files;
  private final Clock clock;
  private Instant begunAt;
  private double start;
  private int number;
  private OpenPieces.Open open;
  private volatile OpenFile current;

  RecordedPieces(RecorderOrder order, RecordedStream stream, RecordedFiles files, Clock clock) {
    this.order = order;
    this.stream = stream;
    this.files = files;
    this.clock = clock;
  }

  @Override
  public PieceFile begin(StreamBeginning beginning, double streamStart) throws IOException {
    begunAt = clock.instant();
    start = streamStart;
    Files.createDirectories(order.folder());
    RecordingNameTemplate.Values values = values(beginning, begunAt, 0);
    String name = order.name().of(values);
    for (int copy = 1; ; copy++) {
      Path file = order.folder().resolve(numbered(name, copy) + EXTENSION + UNFINISHED);
      if (!Files.exists(file)) {
        String shown = numbered(order.name().of(values, KNOWN_LATER), copy) + EXTENSION;
        current = new OpenFile(file, shown);
        open = files.noted(file, order.folder().resolve(shown), stream, order.name(), values);
        PieceFile piece = PieceFile.begin(file, beginning, streamStart);
        files.began(open);
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
    files.naming(open, file);
    name(piece.file(), file);
    current = null;
    LOG.info("recorded {} ({} s of stream {})", file, Math.round(piece.seconds()), order.stream());
    files.finished(open, file);
  }

  /** Nothing is ever written over. */
  static Path free(Path folder, String name) {
    for (int copy = 1; ; copy++) {
      Path file = folder.resolve(numbered(name, copy) + EXTENSION);
      if (!Files.exists(file)) {
        return file;
      }
    }
  }

  /** Gives a whole file its name. */
  static void name(Path unfinished, Path file) throws IOException {
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncFolder(file.toAbsolutePath().getParent());
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
