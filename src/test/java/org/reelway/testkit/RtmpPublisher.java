package org.reelway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The real ffmpeg, publishing a small stream of 25 frames a second to a media server. The stream is encoded once and sent
 * round and round, so that many cost little. {@link #close} ends this very process.
 */
public final class RtmpPublisher implements AutoCloseable {
  private static final int SECONDS = 4;
  /** Some 100 KB, encoded once for all tests. */
  private static byte[] encoded;

  private final Process process;

  private RtmpPublisher(Process process) {
    this.process = process;
  }

  /** The stream as a file, 100 frames long; made in the folder where it is not there. */
  public static synchronized Path media(Path folder) {
    Path file = folder.resolve("publish.flv");
    if (!Files.exists(file)) {
      write(file);
    }
    return file;
  }

  private static void write(Path file) {
    try {
      if (encoded == null) {
        encode(file);
        encoded = Files.readAllBytes(file);
      } else {
        Files.write(file, encoded);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void encode(Path file) {
    run(List.of(
        "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=" + SECONDS,
        "-f", "lavfi", "-i", "sine=frequency=440:duration=" + SECONDS,
        "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0", "-bf", "0",
        "-c:a", "aac", file.toString()));
  }

  private static void run(List<String> arguments) {
    try {
      Process process = start(arguments);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("ffmpeg failed: " + arguments);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process start(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(
        LiveEncoder.PROGRAMS.ffmpeg().toString(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"));
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param folder for the encoded stream, see {@link #media}
   * @param stream any name at all
   */
  public static RtmpPublisher publish(Path folder, NginxRtmp server, String stream) {
    return publish(folder, "rtmp://" + server.address() + "/", "-rtmp_app", "live", "-rtmp_playpath", stream);
  }

  /** @param folder for the encoded stream, see {@link #media} */
  public static RtmpPublisher publish(Path folder, String url, String... options) {
    List<String> arguments = new ArrayList<>(List.of(
        "-re", "-stream_loop", "-1", "-i", media(folder).toString(), "-c", "copy"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-f", "flv", url));
    return new RtmpPublisher(start(arguments));
  }

  /**
   * Sends a file once, at its own pace; where this machine held it up, it is in time again at once.
   *
   * @param outputs of ffmpeg: what is sent where
   */
  public static RtmpPublisher send(Path media, List<String> outputs) {
    List<String> arguments = new ArrayList<>(List.of("-re", "-readrate_catchup", "100", "-i", media.toString()));
    arguments.addAll(outputs);
    return new RtmpPublisher(start(arguments));
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends the stream as its encoder would. */
  public void end() {
    process.destroy();
    awaitEnd();
  }

  /** kill -9. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        throw new AssertionError("ffmpeg does not end");
      }
    } catch (InterruptedException e) {
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
