package org.reelway.settings;

/** Who sends a stream on. */
public enum RoutedBy {
  /** The media server, where Reelway can tell it to; else ffmpeg. */
  SERVER,
  /** An ffmpeg of Reelway's own, always. */
  REELWAY
}
