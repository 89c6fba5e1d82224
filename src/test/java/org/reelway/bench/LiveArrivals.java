package org.reelway.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * From the moment a chunk got its name to the moment the store had a playlist that names it. Both are {@link
 * System#nanoTime} of one machine, which on Linux is one clock for all processes.
 */
final class LiveArrivals {
  private final Map<String, Stream> streams = new HashMap<>();
  private long[] delays = new long[1024];
  private int count;
  private int missing;
  private boolean measured;

  private static final class Stream {
    final Map<Integer, Long> written = new HashMap<>();
    int published = -1;
  }

  synchronized void written(String stream, int chunk, long at) {
    streams.computeIfAbsent(stream, any -> new Stream()).written.put(chunk, at);
  }

  /** @param line of {@link Sink}: when, path, the last chunk, how many chunks are not there */
  synchronized void published(String line) {
    String[] words = line.split(" ");
    String[] path = words[1].split("/");
    Stream stream = streams.get(path[path.length - 2]);
    if (stream == null) {
      return;
    }
    int last = Integer.parseInt(words[2].replaceAll("\\D", ""));
    for (int chunk = stream.published + 1; chunk <= last; chunk++) {
      Long at = stream.written.remove(chunk);
      if (measured && at != null) {
        add(Long.parseLong(words[0]) - at);
      }
    }
    stream.published = Math.max(stream.published, last);
    if (measured && !words[3].equals("0")) {
      missing++;
    }
  }

  private void add(long delay) {
    if (count == delays.length) {
      delays = Arrays.copyOf(delays, 2 * count);
    }
    delays[count++] = delay;
  }

  /** What is published from now on counts. */
  synchronized void begin() {
    count = 0;
    missing = 0;
    measured = true;
  }

  /** Streams of which something is published. */
  synchronized long published() {
    return streams.values().stream().filter(stream -> stream.published >= 0).count();
  }

  /** Chunks that were written and that no playlist names; a stream's newest one may be on its way. */
  synchronized int waiting() {
    return streams.values().stream().mapToInt(stream -> stream.written.size()).sum();
  }

  synchronized Delays end() {
    measured = false;
    long[] all = Arrays.copyOf(delays, count);
    Arrays.sort(all);
    return new Delays(all, missing);
  }

  /** @param sorted nanoseconds; @param missing playlists that named a chunk that was not there */
  record Delays(long[] sorted, int missing) {
    double millis(double share) {
      return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * share))] / 1e6;
    }
  }
}
