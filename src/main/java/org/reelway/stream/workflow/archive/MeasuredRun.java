package org.reelway.stream.workflow.archive;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.reelway.failure.InputFailure;
import org.reelway.stream.workflow.archive.ArchiveListing.Counted;
import org.reelway.transfer.store.ListedObject;

/**
 * Segments that one pipeline wrote from one start on, at places that their media tell. Where to look is guessed from
 * their counters, so that few of them are read. Microseconds; used by one thread.
 */
final class MeasuredRun {
  /**
   * Clocks begin anew every 26.5 hours: guesses have to be better than half of it, also where segments are a tenth
   * longer than was wanted.
   */
  private static final long FARTHEST_GUESS = Duration.ofDays(4).toNanos() / 1000;

  private static final int MOST_PREPARED = 256;

  private final ArchiveListing.Run run;
  private final String bucket;
  private final ListedObject init;
  private final SegmentTimes times;
  private final long segmentLength;
  /** From the run's beginning, of those that were read. */
  private final TreeMap<Integer, Long> known = new TreeMap<>();
  private final TreeMap<Long, Integer> byPlace = new TreeMap<>();
  /** Those from one to before the other need not be read together any more. */
  private int preparedFrom;
  private int prepared;
  /** Of the run's beginning, in the archive. */
  private long offset;

  MeasuredRun(ArchiveListing.Run run, String bucket, ListedObject init, SegmentTimes times, Duration segmentLength) {
    this.run = run;
    this.bucket = bucket;
    this.init = init;
    this.times = times;
    this.segmentLength = segmentLength.toNanos() / 1000;
    known.put(0, 0L);
    byPlace.put(0L, 0);
  }

  void placeAt(long beginning) {
    offset = beginning;
  }

  ArchiveListing.Run run() {
    return run;
  }

  int size() {
    return run.segments().size();
  }

  SegmentTimes.Segment segment(int index) {
    return new SegmentTimes.Segment(bucket, run.segments().get(index).object(), init);
  }

  SegmentTime first() {
    return times.begin(segment(0));
  }

  private Counted counted(int index) {
    return run.segments().get(index);
  }

  private long counterFrom(int from, int index) {
    return counted(index).counter() - counted(from).counter();
  }

  long start(int index) {
    return offset + place(index);
  }

  private long place(int index) {
    Long read = known.get(index);
    if (read != null) {
      return read;
    }
    int from = nearest(index);
    while (Math.abs(counterFrom(from, index)) * segmentLength > FARTHEST_GUESS && Math.abs(index - from) > 1) {
      int step = (int) Math.max(1, FARTHEST_GUESS / segmentLength / 2);
      from = index > from ? Math.min(index - 1, from + step) : Math.max(index + 1, from - step);
      place(from);
    }
    long guess = known.get(from) + counterFrom(from, index) * segmentLength;
    long place = times.begin(segment(index)).since(first(), guess);
    known.put(index, place);
    requireOrder(index);
    byPlace.put(place, index);
    return place;
  }

  private int nearest(int index) {
    Integer below = known.floorKey(index);
    Integer above = known.ceilingKey(index);
    return above == null || below != null && index - below <= above - index ? below : above;
  }

  private void requireOrder(int index) {
    Integer before = known.lowerKey(index);
    Integer after = known.higherKey(index);
    long here = known.get(index);
    if (before != null && known.get(before) >= here || after != null && known.get(after) <= here) {
      throw new InputFailure(
          counted(index).object().key() + " has times that are not between those of the segments around it: the clock of"
              + " its media was set, and where it is in the session cannot be told");
    }
  }

  /** Where its media end. */
  long end(int index) {
    if (index + 1 < size() && counterFrom(index, index + 1) == 1) {
      return start(index + 1);
    }
    return start(index) + times.withEnd(segment(index)).length();
  }

  boolean reaches(long position) {
    return start(size() - 1) >= position || end(size() - 1) >= position - Archive.TOLERANCE;
  }

  /** The last one that does not begin behind the position; -1 where all do. */
  int lastFrom(long position) {
    Map.Entry<Long, Integer> before = byPlace.floorEntry(position - offset);
    if (before == null) {
      return -1;
    }
    Map.Entry<Long, Integer> behind = byPlace.higherEntry(position - offset);
    // What is at below begins in time, what is at above too late: searched in growing steps from a guess, then in halves.
    int below = before.getValue();
    int above = behind == null ? size() : behind.getValue();
    int at = (int) Math.min(size(), below + (position - offset - before.getKey()) / segmentLength);
    for (int step = 1; below + 1 < above; step = Math.min(2 * step, size())) {
      at = Math.max(below + 1, Math.min(above - 1, at));
      boolean inTime = start(at) <= position;
      below = inTime ? at : below;
      above = inTime ? above : at;
      at = above - below > 2 * step ? at + (inTime ? step : -step) : (below + above) / 2;
    }
    return below;
  }

  /** Reads together what a section that goes on from a segment to a position will ask for, or some of it. */
  void prepare(int index, long to) {
    if (index >= preparedFrom && index < prepared) {
      return;
    }
    long wanted = Math.min(MOST_PREPARED, (to - start(index)) / segmentLength + 2);
    preparedFrom = index;
    prepared = (int) Math.min(size(), index + Math.max(1, wanted));
    times.prepare(IntStream.range(index, prepared).mapToObj(this::segment).toList());
  }

  ArchivedSegment archived(int index) {
    Counted counted = counted(index);
    SegmentTime time = times.begin(segment(index));
    return new ArchivedSegment(
        counted.object(), run.name(), counted.counter(), start(index), end(index), RelativeName.of(counted.object()),
        map(counted.object(), time), "", time.packet());
  }

  private String map(ListedObject object, SegmentTime time) {
    if (time.head() > 0) {
      return "#EXT-X-MAP:URI=\"" + RelativeName.of(object) + "\",BYTERANGE=\"" + time.head() + "@0\"";
    }
    return time.packet() > 0 ? "" : "#EXT-X-MAP:URI=\"" + RelativeName.of(init) + "\"";
  }
}
