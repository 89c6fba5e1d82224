package org.reelway.settings;

/** When the backend of a multi-recorder is told. */
public enum MultiRecorderTold {
  /** Once it is mixed, as WCS does. */
  MIXED,
  /** Once both files are verified in the store. */
  UPLOADED,
  /** Each time. */
  BOTH
}
