package org.reelway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A stream whose encoder changes its settings in the middle, as RTMP carries it: one FLV, in which the codec's description
 * comes again. Made by the real ffmpeg.
 */
public final class ChangingStream {
  private static final int HEADER = 13;

  private ChangingStream() {}

  /**
   * @param seconds of each part
   * @param parts sources of ffmpeg's lavfi device, those of one part in one string, behind each other with a blank line
   *     between them
   */
  public static Path write(Path file, double seconds, String... parts) throws IOException, InterruptedException {
    return write(file, seconds, List.of("libx264"), parts);
  }

  /** @param encoders of pictures, one after the other; the last of them has what follows too */
  public static Path write(Path file, double seconds, List<String> encoders, String... parts)
      throws IOException, InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < parts.length; i++) {
      Path part = file.resolveSibling(file.getFileName() + "." + i + ".flv");
      List<String> command = new ArrayList<>(List.of("-v", "error", "-y"));
      for (String source : parts[i].split("\n\n")) {
        command.addAll(List.of("-f", "lavfi", "-i", source));
      }
      command.addAll(List.of("-c:v", encoders.get(Math.min(i, encoders.size() - 1)), "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac"));
      command.addAll(List.of("-t", format(seconds), "-output_ts_offset", format(i * seconds), "-f", "flv", part.toString()));
      Ffmpeg.run(command);
      byte[] bytes = Files.readAllBytes(part);
      all.write(bytes, i == 0 ? 0 : HEADER, bytes.length - (i == 0 ? 0 : HEADER));
      Files.delete(part);
    }
    Files.write(file, all.toByteArray());
    return file;
  }

  private static String format(double seconds) {
    return String.format(Locale.ROOT, "%.3f", seconds);
  }
}
