package org.reelway.recording;

import java.nio.file.Path;
import java.util.Optional;
import org.reelway.failure.OurFailure;

/** Where it is kept how far a recording's transfer is. */
public interface MarkerBook {

  MarkerContent read(MarkedRecording recording);

  /**
   * Replaces what is kept, durably.
   *
   * @return where it is now
   * @throws OurFailure when it cannot be written
   */
  Path write(MarkedRecording recording, MarkerContent content);

  /** Keeps a copy for people of what cannot be used; empty where there is nothing to copy. */
  Optional<Path> keepCopy(MarkedRecording recording);
}
