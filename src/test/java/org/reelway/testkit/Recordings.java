package org.reelway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Makes recordings and markers as a media server leaves them. */
public final class Recordings {
  public static final int MIB = 1 << 20;
  public static final int PART = 5 * MIB;

  private final Path folder;

  public Recordings(Path folder) {
    this.folder = folder;
  }

  public Path folder() {
    return folder;
  }

  /** A finished file of so many bytes, the same for the same seed. */
  public Path random(String name, int bytes, long seed) {
    byte[] content = new byte[bytes];
    new SplittableRandom(seed).nextBytes(content);
    return file(name, content);
  }

  public Path file(String name, byte[] content) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The empty marker that media servers write. */
  public static Path mark(Path recording) {
    return mark(recording, "");
  }

  public static Path mark(Path recording, String content) {
    try {
      Path temporary = Files.writeString(
          recording.resolveSibling("." + recording.getFileName() + ".marker.tmp"), content, StandardCharsets.UTF_8);
      return Files.move(temporary, marker(recording));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path marker(Path recording) {
    return recording.resolveSibling(recording.getFileName() + ".upload");
  }

  public static boolean isMarked(Path recording) {
    return Files.exists(marker(recording));
  }

  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String text(Path file) {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }
}
