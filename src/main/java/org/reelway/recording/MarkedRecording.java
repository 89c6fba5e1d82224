package org.reelway.recording;

import java.nio.file.Path;
import java.time.Instant;

/**
 * Work: a recording and the marker that orders it.
 *
 * @param folder the recording's folder
 * @param file absolute path of the recording
 * @param marker absolute path of the marker, beside the recording or in the shadow folder
 * @param markedAt the marker's modification time when it was found; the oldest goes first
 */
public record MarkedRecording(RecordingFolder folder, Path file, Path marker, Instant markedAt) {

  /** Relative to the folder, with {@code /}. */
  public String path() {
    return folder.relative(file);
  }

  public String name() {
    return file.getFileName().toString();
  }
}
