package org.reelway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.reelway.media.ffmpeg.FfmpegPrograms;

/** The real ffmpeg, writing a live stream of 25 frames a second. {@link #close} ends this very process. */
public final class LiveEncoder implements AutoCloseable {
  public static final FfmpegPrograms PROGRAMS = FfmpegPrograms.bundled(Path.of("target", "ffmpeg"));

  private final Process process;
  private final Path log;

  private LiveEncoder(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * @param folder of the stream; made where it is missing
   * @param seconds of video; streams of different lengths have different chunks from the first one on
   * @param hls options of the muxer
   */
  public static LiveEncoder start(Path folder, int seconds, String... hls) {
    List<String> muxer = new ArrayList<>(List.of("-f", "hls", "-hls_time", "1"));
    muxer.addAll(List.of(hls));
    muxer.add(folder.resolve("playlist.m3u8").toString());
    return encode(folder, seconds, muxer);
  }

  /**
   * HDS: {@code index.f4m}, {@code stream0.abst}, {@code stream0Seg1-Frag1}.
   *
   * @param hds options of the muxer; others as with {@link #start}
   */
  public static LiveEncoder hds(Path folder, int seconds, String... hds) {
    // The muxer writes bit rates into the manifest, and does without guesses.
    List<String> muxer =
        new ArrayList<>(List.of("-b:v", "200k", "-b:a", "64k", "-f", "hds", "-min_frag_duration", "900000"));
    muxer.addAll(List.of(hds));
    muxer.add(folder.toString());
    return encode(folder, seconds, muxer);
  }

  /** As {@link #start}, but DASH: {@code manifest.mpd}. @param dash options of the muxer */
  public static LiveEncoder startDash(Path folder, int seconds, String... dash) {
    List<String> muxer = new ArrayList<>(List.of("-f", "dash", "-seg_duration", "1"));
    muxer.addAll(List.of(dash));
    muxer.add(folder.resolve("manifest.mpd").toString());
    return encode(folder, seconds, muxer);
  }

  private static LiveEncoder encode(Path folder, int seconds, List<String> muxer) {
    try {
      Files.createDirectories(folder);
      Path log = Files.createTempFile(folder.getParent().getParent(), "ffmpeg", ".log");
      List<String> command = new ArrayList<>(List.of(
          PROGRAMS.ffmpeg().toString(), "-hide_banner", "-loglevel", "warning", "-nostdin", "-y",
          "-readrate", "1.6", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=" + seconds,
          "-f", "lavfi", "-i", "sine=frequency=" + (440 + seconds) + ":duration=" + seconds,
          "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0",
          "-c:a", "aac"));
      command.addAll(muxer);
      return new LiveEncoder(
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** kill -9: no last chunk, no end. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  public int awaitEnd() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("ffmpeg does not end: " + Files.readString(log));
      }
      return process.exitValue();
    } catch (InterruptedException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
