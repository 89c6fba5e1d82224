package org.reelway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real ffmpeg that listens for a stream and writes it to a file as it comes. {@link #close} ends this very process. */
public final class FfmpegReceiver implements AutoCloseable {
  private final List<String> command;
  private final Path file;
  private Process process;

  private FfmpegReceiver(List<String> command, Path file) {
    this.command = command;
    this.file = file;
  }

  /**
   * @param file MPEG-TS
   * @param input its options, the address last
   */
  public static FfmpegReceiver listen(Path file, String... input) {
    List<String> command = new ArrayList<>(List.of(
        LiveEncoder.PROGRAMS.ffmpeg().toString(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"));
    command.addAll(List.of(input).subList(0, input.length - 1));
    command.addAll(List.of(
        "-i", input[input.length - 1], "-c", "copy", "-flush_packets", "1", "-f", "mpegts", file.toString()));
    FfmpegReceiver receiver = new FfmpegReceiver(command, file);
    receiver.startAgain();
    return receiver;
  }

  /** After {@link #kill}, on the same port; the file begins anew. */
  public void startAgain() {
    try {
      Files.deleteIfExists(file);
      process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that arrived. */
  public long size() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path file() {
    return file;
  }

  /** It runs no more and keeps what it has open, as a program that hangs does. */
  public void freeze() {
    signal("STOP");
  }

  private void signal(String name) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill -" + name + " failed with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public void thaw() {
    signal("CONT");
  }

  /** It takes one connection, and ends with it. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** kill -9. */
  public void kill() {
    process.destroyForcibly();
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
    kill();
  }
}
