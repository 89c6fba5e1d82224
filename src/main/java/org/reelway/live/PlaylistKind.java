package org.reelway.live;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.reelway.failure.InputFailure;

/** What is known of one format of playlists. */
public interface PlaylistKind {
  /** Such as {@code hls}. */
  String word();

  /** Extension of its files, lower case, without dot. */
  String extension();

  /** Whether the bytes are not torn off, as far as their end tells. */
  default boolean isWhole(byte[] bytes) {
    return bytes.length > 0 && bytes[bytes.length - 1] == '\n';
  }

  /** @throws InputFailure when there are more bytes than are taken of any playlist */
  static byte[] small(byte[] bytes) {
    if (bytes.length > PlaylistFile.LARGEST) {
      throw new InputFailure(
          "the playlist has " + bytes.length + " bytes; at most " + PlaylistFile.LARGEST + " are taken: let the media server"
              + " keep fewer chunks in it");
    }
    return bytes;
  }

  /** @throws InputFailure when the bytes are no playlist of this format, or one that cannot be published */
  Edition read(byte[] bytes);

  /**
   * What the store has.
   *
   * @throws InputFailure as {@link #read}
   */
  Published readPublished(byte[] bytes, String memo);

  /**
   * The playlist of all chunks that were ever published.
   *
   * @param archive as it is; null for nothing yet
   * @param live what is published
   * @param next what is about to take its place; null when the stream has ended
   * @return empty where nothing need be written now
   */
  Optional<Published> archived(Published archive, Published live, Published next);

  /** Whether a file of this name is such a playlist. */
  default boolean takes(String fileName) {
    return fileName.toLowerCase(Locale.ROOT).endsWith("." + extension());
  }

  /** The kind that reads this very file. */
  default PlaylistKind of(Path file) {
    return this;
  }

  /** The kind that reads an object of which no file tells more. */
  default PlaylistKind ofStored() {
    return this;
  }

  /**
   * The playlist of complete playlists.
   *
   * @param master what is published
   * @param complete of the playlists that it names: awaited while they are not complete, and under which URI they are
   * @return empty where it names none, or one that is awaited
   */
  default Optional<Published> archivedMaster(Published master, Presence complete) {
    return Optional.empty();
  }
}
