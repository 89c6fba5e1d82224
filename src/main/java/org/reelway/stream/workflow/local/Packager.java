package org.reelway.stream.workflow.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.reelway.failure.DaemonThreads;
import org.reelway.media.ffmpeg.AllowedInputs;
import org.reelway.media.process.LongChild;
import org.reelway.stream.recorder.FlvParts;
import org.reelway.stream.recorder.FlvTag;

/**
 * Has one ffmpeg cut each part of a stream into short segments for viewers and long ones for the archive, as they are. ffmpeg
 * says when one is whole. Nothing secret is among its arguments. Used by one thread, but for what is said otherwise.
 */
final class Packager implements FlvParts.Target {
  static final String VIEWER = "v";
  static final String ARCHIVE = "a";
  private static final String NAME = "%06d.ts";
  private static final List<String> ONE_KIND = List.of("-analyzeduration", "200000");
  private static final List<String> BOTH_KINDS = List.of("-analyzeduration", "60000000", "-probesize", "64000000");
  private static final Duration LONGEST_END = Duration.ofSeconds(10);
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);

  private final Supplier<Path> ffmpeg;
  private final Map<String, String> environment;
  private final Path folder;
  private final Duration viewerLength;
  private final Duration archiveLength;
  private final Segments segments;
  private volatile LongChild child;
  private volatile long writingSince;
  private volatile Exception failure;
  private Thread reader;
  private OutputStream input;

  /** Takes segments that are whole. */
  interface Segments {
    /** @param file to be taken away; its name is {@link #VIEWER} or {@link #ARCHIVE} and its number in the part */
    void closed(Path file, double seconds) throws IOException;

    /** Takes what a part before could not give, as it failed: in its order, before another one begins. */
    void left() throws IOException;
  }

  /** @param folder below which each part has a folder of its own */
  Packager(
      Supplier<Path> ffmpeg, Map<String, String> environment, Path folder, Duration viewerLength, Duration archiveLength,
      Segments segments) {
    this.ffmpeg = ffmpeg;
    this.environment = environment;
    this.folder = folder;
    this.viewerLength = viewerLength;
    this.archiveLength = archiveLength;
    this.segments = segments;
  }

  @Override
  public void begin(boolean video, boolean audio) throws IOException {
    segments.left();
    Path run = Files.createDirectories(folder.resolve(Long.toString(System.currentTimeMillis())));
    failure = null;
    LongChild next = LongChild.start(ffmpeg.get(), arguments(run, video && audio), environment);
    child = next;
    input = next.input();
    reader = DaemonThreads.of("workflow-packager", () -> read(next, run));
    reader.start();
    write(() -> input.write(FlvTag.fileHeader(video, audio)));
  }

  private List<String> arguments(Path run, boolean both) {
    List<String> all = new ArrayList<>(List.of("-hide_banner", "-nostats", "-nostdin", "-loglevel", "warning"));
    all.addAll(AllowedInputs.flvFromUs());
    all.addAll(both ? BOTH_KINDS : ONE_KIND);
    all.addAll(List.of("-f", "flv", "-i", "pipe:0"));
    all.addAll(segmented(viewerLength, run.resolve(VIEWER + NAME)));
    all.addAll(segmented(archiveLength, run.resolve(ARCHIVE + NAME)));
    return all;
  }

  /**
   * One muxer writes them all, so that counters of packets go on; each begins with its tables. It tells of a segment before it
   * closes the file: all is in it by then where every packet is written at once.
   */
  private static List<String> segmented(Duration length, Path name) {
    return List.of(
        "-map", "0:v?", "-map", "0:a?", "-c", "copy", "-f", "segment", "-segment_format", "mpegts", "-segment_format_options", "flush_packets=1",
        "-segment_time", Double.toString(length.toMillis() / 1000.0), "-individual_header_trailer", "0",
        "-segment_list", "pipe:1", "-segment_list_type", "csv", "-segment_list_flags", "+live", name.toString());
  }

  /** Lines such as {@code v000003.ts,6.023000,8.023000}. */
  private void read(LongChild from, Path run) {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(from.output(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(",");
        if (words.length == 3) {
          segments.closed(run.resolve(words[0]), Double.parseDouble(words[2]) - Double.parseDouble(words[1]));
        }
      }
      Files.deleteIfExists(run);
    } catch (IOException | RuntimeException e) {
      failure = e;
      from.kill();
    }
  }

  @Override
  public void take(FlvTag tag, long time) throws IOException {
    write(() -> tag.write(input, time));
    // What it says would hold it up, were it not taken.
    child.listenToErrors(line -> {});
  }

  /** Some writing. */
  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private void write(Writing writing) throws IOException {
    writingSince = System.nanoTime();
    try {
      writing.run();
      input.flush();
    } catch (IOException e) {
      child.listenToErrors(line -> {});
      child.kill();
      throw failure == null
          ? new IOException(child.lastWords().isEmpty() ? e.getMessage() : "ffmpeg: " + child.lastWords(), e)
          : new IOException(failure.getMessage(), failure);
    } finally {
      writingSince = 0;
    }
  }

  /** An ffmpeg that takes nothing more is ended: its stream goes on with another one. May be called by any thread. */
  void watch() {
    long since = writingSince;
    LongChild now = child;
    if (since != 0 && System.nanoTime() - since > LONGEST_WRITE.toNanos() && now != null) {
      now.kill();
    }
  }

  /** Its last segments are taken when this returns. */
  @Override
  public void end(boolean isLast) throws IOException {
    try {
      input.close();
    } catch (IOException ended) {
      // It has ended by itself; what it said before counts.
    }
    try {
      reader.join(LONGEST_END.toMillis());
      if (reader.isAlive()) {
        child.kill();
        reader.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }
}
