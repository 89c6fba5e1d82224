package org.reelway.recording;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.reelway.failure.OurFailure;
import org.reelway.settings.RecordingSettings.Tidy;

/** What happens to a recording's file once its object is verified. Only ever touches the very file that was verified. */
public final class TidyUp {

  /** How it ended. */
  public enum Outcome {
    KEPT,
    DELETED,
    MOVED,
    /** The file was gone already: a kill came between tidying and the marker's removal. */
    GONE,
    /** Another file has the name by now; it is work of its own. */
    REPLACED
  }

  /** As below, for those who do not ask where the file is then. */
  public Outcome tidy(MarkedRecording recording, FileIdentity verified, Tidy tidy, Path moveTo) {
    return tidy(recording, verified, tidy, moveTo, file -> {});
  }

  /**
   * @param moveTo root of the folder that {@link Tidy#MOVE} moves to; null for the others
   * @param left told where the file is after that, when it was kept or moved
   */
  public Outcome tidy(
      MarkedRecording recording, FileIdentity verified, Tidy tidy, Path moveTo, Consumer<Path> left) {
    try {
      FileIdentity now = FileIdentity.of(recording.file());
      if (!now.equals(verified)) {
        return Outcome.REPLACED;
      }
      switch (tidy) {
        case DELETE:
          DurableFiles.delete(recording.file());
          return Outcome.DELETED;
        case MOVE:
          return move(recording, verified, moveTo, left);
        default:
          left.accept(recording.file());
          return Outcome.KEPT;
      }
    } catch (NoSuchFileException e) {
      return Outcome.GONE;
    } catch (IOException e) {
      throw new OurFailure(
          recording.file() + " is in the store but could not be tidied (" + tidy + "): " + e
              + "; give Reelway's user the right to write its folder"
              + (tidy == Tidy.MOVE ? " and " + moveTo : ""),
          e);
    }
  }

  private Outcome move(MarkedRecording recording, FileIdentity verified, Path moveTo, Consumer<Path> left)
      throws IOException {
    Path wanted = moveTo.toAbsolutePath().resolve(recording.path()).normalize();
    Files.createDirectories(wanted.getParent());
    try {
      left.accept(place(recording.file(), wanted));
    } catch (AtomicMoveNotSupportedException otherFileSystem) {
      if (!copyThenDelete(recording.file(), verified, wanted, left)) {
        return Outcome.REPLACED;
      }
    }
    DurableFiles.syncFolder(wanted.getParent());
    DurableFiles.syncFolder(recording.file().getParent());
    return Outcome.MOVED;
  }

  /**
   * A copy that a crash cut short stays under a temporary name and is replaced by the next one.
   *
   * @return false when another file took the name while the copy was made; that one stays
   */
  boolean copyThenDelete(Path from, FileIdentity verified, Path wanted, Consumer<Path> left) throws IOException {
    Path temporary = wanted.resolveSibling("." + RecordingId.of(wanted, verified) + ".reelway.tmp");
    Files.copy(
        from,
        temporary,
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES,
        LinkOption.NOFOLLOW_LINKS);
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    if (!FileIdentity.of(from).equals(verified)) {
      Files.delete(temporary);
      return false;
    }
    Path placed = place(temporary, wanted);
    DurableFiles.syncFolder(wanted.getParent());
    Files.delete(from);
    left.accept(placed);
    return true;
  }

  /** One at a time: the atomic move overwrites, so between the look for a free name and the move no other may come. */
  private synchronized Path place(Path from, Path wanted) throws IOException {
    return Files.move(from, freeName(wanted), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Nothing that is there is ever overwritten. */
  private static Path freeName(Path wanted) throws IOException {
    Path free = wanted;
    for (int number = 1; Files.exists(free, LinkOption.NOFOLLOW_LINKS); number++) {
      if (number > 10_000) {
        throw new FileAlreadyExistsException(wanted.toString());
      }
      String name = wanted.getFileName().toString();
      int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
      free = wanted.resolveSibling(name.substring(0, dot) + "_" + number + name.substring(dot));
    }
    return free;
  }
}
