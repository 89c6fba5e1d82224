package org.reelway.recording;

/** The right to work on a recording, against other sidecars on its folder; ends with {@link #close} or the process. */
@FunctionalInterface
public interface Claim extends AutoCloseable {
  @Override
  void close();
}
