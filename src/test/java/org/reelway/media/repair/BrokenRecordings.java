package org.reelway.media.repair;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.reelway.media.ffmpeg.FfmpegPrograms;

/** Real recordings, written by the bundled ffmpeg, and broken as crashes break them. */
public final class BrokenRecordings {
  public static final FfmpegPrograms PROGRAMS = FfmpegPrograms.bundled(Path.of("target", "ffmpeg"));

  private final Path folder;

  public BrokenRecordings(Path folder) {
    this.folder = folder;
  }

  /** How a container is written by a live recorder. */
  public enum Writer {
    MP4("mp4", "-f", "mp4"),
    FRAGMENTED_MP4("mp4", "-movflags", "+frag_keyframe+empty_moov", "-f", "mp4"),
    FLV("flv", "-f", "flv"),
    TS("ts", "-f", "mpegts"),
    MKV("mkv", "-f", "matroska", "-live", "1");

    private final String extension;
    private final List<String> options;

    Writer(String extension, String... options) {
      this.extension = extension;
      this.options = List.of(options);
    }

    public String extension() {
      return extension;
    }
  }

  /**
   * A finished recording: H.264 with B-pictures where wanted, and AAC.
   *
   * @param seed makes the picture another one; its numbers are the noise's
   */
  public Path finished(String name, Writer writer, int seconds, int seed, String... encoding) {
    Path file = folder.resolve(name);
    run(command(file, writer, List.of(), seconds, seed, encoding), file);
    return file;
  }

  private static List<String> command(
      Path file, Writer writer, List<String> before, int seconds, int seed, String... encoding) {
    List<String> words = new ArrayList<>(List.of(PROGRAMS.ffmpeg().toString(), "-v", "error", "-nostdin", "-y"));
    words.addAll(before);
    words.addAll(List.of("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25,noise=alls=12:all_seed=" + seed));
    words.addAll(before);
    words.addAll(
        List.of("-f", "lavfi", "-i", "sine=frequency=" + (220 + seed % 400) + ":beep_factor=3:sample_rate=44100"));
    words.addAll(
        List.of("-t", String.valueOf(seconds), "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast",
            "-g", "25", "-b:v", "600k", "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-flush_packets", "1"));
    words.addAll(List.of(encoding));
    words.addAll(writer.options);
    words.add(file.toString());
    return words;
  }

  private static void run(List<String> words, Path file) {
    try {
      Process process = new ProcessBuilder(words).inheritIO().start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError("ffmpeg could not write " + file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A live recorder at three times the speed of life. */
  public Process live(String name, Writer writer, int seed) throws IOException {
    Path file = folder.resolve(name);
    List<String> words = command(file, writer, List.of("-readrate", "3"), 600, seed);
    return new ProcessBuilder(words).inheritIO().start();
  }

  /** A recorder that was killed (-9) when its file had grown to this size. */
  public Path killed(String name, Writer writer, int seed, long atBytes) throws IOException {
    Path file = folder.resolve(name);
    Process recorder = live(name, writer, seed);
    try {
      Awaitility.await(name + " grows to " + atBytes)
          .atMost(java.time.Duration.ofSeconds(60))
          .pollInterval(java.time.Duration.ofMillis(20))
          .until(() -> Files.exists(file) && Files.size(file) >= atBytes);
    } finally {
      recorder.destroyForcibly();
      try {
        recorder.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return file;
  }

  /** A copy that ends at this offset. */
  public Path cut(Path whole, String name, long offset) throws IOException {
    Path file = folder.resolve(name);
    Files.copy(whole, file, StandardCopyOption.REPLACE_EXISTING);
    try (RandomAccessFile copy = new RandomAccessFile(file.toFile(), "rw")) {
      copy.setLength(offset);
    }
    return file;
  }
}
