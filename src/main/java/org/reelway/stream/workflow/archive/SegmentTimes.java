package org.reelway.stream.workflow.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.Store;

/**
 * Times of segments, read out of their media, a few at a time. Kept in memory as long as objects are the same, so
 * that a second split reads less; a start of the program forgets them.
 */
final class SegmentTimes implements AutoCloseable {
  private static final int AT_ONCE = 8;
  /** Some 300 bytes each. */
  private static final int MOST_KEPT = 20_000;
  /** Fragments that are no MP4 and no transport stream are not read on. */
  private static final int SEEN = 16 * 1024;

  private final Store store;
  private final ExecutorService readers = Executors.newFixedThreadPool(AT_ONCE, DaemonThreads.numbered("archive-reader"));
  private final Map<Of, SegmentTime> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Of, SegmentTime> eldest) {
          return size() > MOST_KEPT;
        }
      };

  private record Of(String bucket, String key, String etag, long size) {}

  SegmentTimes(Store store) {
    this.store = store;
  }

  /** @param init what players need before it; null for nothing */
  record Segment(String bucket, ListedObject object, ListedObject init) {
    private Of of() {
      return new Of(bucket, object.key(), object.etag(), object.size());
    }
  }

  SegmentTime begin(Segment segment) {
    return known(segment).orElseGet(() -> keep(segment, read(segment)));
  }

  SegmentTime withEnd(Segment segment) {
    SegmentTime begun = begin(segment);
    return begun.end() >= 0 ? begun : keep(segment, end(segment, begun));
  }

  /** Reads those that are not known. */
  void prepare(List<Segment> segments) {
    List<CompletableFuture<?>> reading = new ArrayList<>();
    for (Segment each : segments) {
      if (known(each).isEmpty()) {
        reading.add(CompletableFuture.runAsync(() -> begin(each), readers));
      }
    }
    try {
      CompletableFuture.allOf(reading.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException | CancellationException e) {
      reading.forEach(one -> one.cancel(false));
      throw e.getCause() instanceof RuntimeException why ? why : e;
    }
  }

  private Optional<SegmentTime> known(Segment segment) {
    synchronized (kept) {
      return Optional.ofNullable(kept.get(segment.of()));
    }
  }

  private SegmentTime keep(Segment segment, SegmentTime time) {
    synchronized (kept) {
      kept.put(segment.of(), time);
    }
    return time;
  }

  private RangeReader reader(Segment segment, ListedObject object) {
    return object == null ? null : new RangeReader(store, segment.bucket(), object);
  }

  private SegmentTime read(Segment segment) {
    RangeReader reader = reader(segment, segment.object());
    byte[] start = reader.read(0, SEEN);
    if (TransportStream.isOne(start)) {
      return TransportStream.begin(reader);
    }
    return movie(segment, reader, start).begin();
  }

  private FragmentedMovie movie(Segment segment, RangeReader reader, byte[] start) {
    try {
      if (FragmentedMovie.isOne(start)) {
        return FragmentedMovie.of(reader, reader(segment, segment.init()));
      }
    } catch (IOException e) {
      // Said below.
    }
    throw new InputFailure(
        segment.object().key() + " is neither a transport stream of packets of 188 or 192 bytes nor fragmented MP4, and its"
            + " place in time cannot be read");
  }

  private SegmentTime end(Segment segment, SegmentTime begun) {
    RangeReader reader = reader(segment, segment.object());
    return begun.packet() > 0
        ? TransportStream.end(reader, begun)
        : movie(segment, reader, reader.read(0, SEEN)).end(begun);
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}
