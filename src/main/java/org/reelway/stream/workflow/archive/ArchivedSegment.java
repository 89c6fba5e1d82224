package org.reelway.stream.workflow.archive;

import org.reelway.transfer.store.ListedObject;

/**
 * A segment at its place in the archive; times are microseconds from the archive's beginning.
 *
 * @param run of segments whose media lead on from one to the next; others are behind a discontinuity
 * @param number in the run; one more than that of the segment before it where nothing is missing between
 * @param uri in a playlist that lies beside it
 * @param map line of {@code EXT-X-MAP}; empty for none
 * @param dateTime line of {@code EXT-X-PROGRAM-DATE-TIME}; empty for none
 * @param packet bytes from one packet of a transport stream to the next; 0 where that is not known, or it is none
 */
record ArchivedSegment(
    ListedObject object, String run, long number, long start, long end, String uri, String map, String dateTime,
    int packet) {
  /** Whether this one's media follow the other's without a break. */
  boolean follows(ArchivedSegment before) {
    return run.equals(before.run) && number == before.number + 1;
  }

  long micros() {
    return end - start;
  }
}
