package org.reelway.multirecorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.reelway.config.RecordingNameTemplate;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.DurableFiles;
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

  /**
   * Finishes it.
   *
   * @param work folder of the multi-recording
   * @param end when it ended; of its name
   * @return the file, which is to be handed over before {@link #forget}; empty where nothing was recorded
   */
  Optional<MultiRecorders.Finished> finish(Path work, Instant end) throws IOException {
    SessionNotes.Note note = SessionNotes.read(work);
    if (note.done()) {
      Path file = Path.of(note.target());
      return Files.exists(file) ? Optional.of(finished(note, file)) : Optional.empty();
    }
    List<MultiTrackFile.Member> members = SessionNotes.members(work, note);
    if (members.isEmpty()) {
      LOG.warn("nothing was recorded for {}: no stream sent any media", note.uri());
      return Optional.empty();
    }
    Path file = note.target().isEmpty() ? target(note, end) : Path.of(note.target());
    if (!Files.exists(file)) {
      Files.createDirectories(file.getParent());
      if (!note.target().isEmpty()) {
        // Of a try before this one.
        Files.deleteIfExists(unfinished(file));
      }
      requireRoom(members, file);
      SessionNotes.write(work, note.becoming(file, false));
      if (!write(members, file, work)) {
        return Optional.empty();
      }
    }
    SessionNotes.write(work, note.becoming(file, true));
    return Optional.of(finished(note, file));
  }

  private boolean write(List<MultiTrackFile.Member> members, Path file, Path work) throws IOException {
    double zero =
        members.stream().flatMap(member -> member.pieces().stream())
            .mapToDouble(piece -> piece.placement().origin()).min().orElseThrow();
    List<MultiTrackFile.Member> placed =
        members.stream()
            .map(member -> new MultiTrackFile.Member(
                member.streamName(), member.mediaSessionId(),
                member.pieces().stream()
                    .map(piece -> new MultiTrackFile.Piece(
                        piece.file(), new Placement(piece.placement().origin() - zero, piece.placement().pace())))
                    .toList()))
            .toList();
    Path unfinished = unfinished(file);
    boolean made = false;
    try {
      Duration length =
          MultiTrackFile.write(placed, Instant.ofEpochMilli(Math.round(zero * 1000)), unfinished, work);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(file.toAbsolutePath().getParent());
      LOG.info("multi-recorded {} ({} s)", file, length.toSeconds());
      made = true;
    } catch (InputFailure nothing) {
      LOG.warn("{} is not made: {}", file, nothing.getMessage());
    } finally {
      if (!made) {
        // Others need the room while this waits for it.
        Files.deleteIfExists(unfinished);
      }
    }
    return made;
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

  private Path target(SessionNotes.Note note, Instant end) {
    String stem = name(note.uri(), note.began(), end.toEpochMilli());
    for (int copy = 1; ; copy++) {
      Path file = folder.resolve((copy == 1 ? stem : stem + "-" + copy) + EXTENSION);
      if (!Files.exists(file) && !Files.exists(unfinished(file))) {
        return file;
      }
    }
  }

  /** As WCS has it: times of a stream's own clock are -1, for there is no one stream. */
  private String name(String uri, long began, long end) {
    return name.of(values(uri, began, end));
  }

  /** While it goes on: what is known later only stands in it as in its template. */
  String nameSoFar(String uri, long began) {
    return name.of(values(uri, began, began), KNOWN_LATER) + EXTENSION;
  }

  private static RecordingNameTemplate.Values values(String uri, long began, long end) {
    return new RecordingNameTemplate.Values(uri, -1, -1, began, end, end - began, "", "", "", "mp4a", "H264");
  }

  private static MultiRecorders.Finished finished(SessionNotes.Note note, Path file) {
    return new MultiRecorders.Finished(file, note.uri(), Instant.ofEpochMilli(note.began()));
  }

  /** A kill came before it was a multi-recording. Other folders are not touched. */
  static void forgetUnbegun(Path work) throws IOException {
    if (UNBEGUN.matcher(work.getFileName().toString()).matches()) {
      forget(work);
    }
  }

  /** It has been handed over: what it was made of is deleted. */
  static void forget(Path work) throws IOException {
    try (Stream<Path> all = Files.walk(work)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    DurableFiles.syncFolder(work.toAbsolutePath().getParent());
  }
}
