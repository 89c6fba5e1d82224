package org.reelway.recording;

import java.nio.file.Path;

/** Told what the intake finds. Must not throw and must return at once. */
public interface IntakeObserver {
  /**
   * @param foundBy marker, hook or settled
   * @param stream the stream's name, or null
   */
  void found(MarkedRecording recording, String foundBy, String stream);

  /** The marker of a recording that was set aside because its file is missing is gone, and the file never came. */
  default void withdrawn(MarkedRecording recording) {}

  /** A file has settled, but its container is not whole. */
  default void heldBack(Path file, String reason) {}
}
