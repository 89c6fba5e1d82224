package org.reelway.live;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when live playlists begin to fail for the store, and when none does any more: one line each, however
 * many tries and playlists there are.
 */
final class LiveOutage {
  private static final Logger LOG = LoggerFactory.getLogger(LiveOutage.class);
  /** A single refusal is no outage. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Playlists for which nothing went well since then. */
  private final Map<LivePlaylist, Instant> failing = new HashMap<>();
  private final Set<String> hit = new HashSet<>();
  private Instant begun;
  private boolean said;
  private int tries;
  private int shed;

  synchronized void failed(LivePlaylist playlist, String why, Instant now) {
    begun = begun == null ? now : begun;
    tries++;
    Instant since = failing.computeIfAbsent(playlist, any -> now);
    if (!now.isBefore(since.plus(PATIENCE))) {
      hit.add(playlist.status().playlist());
      if (!said) {
        LOG.warn("live {} does not get into the store, and is tried on: {}", playlist.status().playlist(), why);
      }
      said = true;
    }
  }

  /** The store took something of the playlist, or it is not published any more. */
  synchronized void over(LivePlaylist playlist, Instant now) {
    if (failing.remove(playlist) == null || !failing.isEmpty()) {
      return;
    }
    if (said) {
      LOG.warn(
          "live streams get into the store again after {} s: {} tries failed, {} playlists waited, {} chunks were not sent",
          Duration.between(begun, now).toSeconds(), tries, hit.size(), shed);
      shed = 0;
    }
    begun = null;
    said = false;
    tries = 0;
    hit.clear();
  }

  /** A chunk was not sent before its playlist dropped it. */
  synchronized void shed() {
    shed++;
  }

  /** Called now and then: chunks are dropped without an outage too, where the line is too slow. */
  synchronized void work() {
    if (shed > 0 && !said) {
      LOG.warn(
          "{} live chunks were not sent before their playlists dropped them: the line or the store is too slow, or the"
              + " window of the media server too short (GET /live tells of which streams)",
          shed);
      shed = 0;
    }
  }
}
