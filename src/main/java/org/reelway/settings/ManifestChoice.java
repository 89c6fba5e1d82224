package org.reelway.settings;

/** Whether a recording gets a manifest beside its object. */
public enum ManifestChoice {
  OFF,
  /** Without reading the recording again. */
  ON,
  /** Reads the recording twice more: for its SHA-256 and for gaps between its packets. */
  FULL
}
