package org.reelway.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.MarkerContent.Replaced;
import org.reelway.recording.MarkerContent.Start;
import org.reelway.recording.MarkerContent.Unusable;

/** Reads, writes and removes markers, beside the recording where that can be written, else in the shadow folder. */
public final class Markers implements MarkerBook {
  private static final List<String> REFUSALS =
      List.of(
          "Read-only file system",
          "Operation not permitted",
          "File name too long",
          "Is a directory",
          "No space left on device",
          "Disk quota exceeded");
  private static final int LONGEST_STREAM = 1000;

  private final SideFiles sideFiles = new SideFiles();
  private final OpenFiles open = new OpenFiles();
  private final Object[] locks = Stream.generate(Object::new).limit(64).toArray();
  private final Path setAsideFolder;
  private final Clock clock;

  /** @param setAsideFolder where unusable markers are kept for people to look at */
  public Markers(Path setAsideFolder, Clock clock) {
    this.setAsideFolder = setAsideFolder;
    this.clock = clock;
  }

  /**
   * Orders the transfer of a finished recording. Marking twice is marking once; it ends the rest of a file that changed.
   *
   * @param stream the stream's name, or null
   * @throws InputFailure when the file is missing, is not a regular file, or has the name of a temporary or side file
   */
  public MarkedRecording mark(RecordingFolder folder, Path file, String stream) {
    requireRecording(file);
    requireShort(stream);
    String known = stream == null || stream.isBlank() ? null : stream;
    synchronized (lock(file)) {
      // What holds no marker's text is somebody else's, and may go away with him.
      Optional<Path> existing = existing(folder, file).filter(marker -> !(read(marker) instanceof Unusable));
      MarkerContent content = existing.map(this::read).orElse(Start.EMPTY);
      boolean rests = content instanceof Replaced;
      boolean keep = existing.isPresent() && !rests && (known == null || !content.equals(Start.EMPTY));
      String named = known == null && rests ? content.streamName().orElse(null) : known;
      Path wanted = existing.orElse(MarkerName.of(file));
      Path marker = keep ? wanted : write(folder, file, wanted, modified(wanted), new Start(named));
      return new MarkedRecording(folder, file, marker, modified(marker));
    }
  }

  /**
   * Orders the transfer of a file whose writer died, whatever its name; {@link Recoveries} says already what it is. Always
   * in the shadow folder: beside it, others would take the marker for the word that the file is finished.
   */
  MarkedRecording markRecovered(RecordingFolder folder, Path file) {
    synchronized (lock(file)) {
      Path marker = folder.shadowMarker(file);
      if (!isFile(marker)) {
        try {
          Files.createDirectories(marker.getParent());
        } catch (IOException e) {
          throw new OurFailure("the folder " + marker.getParent() + " for a marker cannot be made: " + e, e);
        }
        write(folder, file, marker, Instant.EPOCH, Start.EMPTY);
      }
      return new MarkedRecording(folder, file, marker, modified(marker));
    }
  }

  /** Nobody of this process marks the file, or takes its marker away, until the step is done. */
  public void alone(Path file, Runnable step) {
    synchronized (lock(file)) {
      step.run();
    }
  }

  /** Marking looks before it writes: in between, no transfer may write how far it is. */
  private Object lock(Path file) {
    return locks[Math.floorMod(file.hashCode(), locks.length)];
  }

  private static void requireShort(String stream) {
    if (stream != null && stream.length() > LONGEST_STREAM) {
      throw new InputFailure(
          "the stream's name has " + stream.length() + " characters, allowed are " + LONGEST_STREAM
              + "; give the name that the media server publishes it under");
    }
  }

  private void requireRecording(Path file) {
    sideFiles
        .reason(file.getFileName().toString())
        .ifPresent(
            reason -> {
              throw new InputFailure(file + " is never taken as a recording: " + reason);
            });
    try {
      FileIdentity.of(file);
    } catch (NoSuchFileException e) {
      throw new InputFailure(
          file + " " + FileIdentity.whyNone(e) + "; name the finished recording by its path", e);
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be looked at: " + e, e);
    }
  }

  /** The recording with its marker, wherever that is; empty where it has none. */
  public Optional<MarkedRecording> find(RecordingFolder folder, Path file) {
    return existing(folder, file).map(marker -> new MarkedRecording(folder, file, marker, modified(marker)));
  }

