package org.reelway.recording;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The name of a marker: the recording's whole name with {@code .upload} behind it. */
public final class MarkerName {
  public static final String SUFFIX = ".upload";

  private MarkerName() {}

  /**
   * Case does not matter, as in the Wowza module; a bare {@code .upload} marks nothing, and neither do names that would
   * mark a folder ({@code ..upload} its own, {@code ...upload} the one above).
   */
  public static boolean is(String fileName) {
    int at = fileName.length() - SUFFIX.length();
    return at > 0
        && fileName.regionMatches(true, at, SUFFIX, 0, SUFFIX.length())
        && !fileName.substring(0, at).equals(".")
        && !fileName.substring(0, at).equals("..");
  }

  public static Path of(Path recording) {
    return recording.resolveSibling(recording.getFileName() + SUFFIX);
  }

  /** The spellings that programs write; one recording may have several, and all order the same work. */
  static List<Path> usual(Path recording) {
    return Stream.of(SUFFIX, ".UPLOAD", ".Upload")
        .map(suffix -> recording.resolveSibling(recording.getFileName() + suffix))
        .toList();
  }

  /** Cuts the suffix at the end of the name only: {@code a.uploaded.mp4.upload} marks {@code a.uploaded.mp4}. */
  public static String recordingName(String markerName) {
    if (!is(markerName)) {
      throw new IllegalArgumentException(markerName + " is no marker name");
    }
    return markerName.substring(0, markerName.length() - SUFFIX.length());
  }
}
