package org.reelway.settings;

/** What happens with a verified file that is due when the store does not hold its object any more. */
public enum IfObjectMissing {
  KEEP,
  DELETE
}
