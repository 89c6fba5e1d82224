package org.reelway.live;

/**
 * Something that a playlist names.
 *
 * @param uri as the playlist has it
 * @param upTo bytes that are needed of it, from its start; -1 for the whole
 * @param playlist whether it is a playlist itself
 */
public record Named(String uri, long upTo, boolean playlist) {
  public static Named whole(String uri) {
    return new Named(uri, -1, false);
  }

  public static Named playlist(String uri) {
    return new Named(uri, -1, true);
  }
}
