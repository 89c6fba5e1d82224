package org.reelway.stream.workflow.archive;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.reelway.failure.InputFailure;

/**
 * An archive that MediaLive wrote: segments of one or two pipelines, without a playlist. It begins with its first
 * segment. Pipelines are placed by the clocks of their media where these agree with when they say that they were
 * started, else by that alone.
 */
final class MeasuredArchive implements Archive {
  private static final DateTimeFormatter STARTED = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss");
  private static final long AGREE = Duration.ofSeconds(5).toNanos() / 1000;
  /** Segments that begin so near to each other are the same ones of two pipelines, and no shorter hole is seen. */
  private static final long NEAR = Duration.ofMillis(100).toNanos() / 1000;

  private final List<MeasuredRun> runs;

  /** @throws InputFailure nothing is there */
  MeasuredArchive(ArchiveListing listing, ArchiveRoot root, Duration segmentLength, SegmentTimes times) {
    List<ArchiveListing.Run> found = listing.runs();
    if (found.isEmpty()) {
      throw new InputFailure(
          "the archive " + root + " has no segments: neither is there an " + ArchiveFolder.INDEX
              + ", nor are there names such as _120261130T120000.000000.ts; a session's first one comes after its segment"
              + " length");
    }
    this.runs =
        found.stream()
            .map(run -> new MeasuredRun(run, root.bucket(), listing.init(run), times, segmentLength))
            .toList();
    runs.forEach(this::place);
    // A pipeline that was started in the same second may be ahead of the first one.
    long first = runs.stream().mapToLong(run -> run.start(0)).min().orElse(0);
    runs.forEach(run -> run.placeAt(run.start(0) - first));
  }

  private void place(MeasuredRun run) {
    MeasuredRun zero = runs.get(0);
    long byName = startedAt(run).flatMap(at -> startedAt(zero).map(from -> at - from)).orElse(0L);
    if (run.first().perSecond() != zero.first().perSecond()) {
      run.placeAt(byName);
      return;
    }
    long byMedia = run.first().since(zero.first(), byName);
    run.placeAt(Math.abs(byMedia - byName) <= AGREE ? byMedia : byName);
  }

  /** Microseconds. */
  private static Optional<Long> startedAt(MeasuredRun run) {
    try {
      return Optional.of(
          LocalDateTime.parse(run.run().startedAt(), STARTED).toEpochSecond(ZoneOffset.UTC) * 1_000_000);
    } catch (DateTimeParseException notSaid) {
      return Optional.empty();
    }
  }

  @Override
  public boolean reaches(long position) {
    return runs.stream().anyMatch(run -> run.reaches(position));
  }

  @Override
  public long reach() {
    return runs.stream().mapToLong(run -> run.end(run.size() - 1)).max().orElse(0);
  }

  @Override
  public List<ArchivedSegment> overlapping(long start, long end) {
    List<MeasuredRun> pipelines = runs.stream().sorted(Comparator.comparingInt(run -> run.run().pipeline())).toList();
    List<ArchivedSegment> all = new ArrayList<>();
    long tolerance = Archive.tolerance(start, end);
    MeasuredRun current = null;
    for (long at = start; at < end - tolerance; ) {
      Place next = null;
      for (MeasuredRun run : pipelines) {
        next = better(next, place(run, at + tolerance, end - tolerance), at, current);
        if (next != null && isSeamless(next, at, current)) {
          break;
        }
      }
      if (next == null) {
        return all;
      }
      current = next.run();
      current.prepare(next.index(), end);
      ArchivedSegment segment = current.archived(next.index());
      all.add(segment);
      at = segment.end();
    }
    return all;
  }

  /** A segment that could be next. @param start where it begins */
  private record Place(MeasuredRun run, int index, long start) {}

  /** The one that the position is in, or else the next one before the end; null for none. */
  private static Place place(MeasuredRun run, long at, long end) {
    int index = run.lastFrom(at);
    if (index < 0 || run.end(index) <= at) {
      index++;
    }
    return index < run.size() && run.start(index) < end ? new Place(run, index, run.start(index)) : null;
  }

  /**
   * Which of two is to be next: the one without a hole before it; of two such the one that repeats nothing, then that
   * of the first pipeline.
   */
  private static Place better(Place one, Place other, long at, MeasuredRun current) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    if (one.start() > at + NEAR || other.start() > at + NEAR) {
      return other.start() < one.start() - NEAR ? other : one;
    }
    return isSeamless(one, at, current) || !isSeamless(other, at, current) ? one : other;
  }

  /** Whether it leaves nothing out and repeats nothing. */
  private static boolean isSeamless(Place place, long at, MeasuredRun current) {
    boolean repeats = current != null && place.start() < at - NEAR;
    return place.start() <= at + NEAR && !repeats;
  }
}