  /** One in the shadow folder has the state, as the one beside it could not be written. */
  private static Optional<Path> existing(RecordingFolder folder, Path file) {
    Path beside = MarkerName.of(file);
    Path shadow = folder.shadowMarker(file);
    if (isFile(shadow)) {
      return Optional.of(shadow);
    }
    return isFile(beside) && !isDone(folder, beside) ? Optional.of(beside) : Optional.empty();
  }

  /** Other programs' files may be called like a marker; what cannot be one is never touched. */
  private static boolean isFile(Path marker) {
    try {
      return whyNoMarker(Files.readAttributes(marker, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)).isEmpty();
    } catch (IOException notThere) {
      return false;
    }
  }

  /** Whether something that may be the recording's marker lies beside it. */
  public static boolean isBeside(Path recording) {
    return isFile(MarkerName.of(recording));
  }

  /** Why a file that is called like a marker can be none, whatever it holds. */
  static Optional<String> whyNoMarker(BasicFileAttributes found) {
    if (!found.isRegularFile()) {
      return Optional.of("is no regular file (links are not followed)");
    }
    return found.size() > MarkerFormat.LARGEST
        ? Optional.of("is longer than any marker (" + MarkerFormat.LARGEST + " bytes)")
        : Optional.empty();
  }

  /**
   * Text that no program of markers writes whole: it may be another's, who may still be writing it. So may an empty file be
   * that somebody opened meanwhile.
   *
   * @param known when it was written as far as is known
   */
  private boolean isOthers(RecordingFolder folder, Path marker, Instant known) {
    if (marker.startsWith(folder.shadow()) || !Files.exists(marker, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    MarkerContent content = read(marker);
    boolean emptied = content.equals(Start.EMPTY) && !modified(marker).equals(known);
    return content instanceof Unusable || emptied && open.look(marker) == OpenFiles.Answer.WRITTEN;
  }

  private static Instant modified(Path marker) {
    try {
      return Files.getLastModifiedTime(marker, LinkOption.NOFOLLOW_LINKS).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  /** Whether nobody has written the marker since the recording was found. */
  public boolean isAsFound(MarkedRecording recording) {
    return modified(current(recording)).equals(recording.markedAt());
  }

  /** What the recording's marker says, wherever it is by now. */
  @Override
  public MarkerContent read(MarkedRecording recording) {
    return read(current(recording));
  }

  /** Whether the recording is still ordered, wherever its marker is by now. */
  public boolean isMarked(MarkedRecording recording) {
    return isFile(current(recording));
  }

  private static Path current(MarkedRecording recording) {
    Path shadow = recording.folder().shadowMarker(recording.file());
    return isFile(shadow) ? shadow : recording.marker();
  }

  public MarkerContent read(Path marker) {
    try {
      Optional<String> none =
          whyNoMarker(Files.readAttributes(marker, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
      return none.isPresent() ? new Unusable(none.get()) : MarkerFormat.parse(Files.readAllBytes(marker));
    } catch (IOException e) {
      return new Unusable("cannot be read: " + e);
    }
  }

  /**
   * Replaces the marker's content durably.
   *
   * @return where the content is now: the shadow folder when the marker's own folder cannot be written, or the file of
   *     the marker's name is no marker
   */
  @Override
  public Path write(MarkedRecording recording, MarkerContent content) {
    synchronized (lock(recording.file())) {
      return write(recording.folder(), recording.file(), current(recording), recording.markedAt(), content);
    }
  }

  private Path write(RecordingFolder folder, Path file, Path marker, Instant known, MarkerContent content) {
    byte[] bytes = MarkerFormat.write(content, file);
    try {
      if (!isOthers(folder, marker, known)) {
        DurableFiles.write(marker, bytes);
        return marker;
      }
    } catch (IOException e) {
      if (!cannotBeWritten(e) || marker.startsWith(folder.shadow())) {
        throw new OurFailure(
            "the marker " + marker + " cannot be written: " + e + "; make room on the disk of " + marker.getParent()
                + ", or give Reelway's user the right to write there",
            e);
      }
    }
    Path shadow = folder.shadowMarker(file);
    try {
      Files.createDirectories(shadow.getParent());
      DurableFiles.write(shadow, bytes);
      return shadow;
    } catch (IOException e) {
      throw new OurFailure(
          "the marker " + shadow + " cannot be written (beside the recording neither): " + e + "; make room on the disk of "
              + folder.shadow() + " or of " + folder + ", or give Reelway's user the right to write there",
          e);
    }
  }

  /**
   * Read-only mounts, folders of another user, sticky ones, names without room for the suffix, a folder of the marker's
   * name; and full disks, which only recordings that are sent and tidied make room on.
   */
  public static boolean cannotBeWritten(IOException e) {
    if (e instanceof AccessDeniedException) {
      return true;
    }
    String reason = e instanceof FileSystemException fileSystem ? fileSystem.getReason() : e.getMessage();
    return reason != null && REFUSALS.stream().anyMatch(reason::contains);
  }

  /**
   * Removes the recording's markers, the last step of its way. A marker of the media server's that cannot be removed, and
   * a file of that name with another text, is remembered as done in the shadow folder.
   */
  public void remove(MarkedRecording recording) {
    synchronized (lock(recording.file())) {
      try {
        // The one in the shadow folder goes last: as long as it is there, the others are not asked what is left to do.
        for (Path marker : beside(recording)) {
          removeBeside(recording, marker);
        }
        DurableFiles.delete(recording.folder().shadowMarker(recording.file()));
        Recoveries.remove(recording.folder(), recording.file());
      } catch (IOException e) {
        throw new OurFailure("the marker of " + recording.file() + " cannot be removed: " + e, e);
      }
    }
  }

  /** One recording is ordered once, however its markers are spelt. */
  private static Set<Path> beside(MarkedRecording recording) {
    Set<Path> all = new LinkedHashSet<>();
    all.add(recording.marker());
    MarkerName.usual(recording.file()).forEach(all::add);
    return all;
  }

  private void removeBeside(MarkedRecording recording, Path marker) throws IOException {
    // Where nothing is, a read-only file system refuses all the same.
    if (!isFile(marker) || marker.startsWith(recording.folder().shadow())) {
      return;
    }
    Path note = recording.folder().doneNote(recording.file());
    try {
      if (!isOthers(recording.folder(), marker, recording.markedAt())) {
        DurableFiles.delete(marker);
        DurableFiles.delete(note);
        return;
      }
    } catch (IOException e) {
      if (!cannotBeWritten(e)) {
        throw e;
      }
    }
    Files.createDirectories(note.getParent());
    DurableFiles.write(note, noted(recording).getBytes(StandardCharsets.UTF_8));
  }

  /** One line for each marker that is there. */
  private static String noted(MarkedRecording recording) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Path marker : beside(recording)) {
      if (isFile(marker) && !marker.startsWith(recording.folder().shadow())) {
        lines.append(lines.isEmpty() ? "" : "\n").append(FileIdentity.of(marker).text());
      }
    }
    return lines.toString();
  }

  /** Whether this very marker was done before and only could not be removed. */
  public static boolean isDone(RecordingFolder folder, Path marker) {
    Optional<Path> recording = folder.recordingOf(marker);
    if (recording.isEmpty()) {
      return false;
    }
    Path note = folder.doneNote(recording.get());
    try {
      return Files.exists(note) && Files.readAllLines(note).contains(FileIdentity.of(marker).text());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Keeps a copy of the recording's marker for people, so that its place can be taken by a fresh one.
   *
   * @return where the copy is, for the message; empty where there is no file to copy
   */
  @Override
  public Optional<Path> keepCopy(MarkedRecording recording) {
    Path marker = current(recording);
    try {
      if (!Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      byte[] head;
      try (var in = Files.newInputStream(marker)) {
        head = in.readNBytes(MarkerFormat.LARGEST);
      }
      Files.createDirectories(setAsideFolder);
      Path copy = freeName(clock.millis() + "-" + beginning(recording.name()));
      DurableFiles.write(copy, head);
      return Optional.of(copy);
    } catch (IOException e) {
      throw new OurFailure("the marker " + marker + " cannot be kept in " + setAsideFolder + ": " + e, e);
    }
  }

  /** Recordings of the same name in several folders can be set aside in the same millisecond. */
  private Path freeName(String stem) {
    Path free = setAsideFolder.resolve(stem + MarkerName.SUFFIX);
    for (int number = 1; Files.exists(free, LinkOption.NOFOLLOW_LINKS); number++) {
      free = setAsideFolder.resolve(stem + "_" + number + MarkerName.SUFFIX);
    }
    return free;
  }

  /** What is surely short enough for a name with something before and after it; four bytes a character at most. */
  private static String beginning(String name) {
    return name.codePointCount(0, name.length()) <= 50 ? name : name.substring(0, name.offsetByCodePoints(0, 50));
  }

  /** Neither file nor marker is left: whoever took them, nothing is ordered any more. */
  public boolean isGone(MarkedRecording recording) {
    return recording.folder().isThere()
        && !Files.exists(recording.file(), LinkOption.NOFOLLOW_LINKS)
        && !isMarked(recording);
  }
}
