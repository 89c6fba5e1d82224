package org.reelway.recording;

import java.nio.file.Path;
import java.util.List;

/** A folder that a {@link FolderWatch} has looked at, and tells what the system says of it. */
public interface FolderContent {

  /** Told of each look, on the thread that looked. */
  @FunctionalInterface
  interface LookObserver {
    /**
     * @param folders that are there; empty where the folder itself is not
     * @param unannounced files that no event told of before, though one should have
     */
    void looked(List<FolderScan.Subfolder> folders, List<Path> unannounced);
  }

  /** What an event told of. */
  enum Hint {
    /** A marker that nobody knew of. */
    NEW_MARKER,
    /** A marker that was known: perhaps our own, written anew. */
    KNOWN_MARKER,
    OTHER
  }

  RecordingFolder folder();

  /** Looks through the whole folder: the truth, whatever events said or did not say. */
  void rescan();

  void observe(LookObserver observer);

  LookLog log();

  /** What is remembered of the sub-folder's files is not true any more: it was deleted, or made anew. */
  void renew(Path subfolder);

  /** An event said that a name came to be. */
  Hint hint(Path path);

  /**
   * Does what events asked for that could not be done yet.
   *
   * @return whether it should be called again soon
   */
  default boolean catchUp() {
    return false;
  }

  /** Files that look finished and are not whole. */
  List<SettledFiles.HeldBack> heldBack();
}
