package org.reelway.stream.workflow.archive;

import java.util.List;
import java.util.Locale;
import org.reelway.failure.BadRequest;

/**
 * A section and what it is made of.
 *
 * @param start in microseconds from the archive's beginning, as is the end
 */
record Cut(long start, long end, List<ArchivedSegment> segments) {
  static long micros(double seconds) {
    return Math.round(seconds * 1_000_000);
  }

  /**
   * @param place of the section, for messages
   * @throws BadRequest it is not in the archive
   */
  static Cut of(SplitSource source, Archive archive, Section section, String place) {
    long start = micros(section.start());
    long end = micros(section.end());
    if (!archive.reaches(end)) {
      throw new BadRequest(
          "\"" + place + ".end\" is " + section.end() + ", and the archive reaches to " + seconds(archive.reach())
              + (source.isOpen() ? " so far: the session goes on, and each segment is there when it is closed" : ""));
    }
    List<ArchivedSegment> segments = archive.overlapping(start, end);
    if (segments.isEmpty()) {
      throw new BadRequest(
          "\"" + place + "\" has nothing in it: of what was between " + section.start() + " and " + section.end()
              + " the archive has no segment");
    }
    return new Cut(start, end, List.copyOf(segments));
  }

  /** Rounded down, so that what is told may be asked for. */
  private static String seconds(long micros) {
    return String.format(Locale.ROOT, "%d.%03d", micros / 1_000_000, micros / 1000 % 1000);
  }
}
