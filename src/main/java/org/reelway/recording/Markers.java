package org.reelway.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.MarkerContent.Start;
import org.reelway.recording.MarkerContent.Unusable;

/** Reads, writes and removes markers, beside the recording where that can be written, else in the shadow folder. */
public final class Markers {
  private final SideFiles sideFiles = new SideFiles();
  private final Path setAsideFolder;
  private final Clock clock;

  /** @param setAsideFolder where unusable markers are kept for people to look at */
  public Markers(Path setAsideFolder, Clock clock) {
    this.setAsideFolder = setAsideFolder;
    this.clock = clock;
  }

  /**
   * Orders the transfer of a finished recording. Marking twice is marking once.
   *
   * @param stream the stream's name, or null
   * @throws InputFailure when the file is missing, is not a regular file, or has the name of a temporary or side file
   */
  public MarkedRecording mark(RecordingFolder folder, Path file, String stream) {
    requireRecording(file);
    Optional<Path> existing = existing(folder, file);
    boolean keep =
        existing.isPresent() && (stream == null || !read(existing.get()).equals(Start.EMPTY));
    Path marker =
        keep
            ? existing.get()
            : write(folder, file, existing.orElse(MarkerName.of(file)), new Start(stream));
    return new MarkedRecording(folder, file, marker, modified(marker));
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
          file + " is not there, or is not a regular file; name the finished recording by its path", e);
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be looked at: " + e, e);
    }
  }

  private static Optional<Path> existing(RecordingFolder folder, Path file) {
    Path beside = MarkerName.of(file);
    Path shadow = folder.shadowMarker(file);
    if (Files.exists(beside, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(beside);
    }
    return Files.exists(shadow, LinkOption.NOFOLLOW_LINKS) ? Optional.of(shadow) : Optional.empty();
  }

  private static Instant modified(Path marker) {
    try {
      return Files.getLastModifiedTime(marker, LinkOption.NOFOLLOW_LINKS).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  public MarkerContent read(Path marker) {
    try {
      if (!Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)) {
        return new Unusable("is not a regular file (links are not followed)");
      }
      if (Files.size(marker) > MarkerFormat.LARGEST) {
        return new Unusable("is " + Files.size(marker) + " bytes long, markers have at most " + MarkerFormat.LARGEST);
      }
      return MarkerFormat.parse(Files.readAllBytes(marker));
    } catch (IOException e) {
      return new Unusable("cannot be read: " + e);
    }
  }

  /**
   * Replaces the marker's content durably.
   *
   * @return where the content is now: the shadow folder when the marker's own folder cannot be written
   */
  public Path write(MarkedRecording recording, MarkerContent content) {
    return write(recording.folder(), recording.file(), recording.marker(), content);
  }

  private Path write(RecordingFolder folder, Path file, Path marker, MarkerContent content) {
    byte[] bytes = MarkerFormat.write(content, file);
    try {
      DurableFiles.write(marker, bytes);
      return marker;
    } catch (IOException e) {
      if (!cannotBeWritten(e) || marker.startsWith(folder.shadow())) {
        throw new OurFailure("the marker " + marker + " cannot be written: " + e, e);
      }
    }
    Path shadow = folder.shadowMarker(file);
    try {
      Files.createDirectories(shadow.getParent());
      DurableFiles.write(shadow, bytes);
      return shadow;
    } catch (IOException e) {
      throw new OurFailure("the marker " + shadow + " cannot be written (beside the recording neither): " + e, e);
    }
  }

  /** Read-only mounts and folders of another user; a full disk is neither, and is not evaded. */
  static boolean cannotBeWritten(IOException e) {
    if (e instanceof AccessDeniedException) {
      return true;
    }
    String reason = e instanceof FileSystemException fileSystem ? fileSystem.getReason() : e.getMessage();
    return reason != null && reason.contains("Read-only file system");
  }

  /**
   * Removes the recording's markers, the last step of its way. A marker of the media server's that cannot be removed
   * is remembered as done in the shadow folder.
   */
  public void remove(MarkedRecording recording) {
    Path beside = MarkerName.of(recording.file());
    try {
      DurableFiles.delete(recording.marker());
      removeBeside(recording, beside);
      DurableFiles.delete(recording.folder().shadowMarker(recording.file()));
    } catch (IOException e) {
      throw new OurFailure("the marker of " + recording.file() + " cannot be removed: " + e, e);
    }
  }

  private static void removeBeside(MarkedRecording recording, Path beside) throws IOException {
    try {
      DurableFiles.delete(beside);
      DurableFiles.delete(recording.folder().doneNote(recording.file()));
    } catch (IOException e) {
      if (!cannotBeWritten(e)) {
        throw e;
      }
      Path note = recording.folder().doneNote(recording.file());
      Files.createDirectories(note.getParent());
      DurableFiles.write(note, FileIdentity.of(beside).text().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Whether this very marker was done before and only could not be removed. */
  public static boolean isDone(RecordingFolder folder, Path marker) {
    Path note = folder.doneNote(folder.recordingOf(marker));
    try {
      return Files.exists(note) && Files.readString(note).equals(FileIdentity.of(marker).text());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Keeps a copy of an unusable marker for people, so that its place can be taken by a fresh one.
   *
   * @return where the copy is, for the message
   */
  public Path keepCopy(Path marker) {
    try {
      Files.createDirectories(setAsideFolder);
      Path copy = setAsideFolder.resolve(clock.millis() + "-" + marker.getFileName());
      if (Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)) {
        byte[] head;
        try (var in = Files.newInputStream(marker)) {
          head = in.readNBytes(MarkerFormat.LARGEST);
        }
        DurableFiles.write(copy, head);
      }
      return copy;
    } catch (IOException e) {
      throw new OurFailure("the unusable marker " + marker + " cannot be kept in " + setAsideFolder + ": " + e, e);
    }
  }
}
