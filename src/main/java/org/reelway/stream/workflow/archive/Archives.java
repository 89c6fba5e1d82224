package org.reelway.stream.workflow.archive;

import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.live.hls.HlsTimeline;
import org.reelway.transfer.store.Store;

/** Reads archives: their own playlists where they have one, else the times of their media. */
final class Archives implements AutoCloseable {
  private final Store store;
  private final SegmentTimes times;

  Archives(ArchiveStore store) {
    this.store = store.store();
    this.times = new SegmentTimes(store.store());
  }

  ArchiveFolder folder(ArchiveRoot root) {
    return new ArchiveFolder(store, root);
  }

  /** @throws InputFailure it has no segments, or cannot be read */
  Archive read(SplitSource source, ArchiveFolder folder) {
    Optional<byte[]> index = folder.find(ArchiveFolder.INDEX);
    if (index.isEmpty()) {
      return new MeasuredArchive(ArchiveListing.of(folder), source.root(), source.segmentLength(), times);
    }
    try {
      return new IndexedArchive(HlsTimeline.of(index.get()), folder);
    } catch (InputFailure e) {
      throw new InputFailure(source.root() + ArchiveFolder.INDEX + " cannot be split: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    times.close();
  }
}
