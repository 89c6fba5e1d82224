package org.reelway.stream.workflow;

/** Makes playlists, or files, of sections of an archive; also while its session goes on. */
public interface Splitter {
  /**
   * Returns once the playlists are in the store; files are a work that goes on, also after a restart.
   *
   * @throws org.reelway.failure.BadRequest a section is empty, negative or beyond the archive's end: nothing was written
   * @throws org.reelway.failure.Failure it has to be asked for again
   */
  Split split(SplitOrder order);

  /** For where nothing was made of {@link SplitDone} before. @param done to be told of files that are there: on disk when it returns */
  default void begin(java.util.function.Consumer<SplitDone> done) {}

  /** Work that goes on ends, and goes on after the next start. */
  default void close() {}
}
