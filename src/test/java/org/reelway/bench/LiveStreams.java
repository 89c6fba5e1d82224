package org.reelway.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Streams as a packager writes them: each chunk beside its place, then renamed; then the playlist in the same way; what
 * fell out of the window two chunks ago is deleted. Each stream begins at a moment of its own, drawn at random.
 */
final class LiveStreams implements AutoCloseable {
  private static final int WINDOW = 6;
  private static final int DELETED_AFTER = WINDOW + 2;

  private final Path folder;
  private final Duration length;
  private final byte[] content;
  private final LiveArrivals arrivals;
  private final PriorityQueue<Turn> turns = new PriorityQueue<>(Comparator.comparingLong(Turn::due));
  private final Thread thread;
  private volatile boolean ended;
  private volatile long lateNanos;
  private volatile Exception failure;

  private record Turn(int stream, int chunk, long due) {}

  private LiveStreams(Path folder, Duration length, int bytes, LiveArrivals arrivals) {
    this.folder = folder;
    this.length = length;
    this.content = new byte[bytes];
    new Random(1).nextBytes(content);
    this.arrivals = arrivals;
    this.thread = new Thread(this::run, "live-streams");
  }

  /** @param length of a chunk; @param bytes of a chunk */
  static LiveStreams start(Path folder, int streams, Duration length, int bytes, LiveArrivals arrivals)
      throws IOException {
    LiveStreams all = new LiveStreams(folder, length, bytes, arrivals);
    Random random = new Random(streams);
    long now = System.nanoTime();
    for (int i = 0; i < streams; i++) {
      Files.createDirectories(folder.resolve(name(i)));
      all.turns.add(new Turn(i, 0, now + (long) (random.nextDouble() * length.toNanos())));
    }
    all.thread.start();
    return all;
  }

  static String name(int stream) {
    return "stream-" + stream;
  }

  static String chunk(int number) {
    return "chunk-" + number + ".ts";
  }

  private void run() {
    try {
      while (!ended) {
        Turn turn = turns.remove();
        long wait = turn.due() - System.nanoTime();
        if (wait > 0) {
          TimeUnit.NANOSECONDS.sleep(wait);
        }
        lateNanos = Math.max(lateNanos, -wait);
        write(turn.stream(), turn.chunk());
        turns.add(new Turn(turn.stream(), turn.chunk() + 1, turn.due() + length.toNanos()));
      }
    } catch (IOException | InterruptedException e) {
      failure = e;
    }
  }

  private void write(int stream, int chunk) throws IOException {
    Path home = folder.resolve(name(stream));
    ByteBuffer.wrap(content).putInt(stream).putInt(chunk);
    Path chunkBeside = home.resolve(".chunk.tmp");
    write(chunkBeside, content);
    Path listBeside = home.resolve(".list.tmp");
    write(listBeside, playlist(Math.max(0, chunk - WINDOW + 1), chunk, length).getBytes());
    arrivals.written(name(stream), chunk, System.nanoTime());
    Files.move(chunkBeside, home.resolve(chunk(chunk)), StandardCopyOption.ATOMIC_MOVE);
    Files.move(listBeside, home.resolve("index.m3u8"), StandardCopyOption.ATOMIC_MOVE);
    if (chunk >= DELETED_AFTER) {
      Files.delete(home.resolve(chunk(chunk - DELETED_AFTER)));
    }
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes));
    }
  }

  static String playlist(int first, int last, Duration length) {
    String seconds = Row.number("%.6f", length.toMillis() / 1000.0);
    StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:")
        .append(Math.max(1, length.toSeconds())).append("\n#EXT-X-MEDIA-SEQUENCE:").append(first).append('\n');
    for (int i = first; i <= last; i++) {
      text.append("#EXTINF:").append(seconds).append(",\n").append(chunk(i)).append('\n');
    }
    return text.toString();
  }

  /** How late a chunk was written at most: what is measured is worth nothing where the writer cannot follow. */
  double mostLateMillis() {
    return lateNanos / 1e6;
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    thread.join();
    if (failure != null) {
      throw new IllegalStateException("the streams could not be written: " + failure, failure);
    }
  }
}
