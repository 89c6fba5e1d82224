package org.reelway.transfer;

import java.nio.file.Path;
import java.util.Optional;
import org.reelway.failure.DestinationFailure;

/** Recordings of which another sidecar may make the same again, and only one may send: mixes of a farm. */
public interface Fence {
  /** There are none. */
  Fence NONE = new Fence() {
    @Override
    public Optional<String> objectId(Path recording) {
      return Optional.empty();
    }

    @Override
    public void require(Path recording) {}
  };

  /** By which its object is known, whichever sidecar sends it; empty for the recording's own id. */
  Optional<String> objectId(Path recording);

  /**
   * Asked before each request; cheap as long as nothing has happened.
   *
   * @throws DestinationFailure it is another sidecar's by now, or that is not sure
   */
  void require(Path recording);
}
