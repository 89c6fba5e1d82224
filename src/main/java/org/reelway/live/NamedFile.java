package org.reelway.live;

/**
 * Something that a playlist names.
 *
 * @param uri as the playlist has it
 * @param upTo bytes that are needed of it, from its start; -1 for the whole
 * @param playlist whether it is a playlist itself
 * @param as the only URI by which players can find it; null where the playlist can name it as it likes
 */
public record NamedFile(String uri, long upTo, boolean playlist, String as) {
  public NamedFile(String uri, long upTo, boolean playlist) {
    this(uri, upTo, playlist, null);
  }

  public static NamedFile whole(String uri) {
    return new NamedFile(uri, -1, false);
  }

  /** @param as what its number makes of it in the store; may be the URI itself */
  public static NamedFile numbered(String uri, String as) {
    return new NamedFile(uri, -1, false, as);
  }

  public static NamedFile playlist(String uri) {
    return new NamedFile(uri, -1, true);
  }
}
