package org.reelway.settings;

/**
 * An amount of free space: a share of the file system, or bytes.
 *
 * @param percent of the whole; 0 where bytes are given
 * @param bytes 0 where a share is given
 */
public record Watermark(int percent, long bytes) {

  /** Whether it asks for nothing. */
  public boolean isOff() {
    return percent == 0 && bytes == 0;
  }

  /** Whether less than this is free of the whole; both in the same unit. */
  public boolean isUndercut(long free, long whole) {
    return free < bytesOf(whole);
  }

  /** What has to be free of that many bytes. */
  public long bytesOf(long whole) {
    return percent > 0 ? (long) (whole * (percent / 100.0)) : bytes;
  }
}
