package org.reelway.live;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A version of a playlist as the media server wrote it. */
public interface Edition {
  /** All that it names, in the order in which it is played. */
  List<NamedFile> names();

  /** Playlists among the names of which only this one tells what they are, by URI. */
  default Map<String, PlaylistKind> kinds() {
    return Map.of();
  }

  /**
   * This edition as it goes on behind what is published: a format whose chunks have numbers for names may have to give
   * them others.
   *
   * @param last what came before it, or itself; null for nothing
   * @param published what is in the store now; null for nothing
   * @return itself where nothing is to be changed
   */
  default Edition following(Edition last, Published published, Presence presence) {
    return this;
  }

  /** The edition with what has come to be since it was written; itself where it lists all that it names. */
  default Edition asOf(PlaylistFolder beside) {
    return this;
  }

  /** How long a chunk usually is; what is younger than this is no sign of trouble. */
  Duration chunkLength();

  /** Whether the media server says that the stream has ended. */
  boolean ended();

  /**
   * The newest version that is true: all that it names is there, and it does not go back behind the one before.
   *
   * @param before what is in the store now; null for nothing
   * @return empty where that cannot be bettered yet; may equal what is there
   */
  Optional<Published> after(Published before, Presence presence);

  /** Chunks that the version declares as missing for ever. */
  int gaps(Published version);
}
