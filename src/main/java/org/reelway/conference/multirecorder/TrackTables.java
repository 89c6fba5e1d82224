package org.reelway.conference.multirecorder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.reelway.media.mp4.BoxContent;
import org.reelway.media.mp4.SampleRun;

/**
 * One track of the file while it is written: where its samples are, how long they last, and when on the true timeline they
 * are seen. Used by one thread.
 */
final class TrackTables {
  private final TrackHead head;
  private final Placement placement;
  private final Table durations;
  private final Table offsets;
  private final Table keys;
  private final Table sizes;
  private final Table chunks;
  private final Table chunkOffsets;
  private final Repeated duration = new Repeated();
  private final Repeated offset = new Repeated();
  private int samples;
  private int lastChunkSize;
  private int chunkCount;
  private boolean allKeys = true;
  private boolean noOffsets = true;
  private long first;
  private long lastTime;
  private int lastDuration;
  private long from = Long.MAX_VALUE;
  private long until = Long.MIN_VALUE;

  /**
   * What is seen of the media, and when.
   *
   * @param start seconds of the timeline
   * @param mediaTime of its first sample, @param mediaDuration how long it is; in units of the track
   */
  record Edit(double start, long mediaTime, long mediaDuration) {}

  /** Equal values behind each other. */
  private static final class Repeated {
    private int value;
    private int count;
  }

  /** @param folder for tables; @param name no other track has there */
  TrackTables(TrackHead head, Placement placement, Path folder, String name) throws IOException {
    this.head = head;
    this.placement = placement;
    this.durations = new Table(folder.resolve(name + ".stts"));
    this.offsets = new Table(folder.resolve(name + ".ctts"));
    this.keys = new Table(folder.resolve(name + ".stss"));
    this.sizes = new Table(folder.resolve(name + ".stsz"));
    this.chunks = new Table(folder.resolve(name + ".stsc"));
    this.chunkOffsets = new Table(folder.resolve(name + ".co64"));
  }

  TrackHead head() {
    return head;
  }

  /** @param at where the run's media is in the file */
  void add(PieceReader.Run run, long at) throws IOException {
    SampleRun all = run.samples();
    if (all.count() == 0) {
      return;
    }
    chunk(at, (int) all.count());
    long time = run.decodeTime();
    for (int i = 0; i < all.count(); i++) {
      sample(time, all, i);
      time += all.duration(i);
    }
  }

  private void chunk(long at, int count) throws IOException {
    chunkOffsets.addLong(at);
    chunkCount++;
    if (count != lastChunkSize) {
      chunks.add(chunkCount, count, 1);
      lastChunkSize = count;
    }
  }

  private void sample(long pieceTime, SampleRun all, int i) throws IOException {
    if (samples == 0) {
      first = pieceTime;
    }
    long time = Math.max(lastTime, Math.round((pieceTime - first) * placement.pace()));
    if (samples > 0) {
      put(durations, duration, (int) (time - lastTime));
    }
    lastTime = time;
    lastDuration = (int) all.duration(i);
    samples++;
    sizes.add((int) all.size(i));
    int composition = all.offset(i);
    put(offsets, offset, composition);
    noOffsets &= composition == 0;
    boolean key = all.isKey(i);
    allKeys &= key;
    if (key) {
      keys.add(samples);
    }
    from = Math.min(from, lastTime + composition);
    until = Math.max(until, lastTime + composition + lastDuration);
  }

  private static void put(Table table, Repeated run, int value) throws IOException {
    if (run.count > 0 && run.value != value) {
      table.add(run.count, run.value);
      run.count = 0;
    }
    run.value = value;
    run.count++;
  }

  /** All media has been added. */
  void finish() throws IOException {
    if (samples > 0) {
      put(durations, duration, lastDuration);
    }
    flush(durations, duration);
    flush(offsets, offset);
  }

  /** When it is seen; to be asked once all media has been added and there is some. */
  Edit edit() {
    double unit = head.timescale();
    // In the piece's own time, in which its edit list speaks.
    double seen = (from / placement.pace() + first) / unit + head.shift();
    long skipped = seen < 0 ? Math.min(until - from, Math.round(-seen * unit * placement.pace())) : 0;
    return new Edit(placement.at(Math.max(0, seen)), from + skipped, until - from - skipped);
  }

  private static void flush(Table table, Repeated run) throws IOException {
    if (run.count > 0) {
      table.add(run.count, run.value);
      run.count = 0;
    }
  }

  boolean isEmpty() {
    return samples == 0;
  }

  /** Length of the media, in units of the track. */
  long mediaDuration() {
    return samples == 0 ? 0 : lastTime + lastDuration;
  }

  /** The box {@code stbl}. */
  BoxContent sampleTable() throws IOException {
    List<BoxContent> all = new ArrayList<>();
    all.add(BoxContent.of(head.stsd()));
    all.add(BoxContent.full("stts", 0, 0, durations.counted()));
    if (!noOffsets) {
      all.add(BoxContent.full("ctts", 1, 0, offsets.counted()));
    }
    if (!allKeys) {
      all.add(BoxContent.full("stss", 0, 0, keys.counted()));
    }
    all.add(BoxContent.full("stsc", 0, 0, chunks.counted()));
    all.add(BoxContent.full("stsz", 0, 0, sizes.counted(0)));
    all.add(BoxContent.full("co64", 0, 0, chunkOffsets.counted()));
    return BoxContent.box("stbl", all);
  }
}
