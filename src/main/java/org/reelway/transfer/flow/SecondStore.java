package org.reelway.transfer.flow;

import java.util.Optional;
import org.reelway.recording.MarkedRecording;
import org.reelway.transfer.RecordingChanged;
import org.reelway.transfer.TransferStopped;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.VerifiedObject;

/** Where recordings go while the store takes none. It never fails for its own reasons: then recordings wait as ever. */
public interface SecondStore {
  /** Without a second store. */
  SecondStore NONE = new SecondStore() {};

  /**
   * The recording's verified place when it is kept elsewhere already; nothing is sent then.
   *
   * @param id of the recording
   */
  default Optional<VerifiedObject> holds(MarkedRecording recording, String id) {
    return Optional.empty();
  }

  /**
   * Takes the recording at once where the store has taken none for long, and was tried a moment ago.
   *
   * @throws RecordingChanged when the file changed meanwhile
   * @throws TransferStopped when Reelway stops
   */
  default Optional<VerifiedObject> insteadOfTrying(MarkedRecording recording, TransferTarget target) {
    return Optional.empty();
  }

  /** Takes the recording after the store has just failed with it, where it has taken none for long; throws as above. */
  default Optional<VerifiedObject> afterFailure(MarkedRecording recording, TransferTarget target) {
    return Optional.empty();
  }

  /** The store took it: what was begun elsewhere is given up. */
  default void notNeeded(MarkedRecording recording) {}
}
