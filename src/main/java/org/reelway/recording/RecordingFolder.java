package org.reelway.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A folder that a media server records into, and the shadow folder (in the state folder) that holds markers for it
 * where the folder itself cannot be written.
 */
public final class RecordingFolder {
  private final Path root;
  private final Path shadow;

  private RecordingFolder(Path root, Path shadow) {
    this.root = root;
    this.shadow = shadow;
  }

  /** @param markersFolder the folder, inside the state folder, under which shadow folders live */
  public static RecordingFolder of(Path folder, Path markersFolder) {
    Path root = canonical(folder);
    return new RecordingFolder(root, canonical(markersFolder).resolve(nameFor(root)));
  }

  /** The real path where the folder is there; a folder that is missing now may come later. */
  private static Path canonical(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException notThere) {
      return folder.toAbsolutePath().normalize();
    }
  }

  private static String nameFor(Path root) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(root.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
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

  /** Where the recording's marker is put when the folder cannot be written. */
  public Path shadowMarker(Path recording) {
    return MarkerName.of(shadow.resolve(root.relativize(recording).toString()));
  }

  /** Where it is noted that a marker which cannot be removed is done. */
  public Path doneNote(Path recording) {
    Path marker = shadowMarker(recording);
    return marker.resolveSibling(marker.getFileName() + ".done");
  }

  /** The recording that a marker, beside it or in the shadow folder, is for. */
  public Path recordingOf(Path marker) {
    Path folder = marker.getParent();
    Path beside = folder.startsWith(shadow) ? root.resolve(shadow.relativize(folder).toString()) : folder;
    return beside.resolve(MarkerName.recordingName(marker.getFileName().toString())).normalize();
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

  /** Whether the folder is there now; network mounts come and go. */
  public boolean isThere() {
    return Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
