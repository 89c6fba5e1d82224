package org.reelway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** An EVENT playlist of a long stream, which names every chunk since its start: what one more chunk costs. */
final class LiveLong implements Section {
  private static final String NAME = "live-long: an EVENT playlist that grows by a chunk every 2 s";
  private static final int[] ENTRIES = {1_000, 20_000};
  private static final int UPDATES = 10;
  private static final Duration SETTLED = Duration.ofSeconds(5);
  private static final int LONGEST_SECONDS = 300;

  private final Workload workload;
  private final SinkProcess sink;
  private final Report report;

  LiveLong(Workload workload, SinkProcess sink, Report report) {
    this.workload = workload;
    this.sink = sink;
    this.report = report;
  }

  @Override
  public void measure() throws Exception {
    for (int entries : ENTRIES) {
      measure(entries);
    }
  }

  private void measure(int entries) throws Exception {
    Path home = workload.folder("sidecar");
    Path live = workload.folder("live");
    Path stream = Files.createDirectories(live.resolve(LiveStreams.name(0)));
    LiveArrivals arrivals = new LiveArrivals();
    sink.onPlaylist(arrivals::published);
    try (SidecarRun sidecar = SidecarRun.start(home, sink, Scheme.HTTP, LiveDelay.settings(live))) {
      StringBuilder playlist = new StringBuilder(
          "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:EVENT\n");
      for (int i = 0; i < entries; i++) {
        Files.writeString(stream.resolve(LiveStreams.chunk(i)), "chunk " + i);
        playlist.append("#EXTINF:2.000000,\n").append(LiveStreams.chunk(i)).append('\n');
      }
      grow(stream, playlist, entries, arrivals);
      for (int i = 0; i < LONGEST_SECONDS * 10 && arrivals.waiting() > 0; i++) {
        Thread.sleep(100);
      }
      Thread.sleep(SETTLED.toMillis());
      arrivals.begin();
      for (int i = 1; i < UPDATES; i++) {
        grow(stream, playlist, entries + i, arrivals);
        Thread.sleep(LiveDelay.CHUNK.toMillis());
      }
      grow(stream, playlist, entries + UPDATES, arrivals);
      Cost cost = sidecar.idle(LiveDelay.CHUNK);
      report.add(new Row(NAME, "Reelway, " + entries + " entries, the last of " + UPDATES + " updates", "http", 0, cost,
          "until it is readable p50 " + Row.number("%.0f", arrivals.end().millis(0.5)) + " ms; resident "
              + Row.number("%.0f", sidecar.residentMebibytes()) + " MiB"));
    } finally {
      workload.remove(live);
      workload.remove(home);
    }
  }

  private static void grow(Path stream, StringBuilder playlist, int chunk, LiveArrivals arrivals) throws IOException {
    playlist.append("#EXTINF:2.000000,\n").append(LiveStreams.chunk(chunk)).append('\n');
    Path beside = Files.writeString(stream.resolve(".list.tmp"), playlist);
    arrivals.written(LiveStreams.name(0), chunk, System.nanoTime());
    Files.writeString(stream.resolve(LiveStreams.chunk(chunk)), "chunk " + chunk);
    Files.move(beside, stream.resolve("index.m3u8"), StandardCopyOption.ATOMIC_MOVE);
  }
}
