package org.reelway.settings;

/** What happens at start with recordings whose transfer was under way. */
public enum OnRestart {
  /** Go on where it was. */
  RESUME,
  /** Abort our unfinished uploads of these recordings and start again. */
  RESTART,
  /** Abort our unfinished uploads of these recordings, remove the markers, keep the files. */
  DISCARD
}
