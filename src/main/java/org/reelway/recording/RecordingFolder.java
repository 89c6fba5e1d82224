package org.reelway.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.failure.Sha256;

/**
 * A folder that a media server records into, and the shadow folder (in the state folder) that holds markers for it
 * where the folder itself cannot be written.
 */
public final class RecordingFolder {
  private static final String DONE = ".done";
  private static final int MOST_LINKS = 40;
  /** Bytes of a file's name on the usual file systems. */
  private static final int LONGEST_NAME = 255;

  private final Path root;
  private final Path shadow;
  private final boolean wasMounted;

  private RecordingFolder(Path root, Path shadow) {
    this.root = root;
    this.shadow = shadow;
    this.wasMounted = isMounted();
  }

  /** @param markersFolder the folder, inside the state folder, under which shadow folders live */
  public static RecordingFolder of(Path folder, Path markersFolder) {
    Path root = canonical(folder);
    return new RecordingFolder(root, canonical(markersFolder).resolve(nameFor(root)));
  }

  /**
   * With links resolved as far as the path is there: a folder that is missing now may come later, and its files are then
   * compared by their real paths.
   */
  private static Path canonical(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path named = absolute;
    // A link may lead to what is not mounted yet; links that lead in circles come to an end.
    for (int links = 0; links < MOST_LINKS; links++) {
      for (Path there = named; there != null; there = there.getParent()) {
        try {
          return there.toRealPath().resolve(there.relativize(named).toString());
        } catch (IOException notThere) {
          Path rest = there.relativize(named);
          Optional<Path> target = target(there);
          if (target.isPresent()) {
            named = target.get().resolve(rest.toString()).normalize();
            break;
          }
        }
      }
    }
    return absolute;
  }

  /** Where the link leads that this is; empty where it is none. */
  private static Optional<Path> target(Path link) {
    try {
      return Optional.of(link.resolveSibling(Files.readSymbolicLink(link)));
    } catch (IOException | UnsupportedOperationException noLink) {
      return Optional.empty();
    }
  }

  private static String nameFor(Path root) {
    return Sha256.hex(root.toString(), 16);
  }

  /** Absolute, links resolved. */
  public Path root() {
    return root;
  }

  /** Mirrors the folder's tree; exists only when it is needed. */
  public Path shadow() {
    return shadow;
  }

  /** The recording's path relative to the folder, with {@code /}. */
  public String relative(Path recording) {
    StringBuilder text = new StringBuilder();
    for (Path name : root.relativize(recording)) {
      text.append(text.isEmpty() ? "" : "/").append(name);
    }
    return text.toString();
  }

  /**
   * Where the recording's marker is put when it cannot be beside it. A name that leaves no room for the suffix becomes a
   * folder, and the marker in it has the bare suffix as its name, which no other marker has.
   */
  public Path shadowMarker(Path recording) {
    Path mirrored = shadow.resolve(root.relativize(recording).toString());
    int bytes = recording.getFileName().toString().getBytes(StandardCharsets.UTF_8).length;
    boolean roomForSuffixes = bytes + MarkerName.SUFFIX.length() + DONE.length() <= LONGEST_NAME;
    return roomForSuffixes ? MarkerName.of(mirrored) : mirrored.resolve(MarkerName.SUFFIX);
  }

  /** Where it is noted that a marker which cannot be removed is done. */
  public Path doneNote(Path recording) {
    Path marker = shadowMarker(recording);
    return marker.resolveSibling(marker.getFileName() + DONE);
  }

  /** The recording that a file in the folder, or in the shadow folder, is the marker of; empty where it is none. */
  public Optional<Path> recordingOf(Path marker) {
    String name = marker.getFileName().toString();
    Path folder = marker.getParent();
    boolean inShadow = folder.startsWith(shadow);
    Path beside = inShadow ? root.resolve(shadow.relativize(folder).toString()) : folder;
    if (inShadow && name.equals(MarkerName.SUFFIX) && !folder.equals(shadow)) {
      return Optional.of(beside);
    }
    return MarkerName.is(name) ? Optional.of(beside.resolve(MarkerName.recordingName(name))) : Optional.empty();
  }

  /** Says that the file is in none of the folders that are known. */
  public static InputFailure inNone(Path file, Collection<RecordingFolder> known) {
    return new InputFailure(
        file + " is in none of the recording folders " + known + "; name a file inside one of them, or add its folder to"
            + " reelway.recordings.folder");
  }

  /**
   * The file's path with links in its folders resolved, when that lies inside this folder.
   *
   * @param file as somebody named it; relative paths are taken from the folder
   */
  public Optional<Path> locate(Path file) {
    Path absolute = root.resolve(file).normalize();
    if (absolute.getFileName() == null || absolute.getParent() == null) {
      return Optional.empty();
    }
    try {
      Path real = absolute.getParent().toRealPath().resolve(absolute.getFileName().toString());
      return real.startsWith(root) && !real.equals(root) ? Optional.of(real) : Optional.empty();
    } catch (IOException parentMissing) {
      return Optional.empty();
    }
  }

  /**
   * Whether the folder is there now; network mounts come and go. The empty folder that a mount leaves when it goes is not
   * the folder, if something was mounted on it when Reelway started.
   */
  public boolean isThere() {
    return Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS) && (!wasMounted || isMounted());
  }

  /** Why nothing can be found in it now; empty where it is there and can be looked into. */
  public Optional<String> trouble() {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(
          fileInPlaceOf(root).map(file -> "it cannot be there: " + file + " is a file").orElse("the folder is not there"));
    }
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of("what is there is no folder");
    }
    if (!isThere()) {
      return Optional.of("the folder is not there: nothing is mounted on it any more");
    }
    if (!Files.isReadable(root) || !Files.isExecutable(root)) {
      return Optional.of("the user " + System.getProperty("user.name") + " may not look into the folder");
    }
    return Optional.empty();
  }

  /** The file because of which no folder can be of that name: at its place, or above it. */
  public static Optional<Path> fileInPlaceOf(Path folder) {
    Path there = folder.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return Optional.ofNullable(there).filter(path -> !Files.isDirectory(path));
  }

  /** Whether a file system begins here; one that is mounted twice, as containers do with folders, is not told. */
  private boolean isMounted() {
    try {
      return root.getParent() != null && FolderStamp.of(root).device() != FolderStamp.of(root.getParent()).device();
    } catch (IOException notThere) {
      return false;
    }
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
