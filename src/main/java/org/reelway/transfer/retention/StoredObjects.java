package org.reelway.transfer.retention;

import org.reelway.state.KeptFiles.Kept;

/** Tells whether the store still holds the object that a file was verified as. */
@FunctionalInterface
public interface StoredObjects {
  /** What the store says. */
  enum Answer {
    THERE,
    /** Nothing is at the key, or another object. */
    MISSING,
    /** The store does not answer now. */
    AWAY,
    /** The settings do not name its store any more. */
    UNKNOWN
  }

  Answer ask(Kept file);
}
