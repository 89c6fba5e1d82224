package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.reelway.failure.OurFailure;
import org.reelway.recording.MarkerContent.Start;

/**
 * Markers of transfers beside the recording's usual one, in a folder of our own: the recording's own marker, and the
 * upload that it names, stay as they are.
 */
public final class SeparateMarkers implements MarkerBook {
  private final Path folder;
  private final Markers reader;

  /** @param reader that keeps copies of what cannot be used */
  public SeparateMarkers(Path folder, Markers reader) {
    this.folder = folder;
    this.reader = reader;
  }

  /** A name of its own length would not fit where the recording's has no room for a suffix. */
  private Path marker(Path file) {
    return folder.resolve(RecordingId.ofMissing(file) + MarkerName.SUFFIX);
  }

  /** {@link Start#EMPTY} where nothing was begun. */
  @Override
  public MarkerContent read(MarkedRecording recording) {
    Path marker = marker(recording.file());
    return Files.exists(marker, LinkOption.NOFOLLOW_LINKS) ? reader.read(marker) : Start.EMPTY;
  }

  @Override
  public Path write(MarkedRecording recording, MarkerContent content) {
    Path marker = marker(recording.file());
    try {
      Files.createDirectories(folder);
      DurableFiles.write(marker, MarkerFormat.write(content, recording.file()));
      return marker;
    } catch (IOException e) {
      throw new OurFailure(
          "the marker " + marker + " of " + recording.file() + " cannot be written: " + e
              + "; make room on the disk of " + folder + ", or give Reelway's user the right to write there",
          e);
    }
  }

  @Override
  public Optional<Path> keepCopy(MarkedRecording recording) {
    Path marker = marker(recording.file());
    return reader.keepCopy(new MarkedRecording(recording.folder(), recording.file(), marker, recording.markedAt()));
  }

  /** Nothing is begun any more. */
  public void remove(MarkedRecording recording) {
    Path marker = marker(recording.file());
    try {
      DurableFiles.delete(marker);
    } catch (IOException e) {
      throw new OurFailure("the marker " + marker + " of " + recording.file() + " cannot be removed: " + e, e);
    }
  }
}
