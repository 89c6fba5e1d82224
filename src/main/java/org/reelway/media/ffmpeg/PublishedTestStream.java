package org.reelway.media.ffmpeg;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.reelway.failure.OurFailure;
import org.reelway.media.process.LongChild;

/** A test picture with a running clock, and a tone, published by RTMP until it is closed; a key picture each second. */
public final class PublishedTestStream implements AutoCloseable {
  private static final int PATIENCE_TENTHS = 30;

  private final LongChild ffmpeg;
  private final Path secret;

  private PublishedTestStream(LongChild ffmpeg, Path secret) {
    this.ffmpeg = ffmpeg;
    this.secret = secret;
  }

  /**
   * @param to {@code rtmp://host:port/app/key}
   * @param folder for the key: arguments of programs are seen by everybody on the machine
   */
  public static PublishedTestStream start(FfmpegPrograms programs, URI to, Path folder) {
    String path = to.getRawPath().substring(1);
    int key = path.lastIndexOf('/');
    Path secret = secret(folder, "rtmp_playpath=" + path.substring(key + 1) + "\n");
    List<String> arguments = List.of(
        "-nostdin", "-hide_banner", "-loglevel", "error", "-re",
        "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25", "-re",
        "-f", "lavfi", "-i", "sine=frequency=440:beep_factor=4:sample_rate=48000",
        "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "25",
        "-keyint_min", "25", "-sc_threshold", "0", "-b:v", "1500k", "-maxrate", "1500k", "-bufsize", "1500k",
        "-c:a", "aac", "-b:a", "96k",
        "-fpre", secret.toString(), "-f", "flv", "-flvflags", "no_duration_filesize", "-rtmp_app", path.substring(0, key),
        "rtmp://" + to.getRawAuthority() + "/");
    return new PublishedTestStream(LongChild.start(programs.ffmpeg(), arguments, Map.of()), secret);
  }

  private static Path secret(Path folder, String line) {
    try {
      boolean isPosix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
      Path file = isPosix
          ? Files.createTempFile(
              folder, "publish-", ".ffpreset",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
          : Files.createTempFile(folder, "publish-", ".ffpreset");
      return Files.writeString(file, line);
    } catch (IOException e) {
      throw new OurFailure("the stream's key cannot be written in " + folder + ": " + e, e);
    }
  }

  /** @throws OurFailure it has ended by itself; its last words */
  public void requireOn() {
    ffmpeg.listen(line -> {});
    if (!ffmpeg.isAlive()) {
      throw new OurFailure("ffmpeg does not publish any more (exit code " + ffmpeg.exitCode() + "): " + ffmpeg.lastWords());
    }
  }

  @Override
  public void close() {
    ffmpeg.terminate();
    try {
      for (int tenth = 0; tenth < PATIENCE_TENTHS && ffmpeg.isAlive(); tenth++) {
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ffmpeg.kill();
    try {
      Files.deleteIfExists(secret);
    } catch (IOException e) {
      throw new OurFailure(secret + " holds a stream's key and cannot be deleted: " + e, e);
    }
  }
}
