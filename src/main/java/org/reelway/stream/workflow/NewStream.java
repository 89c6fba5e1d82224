package org.reelway.stream.workflow;

/** A stream that is to be made; lengths are seconds. */
public record NewStream(String name, String description, long segmentLength, long startoverWindow, long keyRotation) {
  public static final long SEGMENT_LENGTH = 300;
  public static final long STARTOVER_WINDOW = 43_200;
  public static final long KEY_ROTATION = 60;
}
