package org.reelway.recording;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Files that say, while they lie beside an MP4, that it is not whole yet, whatever its container looks like: EvoStream
 * records into {@code .info}, {@code .mdat}, {@code .track1} and {@code .track2}, and another process puts these together
 * into the {@code .mp4} once the recording has ended (EMS User's Guide, "Recording").
 */
final class ScratchFiles {
  private static final String MP4 = ".mp4";
  private static final List<String> ENDINGS = List.of(".mdat", ".track1", ".track2", ".info");

  private ScratchFiles() {}

  /** Those that are there: of {@code cam.mp4}, {@code cam.mp4.mdat} or {@code cam.mdat}. */
  static List<Path> beside(Path recording) {
    String name = recording.getFileName().toString();
    if (!name.toLowerCase(Locale.ROOT).endsWith(MP4)) {
      return List.of();
    }
    String stem = name.substring(0, name.length() - MP4.length());
    return Stream.of(name, stem)
        .flatMap(base -> ENDINGS.stream().map(ending -> recording.resolveSibling(base + ending)))
        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .toList();
  }
}
