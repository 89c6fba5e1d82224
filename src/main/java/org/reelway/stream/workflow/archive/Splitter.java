package org.reelway.stream.workflow.archive;

/** Makes playlists, or files, of sections of archives. */
public interface Splitter extends AutoCloseable {
  /**
   * Playlists are in the store when this returns; of files the order is on disk. Nothing is written unless all sections are
   * valid.
   *
   * @throws org.reelway.failure.InputFailure a section is not in the archive, or something else is wrong with the request
   * @throws org.reelway.failure.Conflict something else has one of the names
   */
  SplitAnswer split(SplitSource source, SplitRequest request);

  /** All routes run: what goes on since before the start, goes on. */
  default void begin() {}

  /** Ends what it runs here; it goes on after the next start. */
  @Override
  default void close() {}
}
