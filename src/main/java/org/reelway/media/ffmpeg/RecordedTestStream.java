package org.reelway.media.ffmpeg;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.media.process.ChildProgram;

/**
 * Records a test stream: H.264 and AAC in an MP4 whose index is at the end, as media servers write it. The picture
 * (720p, 25 frames per second) has a running clock, and noise that makes the wanted size real; the sound is a tone with
 * a beep each second. Encoded as quickly as the machine can: 20 s of 48 MB take about 3 s of two cores.
 */
public final class RecordedTestStream {
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final long AUDIO_BITS_PER_SECOND = 128_000;
  private static final long LEAST_VIDEO_BITS_PER_SECOND = 500_000;
  private static final long MOST_VIDEO_BITS_PER_SECOND = 300_000_000;

  private final ChildProgram ffmpeg;

  public RecordedTestStream(FfmpegPrograms programs) {
    this.ffmpeg = new ChildProgram(programs.ffmpeg(), DEADLINE);
  }

  /**
   * Writes the recording; an older file of that name is overwritten.
   *
   * @param out a path that ends in {@code .mp4}, in a folder that exists
   * @param length at least one second
   * @param approximateBytes the size to come near to, within about a tenth; 80 KB to 37 MB for each second
   * @param progress told the share that is done, 0 to 1, about twice a second and at the end; on another thread
   * @throws InputFailure the size and the length do not go together
   * @throws OurFailure ffmpeg failed; the message has its last words
   * @throws InterruptedException this thread was interrupted; ffmpeg was ended, and the file is not whole
   */
  public void record(Path out, Duration length, long approximateBytes, DoubleConsumer progress)
      throws InterruptedException {
    long video = videoBitsPerSecond(length, approximateBytes);
    ChildProgram.Ended ended =
        ffmpeg.run(arguments(out, length, video), line -> reportProgress(line, length, progress));
    if (ended.exitCode() != 0) {
      throw new OurFailure(
          "ffmpeg could not record the test stream to " + out + " (exit code " + ended.exitCode() + "): "
              + ended.lastWords());
    }
    progress.accept(1);
  }

  private static long videoBitsPerSecond(Duration length, long approximateBytes) {
    if (length.toMillis() < 1000) {
      throw new InputFailure("a test stream of " + length.toMillis() + " ms was asked for; it lasts at least 1 s");
    }
    long video = approximateBytes * 8 * 1000 / length.toMillis() - AUDIO_BITS_PER_SECOND;
    if (video < LEAST_VIDEO_BITS_PER_SECOND || video > MOST_VIDEO_BITS_PER_SECOND) {
      throw new InputFailure(
          "a test stream of " + approximateBytes + " bytes in " + length.toMillis() + " ms was asked for;"
              + " 80 KB to 37 MB are possible for each second: change the size or the length");
    }
    return video;
  }

  private static List<String> arguments(Path out, Duration length, long videoBitsPerSecond) {
    String video = Long.toString(videoBitsPerSecond);
    return List.of(
        "-nostdin", "-hide_banner", "-loglevel", "error", "-nostats", "-progress", "pipe:1", "-y",
        "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25,noise=alls=40:allf=t",
        "-f", "lavfi", "-i", "sine=frequency=440:beep_factor=4:sample_rate=48000",
        "-t", length.toMillis() + "ms",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50",
        "-b:v", video, "-maxrate", video, "-bufsize", video,
        "-c:a", "aac", "-b:a", Long.toString(AUDIO_BITS_PER_SECOND),
        "-f", "mp4", "file:" + out.toAbsolutePath());
  }

  /** ffmpeg -progress writes lines of key=value; out_time_us is the time encoded, in microseconds, or N/A. */
  private static void reportProgress(String line, Duration length, DoubleConsumer progress) {
    String key = "out_time_us=";
    if (line.startsWith(key) && Character.isDigit(line.charAt(key.length()))) {
      double encoded = Long.parseLong(line.substring(key.length()).strip()) / 1000.0;
      progress.accept(Math.min(1, encoded / length.toMillis()));
    }
  }
}
