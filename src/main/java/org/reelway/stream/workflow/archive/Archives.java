package org.reelway.stream.workflow.archive;

import java.io.ByteArrayOutputStream;
import org.reelway.failure.InputFailure;
import org.reelway.live.hls.HlsTimeline;
import org.reelway.transfer.store.ListedObject;

/** Reads archives: their own playlists where they have one, else the times of their media. */
final class Archives implements AutoCloseable {
  private static final long LARGEST_INDEX = 64 << 20;

  private final ArchiveStore store;
  private final SegmentTimes times;

  Archives(ArchiveStore store) {
    this.store = store;
    this.times = new SegmentTimes(store.store());
  }

  ArchiveListing list(ArchiveRoot root) {
    return ArchiveListing.of(store.store(), root);
  }

  /** @throws InputFailure it has no segments, or cannot be read */
  Archive read(SplitSource source, ArchiveListing listing) {
    ListedObject index = listing.object(ArchiveListing.INDEX);
    return index == null
        ? new MeasuredArchive(listing, source.root(), source.segmentLength(), times)
        : new IndexedArchive(index(source.root(), index), listing, source.root());
  }

  private HlsTimeline index(ArchiveRoot root, ListedObject index) {
    if (index.size() > LARGEST_INDEX) {
      throw new InputFailure(root + ArchiveListing.INDEX + " has " + index.size() + " bytes; at most " + LARGEST_INDEX + " are read");
    }
    try {
      return HlsTimeline.of(get(root, index));
    } catch (InputFailure e) {
      throw new InputFailure(root + ArchiveListing.INDEX + " cannot be split: " + e.getMessage(), e);
    }
  }

  byte[] get(ArchiveRoot root, ListedObject object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store().get(root.bucket(), object.key(), bytes);
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    times.close();
  }
}
