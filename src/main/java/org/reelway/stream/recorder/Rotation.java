package org.reelway.stream.recorder;

import org.reelway.settings.RotationLimit;

/**
 * When a recording goes on in another file.
 *
 * @param seconds of one file; 0 for no such limit
 * @param bytes of one file; 0 for no such limit
 */
public record Rotation(long seconds, long bytes) {
  public static final Rotation NONE = new Rotation(0, 0);

  public static Rotation of(RotationLimit limit) {
    return new Rotation(limit.seconds(), limit.bytes());
  }

  boolean isDue(double secondsSoFar, long bytesSoFar) {
    // Fragments begin a little before or after the very second.
    return seconds > 0 && secondsSoFar >= seconds - 0.05 || bytes > 0 && bytesSoFar >= bytes;
  }
}
