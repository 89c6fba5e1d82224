package org.reelway.settings;

/** Who records a stream whose media server could do it. */
public enum RecordedBy {
  /** The media server, where its API is named and it can do what is asked. */
  SERVER,
  /** Reelway, by ffmpeg. */
  REELWAY
}
