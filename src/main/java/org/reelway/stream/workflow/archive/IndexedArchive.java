package org.reelway.stream.workflow.archive;

import java.util.ArrayList;
import java.util.List;
import org.reelway.live.hls.HlsTimeline;
import org.reelway.transfer.store.ListedObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An archive whose own playlist says how long each segment is. What is named and not there any more is a hole in it. */
final class IndexedArchive implements Archive {
  private static final Logger LOG = LoggerFactory.getLogger(IndexedArchive.class);

  private final List<ArchivedSegment> segments = new ArrayList<>();
  private long reach;

  IndexedArchive(HlsTimeline index, ArchiveListing listing, ArchiveRoot root) {
    int run = 0;
    int missing = 0;
    for (int i = 0; i < index.entries().size(); i++) {
      HlsTimeline.Entry entry = index.entries().get(i);
      run += entry.discontinuity() ? 1 : 0;
      ListedObject object = entry.gap() ? null : listing.object(RelativeName.name(entry.uri()));
      if (object == null) {
        missing++;
      } else {
        segments.add(
            new ArchivedSegment(
                object, Integer.toString(run), i, reach, reach + entry.micros(), entry.uri(), entry.map(), entry.dateTime(),
                0));
      }
      reach += entry.micros();
    }
    if (missing > 0) {
      LOG.warn("{} of the {} segments that {}{} names are not there; sections are made without them", missing,
          index.entries().size(), root, ArchiveListing.INDEX);
    }
  }

  @Override
  public boolean reaches(long position) {
    return position <= reach + TOLERANCE;
  }

  @Override
  public long reach() {
    return reach;
  }

  @Override
  public List<ArchivedSegment> overlapping(long start, long end) {
    long tolerance = Archive.tolerance(start, end);
    return segments.stream()
        .filter(segment -> segment.start() < end - tolerance && segment.end() > start + tolerance)
        .toList();
  }
}
