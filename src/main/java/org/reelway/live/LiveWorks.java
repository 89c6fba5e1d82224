package org.reelway.live;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** What playlists share. */
interface LiveWorks {
  LiveTarget target();

  LiveStores stores();

  LiveChunks chunks();

  ChunkRemoval removal();

  LiveOutage outage();

  ScheduledExecutorService timer();

  /** Few: no chunk is ever sent by them. */
  Executor playlistThreads();

  LiveEvent.Listener listener();

  Instant now();

  /** Whether a playlist is in the store. */
  boolean isPublished(Path playlist);

  /** Whether a playlist in the store is its last version, and all is done for it. */
  boolean isEnded(Path playlist);

  /**
   * What stands in the name of a playlist's complete one, before its extension; empty text where it is complete itself.
   *
   * @return empty while it has none
   */
  Optional<String> completeMark(Path playlist);

  /** A playlist came into the store that was not there, or ended, or its complete one did: masters may wait for it. */
  void firstPublished(Path playlist);

  /** A playlist that another one names is of this kind, whatever its name. */
  void declared(Path playlist, PlaylistKind kind, LivePlaylist by);

  /** Its file has been gone for long. */
  void forget(LivePlaylist playlist);
}
