package org.reelway.conference.multirecorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.reelway.failure.FileTree;
import org.reelway.failure.OurFailure;
import org.reelway.recording.DurableFiles;
import org.reelway.settings.RecordingNameTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one file of what a multi-recording left in its folder, and gives it its name. Can be done again from the beginning
 * after every step: there is one file in the end.
 */
final class MultiRecordingEnd {
  private static final Logger LOG = LoggerFactory.getLogger(MultiRecordingEnd.class);
  private static final String EXTENSION = ".mp4";
  private static final String UNFINISHED = ".tmp";
  private static final long MEBIBYTE = 1 << 20;
  /** A piece that is smaller has its head at most. */
  private static final long NO_MEDIA = 4096;
  private static final String UNREADABLE = "unreadable";
  /** Names that multi-recordings' folders have. */
  private static final Pattern UNBEGUN = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Set<String> KNOWN_LATER = Set.of("endTimeMillis", "duration");

  private final Path folder;
  private final RecordingNameTemplate name;

  /** @param folder that finished files are put into */
  MultiRecordingEnd(Path folder, RecordingNameTemplate name) {
    this.folder = folder;
    this.name = name;
  }

  /** What there is of it. @param zero seconds since 1970 at which its media begins; @param end when the last of it ends */
  private record Recorded(List<MultiTrackFile.Member> members, double zero, double end) {
    Instant created() {
      return Instant.ofEpochMilli(Math.round(zero * 1000));
    }

    long millis() {
      return Math.round((end - zero) * 1000);
    }
  }

  /**
   * Finishes it.
   *
   * @param work folder of the multi-recording
   * @return the file, which is to be handed over before {@link #forget}; empty where nothing was recorded
   */
  Optional<MultiRecorders.Finished> finish(Path work) throws IOException {
    SessionNotes.Note note = SessionNotes.read(work);
    if (note.done()) {
      Path file = Path.of(note.target());
      return Files.exists(file) ? Optional.of(new MultiRecorders.Finished(file, note.uri())) : Optional.empty();
    }
    Recorded recorded = recorded(work, note);
    boolean isMade = !note.target().isEmpty() && Files.exists(Path.of(note.target()));
    if (recorded.members().isEmpty() && !isMade) {
      LOG.warn("nothing was recorded for {}: no stream sent any media", note.uri());
      return Optional.empty();
    }
    Path file = note.target().isEmpty() ? target(note, recorded) : Path.of(note.target());
    if (!isMade) {
      Files.createDirectories(file.getParent());
      if (!note.target().isEmpty()) {
        // Of a try before this one.
        Files.deleteIfExists(unfinished(file));
      }
      requireRoom(recorded.members(), file);
      SessionNotes.write(work, note.becoming(file, false));
      write(recorded, file, work);
    }
    SessionNotes.write(work, note.becoming(file, true));
    return Optional.of(new MultiRecorders.Finished(file, note.uri()));
  }

  /** Pieces in which there is media. One that cannot be read to its end is taken up to there, and kept as it is as well. */
  private static Recorded recorded(Path work, SessionNotes.Note note) throws IOException {
    List<MultiTrackFile.Member> members = new ArrayList<>();
    double zero = Double.MAX_VALUE;
    double end = 0;
    for (MultiTrackFile.Member member : SessionNotes.members(work, note)) {
      List<MultiTrackFile.Piece> pieces = new ArrayList<>();
      for (MultiTrackFile.Piece piece : member.pieces()) {
        PieceReader.Length length = PieceReader.length(piece.file());
        if (!length.trouble().isEmpty()) {
          keep(piece.file(), member, length);
        }
        if (length.seconds() > 0) {
          pieces.add(piece);
          zero = Math.min(zero, piece.placement().origin());
          end = Math.max(end, piece.placement().at(length.seconds()));
        }
      }
      if (!pieces.isEmpty()) {
        members.add(new MultiTrackFile.Member(member.streamName(), member.mediaSessionId(), pieces));
      }
    }
    return new Recorded(members, zero, end);
  }

