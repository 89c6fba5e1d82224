package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What other programs may have put where a marker would be. */
public enum OtherFiles {
  FOLDER,
  PIPE,
  LINK,
  /** An upload in progress. */
  LARGE,
  /** The note of another tool's queue. */
  FOREIGN_JSON,
  /** The first bytes of an MP4. */
  FIRST_BYTES;

  public Path make(Path place, Path outside) throws IOException, InterruptedException {
    return switch (this) {
      case FOLDER -> Files.createDirectory(place);
      case PIPE -> pipe(place);
      case LINK -> Files.createSymbolicLink(place, Files.writeString(outside.resolve("target"), ""));
      case LARGE -> Files.write(place, new byte[5 << 20]);
      case FOREIGN_JSON -> Files.writeString(place, "{\"job\": 12}");
      case FIRST_BYTES -> Files.write(place, new byte[] {0, 0, 0, 24, 'f', 't', 'y', 'p'});
    };
  }

  static Path pipe(Path place) throws IOException, InterruptedException {
    Process made = new ProcessBuilder("mkfifo", place.toString()).start();
    if (!made.waitFor(20, TimeUnit.SECONDS) || made.exitValue() != 0) {
      throw new IOException("no pipe can be made at " + place);
    }
    return place;
  }

  /** Changes when the file is another, or has other bytes. */
  public static String seen(Path file) throws IOException {
    return Files.readAttributes(file, "unix:ino,size,lastModifiedTime,mode", LinkOption.NOFOLLOW_LINKS).toString();
  }
}
