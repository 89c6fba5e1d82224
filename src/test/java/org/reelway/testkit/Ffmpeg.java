package org.reelway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One run of the real ffmpeg to its end. */
public final class Ffmpeg {
  private Ffmpeg() {}

  public static void run(List<String> arguments) throws IOException, InterruptedException {
    bytes(arguments);
  }

  /** What it wrote to its standard output. */
  public static byte[] bytes(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(LiveEncoder.PROGRAMS.ffmpeg().toString(), "-nostdin"));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).start();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    Thread reader = new Thread(() -> {
      try {
        process.getErrorStream().transferTo(errors);
      } catch (IOException closed) {
        // It has ended.
      }
    });
    reader.start();
    byte[] said = process.getInputStream().readAllBytes();
    int exitCode = process.waitFor();
    reader.join();
    if (exitCode != 0) {
      throw new AssertionError(command + " ended with " + exitCode + ": " + errors);
    }
    return said;
  }

  /**
   * Pictures of the first video track, each of them scaled to the size, three bytes a pixel.
   *
   * @param from seconds
   */
  public static List<byte[]> pictures(int from, Path file, int width, int height, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of("-v", "error", "-ss", Integer.toString(from), "-i", "file:" + file, "-map", "0:v:0"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("-s", width + "x" + height, "-sws_flags", "area", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"));
    byte[] all = bytes(arguments);
    int size = width * height * 3;
    List<byte[]> pictures = new ArrayList<>();
    for (int at = 0; at + size <= all.length; at += size) {
      pictures.add(Arrays.copyOfRange(all, at, at + size));
    }
    return pictures;
  }
}
