package org.reelway.live;

import org.reelway.failure.InputFailure;

/** What is known of one format of playlists. */
public interface PlaylistKind {
  /** Such as {@code hls}. */
  String word();

  /** Extension of its files, lower case, without dot. */
  String extension();

  /** @throws InputFailure when the bytes are no playlist of this format, or one that cannot be published */
  Edition read(byte[] bytes);

  /**
   * What the store has.
   *
   * @throws InputFailure as {@link #read}
   */
  Published readPublished(byte[] bytes, String memo);
}
