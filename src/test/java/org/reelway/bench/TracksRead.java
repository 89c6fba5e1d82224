package org.reelway.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.reelway.testkit.MultiTrackMp4;

/** {@code ./reelway tracks} of a recording of 4 GiB whose index lies at its end: the whole command, as a shell sees it. */
final class TracksRead implements Section {
  private static final String NAME = "tracks: a recording of 4 GiB";
  private static final int RUNS = 15;
  private static final int STREAMS = 8;
  private static final double SECONDS = 600;
  private static final long HOLE = 4L << 30;

  private final Workload workload;
  private final Report report;

  TracksRead(Workload workload, Report report) {
    this.workload = workload;
    this.report = report;
  }

  @Override
  public void measure() throws Exception {
    Path folder = workload.folder("tracks");
    try {
      Path recording = large(folder);
      List<String> command = List.of(Path.of("reelway").toAbsolutePath().toString(), "tracks", recording.toString());
      List<Cost> all = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        all.add(new ChildRun(folder).run(command, Map.of()));
      }
      all.sort(Comparator.comparingDouble(Cost::wallSeconds));
      report.add(new Row(NAME, "Reelway, median of " + RUNS, "-", 0, all.get(RUNS / 2),
          "wall " + Row.number("%.2f", all.get(0).wallSeconds()) + " to "
              + Row.number("%.2f", all.get(RUNS - 1).wallSeconds())));
    } finally {
      workload.remove(folder);
    }
  }

  /** Eight streams of ten minutes; a hole of 4 GiB stands for more pictures. */
  private static Path large(Path folder) throws Exception {
    MultiTrackMp4 conference = new MultiTrackMp4();
    for (int i = 0; i < STREAMS; i++) {
      conference.take("stream" + i, "session" + i, i, SECONDS).video("red", 64, 48, 30).audio(440, 48000, "mono");
    }
    Path small = conference.write(folder.resolve("small.mp4"));
    Path large = folder.resolve("large.mp4");
    try (FileChannel from = FileChannel.open(small); RandomAccessFile to = new RandomAccessFile(large.toFile(), "rw")) {
      long index = index(from);
      to.write(bytes(from, 0, index));
      to.write(ByteBuffer.allocate(16).putInt(1).put("mdat".getBytes(StandardCharsets.US_ASCII)).putLong(HOLE).array());
      to.seek(index + HOLE);
      to.write(bytes(from, index, from.size() - index));
    }
    Files.delete(small);
    return large;
  }

  /** Where {@code moov} begins. */
  private static long index(FileChannel file) throws IOException {
    for (long at = 0; at < file.size(); ) {
      ByteBuffer head = ByteBuffer.wrap(bytes(file, at, 8));
      long size = Integer.toUnsignedLong(head.getInt());
      if (head.getInt() == 0x6d6f6f76) {
        return at;
      }
      at += size;
    }
    throw new IOException("the recording has no index");
  }

  private static byte[] bytes(FileChannel file, long at, long count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(count));
    while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {
      // until all is there
    }
    return bytes.array();
  }
}
