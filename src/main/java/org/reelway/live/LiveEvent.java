package org.reelway.live;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that happened to a stream.
 *
 * @param playlist path below the live folder
 * @param key of the object that it is about
 * @param text for people
 * @param delay from the file's last write to now; zero where it says nothing
 */
public record LiveEvent(Kind kind, String playlist, String key, String text, Duration delay, Instant at) {

  /** What happened. */
  public enum Kind {
    /** A chunk is verified in the store. */
    CHUNK,
    /** A version of a playlist is in the store. */
    PLAYLIST,
    /** A chunk is lost and declared so. */
    GAP,
    /** A chunk was not sent, as no playlist names it any more. */
    SHED,
    /** The encoder began anew. */
    RESTART,
    /** A playlist is not published, for what it names. */
    REFUSED,
    /** The stream is over, and its last playlist is in the store. */
    ENDED,
    /** A chunk was removed from the store. */
    REMOVED,
    /** A request to the store failed and is repeated. */
    RETRY;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Who is told, on the thread that did it: must not take long. */
  @FunctionalInterface
  public interface Listener {
    void happened(LiveEvent event);
  }
}
