package org.reelway.stream.workflow;

import java.util.Map;

/**
 * A stream that is to be made; lengths are seconds.
 *
 * @param archives of sessions that it had before, elsewhere, by their ids: they can be split
 */
public record NewStream(
    String name, String description, long segmentLength, long startoverWindow, long keyRotation, Map<String, String> archives) {
  public static final long SEGMENT_LENGTH = 300;
  public static final long STARTOVER_WINDOW = 43_200;
  public static final long KEY_ROTATION = 60;

  /** Without any before. */
  public NewStream(String name, String description, long segmentLength, long startoverWindow, long keyRotation) {
    this(name, description, segmentLength, startoverWindow, keyRotation, Map.of());
  }
}