  /** By a second name, which stays when the rest is deleted. */
  private static void keep(Path piece, MultiTrackFile.Member member, PieceReader.Length length) throws IOException {
    Path kept = piece.getParent().resolveSibling(UNREADABLE)
        .resolve(piece.getParent().getFileName() + "-" + piece.getFileName());
    if (Files.size(piece) > NO_MEDIA && Files.notExists(kept)) {
      Files.createDirectories(kept.getParent());
      DurableFiles.link(piece, kept);
      DurableFiles.syncFolder(kept.getParent());
      LOG.error("what was recorded of stream {} cannot be read behind {} s: {}; it is kept as {}", member.streamName(),
          Math.round(length.seconds()), length.trouble(), kept);
    }
  }

  private void write(Recorded recorded, Path file, Path work) throws IOException {
    List<MultiTrackFile.Member> placed =
        recorded.members().stream()
            .map(member -> new MultiTrackFile.Member(
                member.streamName(), member.mediaSessionId(),
                member.pieces().stream()
                    .map(piece -> new MultiTrackFile.Piece(
                        piece.file(),
                        new Placement(piece.placement().origin() - recorded.zero(), piece.placement().pace())))
                    .toList()))
            .toList();
    Path unfinished = unfinished(file);
    boolean made = false;
    try {
      Duration length = MultiTrackFile.write(placed, recorded.created(), unfinished, work);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(file.toAbsolutePath().getParent());
      LOG.info("multi-recorded {} ({} s)", file, length.toSeconds());
      made = true;
    } finally {
      if (!made) {
        // Others need the room while this waits for it.
        Files.deleteIfExists(unfinished);
      }
    }
  }

  private static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + UNFINISHED);
  }

  /** Looked for before a disk is filled that others write to. */
  private static void requireRoom(List<MultiTrackFile.Member> members, Path file) throws IOException {
    long needed = 0;
    for (MultiTrackFile.Member member : members) {
      for (MultiTrackFile.Piece piece : member.pieces()) {
        needed += Files.size(piece.file());
      }
    }
    long free = file.getParent().toFile().getUsableSpace();
    if (free < needed) {
      throw new OurFailure(
          "there is no room for " + file + ": it needs " + mebibytes(needed) + " MiB, and " + free / MEBIBYTE
              + " MiB are free in " + file.getParent() + "; make room there, what was recorded is kept until then", null);
    }
  }

  private static long mebibytes(long bytes) {
    return (bytes + MEBIBYTE - 1) / MEBIBYTE;
  }

  private Path target(SessionNotes.Note note, Recorded recorded) {
    long end = note.ended() > 0 ? note.ended() : Math.round(recorded.end() * 1000);
    String stem = name.of(values(note.uri(), note.began(), end, recorded.millis()));
    for (int copy = 1; ; copy++) {
      Path file = folder.resolve((copy == 1 ? stem : stem + "-" + copy) + EXTENSION);
      if (!Files.exists(file) && !Files.exists(unfinished(file))) {
        return file;
      }
    }
  }

  /** While it goes on: what is known later only stands in it as in its template. */
  String nameSoFar(String uri, long began) {
    return name.of(values(uri, began, began, 0), KNOWN_LATER) + EXTENSION;
  }

  /** As WCS has it: times of a stream's own clock are -1, for there is no one stream. @param length of the media */
  private static RecordingNameTemplate.Values values(String uri, long began, long end, long length) {
    return new RecordingNameTemplate.Values(uri, -1, -1, began, end, length, "", "", "", "mp4a", "H264");
  }

  /** A kill came before it was a multi-recording. Other folders are not touched. */
  static void forgetUnbegun(Path work) throws IOException {
    if (UNBEGUN.matcher(work.getFileName().toString()).matches()) {
      forget(work);
    }
  }

  /** It has been handed over: what it was made of is deleted. */
  static void forget(Path work) throws IOException {
    FileTree.delete(work);
    DurableFiles.syncFolder(work.toAbsolutePath().getParent());
  }
}
