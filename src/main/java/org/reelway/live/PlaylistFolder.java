package org.reelway.live;

import java.time.Instant;
import java.util.Optional;

/** The folder around a playlist, for one that names its chunks by the clock and not one by one. */
public interface PlaylistFolder {
  Instant now();

  /** Last write of the file that a URI names; empty where there is none, or it is none of the live folder. */
  Optional<Instant> written(String uri);
}
