package org.reelway.stream.workflow.archive;

import java.util.List;
import org.reelway.failure.ListBound;

/** Makes playlists, or files, of sections of archives. */
public interface Splitter extends AutoCloseable {
  /**
   * Playlists are in the store when this returns; of files the order is on disk. Nothing is written unless all
   * sections are valid.
   *
   * @throws org.reelway.failure.InputFailure a section is not in the archive, or something else is wrong with the request
   * @throws org.reelway.failure.Conflict something else has one of the names
   */
  SplitAnswer split(SplitSource source, SplitRequest request);

  /** Files of a stream's sections, the newest last; what was made long ago is forgotten. */
  default List<SplitWork> works(String stream) {
    return List.of();
  }

  /**
   * How files stand, all streams together.
   *
   * @param waiting that are not over
   * @param failed since the start of the program
   * @param trouble why they are not made, where that is no matter of moments; empty for none
   */
  record Standing(long waiting, long failed, String trouble) {
    static final Standing NONE = new Standing(0, 0, "");
  }

  default Standing standing() {
    return Standing.NONE;
  }

  /** What may be full. */
  default List<ListBound> bounds() {
    return List.of();
  }

  /** All routes run: what goes on since before the start, goes on. */
  default void begin() {}

  /** Ends what it runs here; it goes on after the next start. */
  @Override
  default void close() {}
}
