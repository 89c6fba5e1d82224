package org.reelway.stream.workflow.archive;

import java.util.ArrayList;
import java.util.List;
import org.reelway.live.hls.HlsTimeline;
import org.reelway.transfer.store.ListedObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An archive whose own playlist says how long each segment is. What is named and not there any more is a hole in it.
 */
final class IndexedArchive implements Archive {
  private static final Logger LOG = LoggerFactory.getLogger(IndexedArchive.class);

  private final List<Placed> entries = new ArrayList<>();
  private final ArchiveFolder folder;
  private long reach;

  /** @param run counts discontinuities */
  private record Placed(HlsTimeline.Entry entry, int number, int run, long start, long end) {}

  IndexedArchive(HlsTimeline index, ArchiveFolder folder) {
    this.folder = folder;
    int run = 0;
    for (HlsTimeline.Entry entry : index.entries()) {
      run += entry.discontinuity() ? 1 : 0;
      entries.add(new Placed(entry, entries.size(), run, reach, reach + entry.micros()));
      reach += entry.micros();
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
    List<ArchivedSegment> there = new ArrayList<>();
    int missing = 0;
    for (Placed each : entries) {
      if (each.start() < end - tolerance && each.end() > start + tolerance) {
        HlsTimeline.Entry entry = each.entry();
        ListedObject object = entry.gap() ? null : folder.counted(RelativeName.name(entry.uri()));
        if (object == null) {
          missing++;
        } else {
          there.add(
              new ArchivedSegment(
                  object, Integer.toString(each.run()), each.number(), each.start(), each.end(), entry.uri(), entry.map(),
                  entry.dateTime(), 0));
        }
      }
    }
    if (missing > 0) {
      LOG.warn("{} segments that {}{} names are not there; the section is made without them", missing, folder.root(),
          ArchiveFolder.INDEX);
    }
    return there;
  }
}
