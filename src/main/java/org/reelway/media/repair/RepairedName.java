package org.reelway.media.repair;

import java.util.Locale;
import java.util.Set;

/** How a repaired recording is called: as the finished one would have been, with a word before its extension. */
public final class RepairedName {
  private static final Set<String> EXTENSIONS =
      Set.of("mp4", "m4v", "m4a", "mov", "qt", "ts", "m2ts", "mts", "flv", "mkv", "mka", "webm");

  private final String suffix;

  /** @param suffix for instance {@code .recovered}; empty for none */
  public RepairedName(String suffix) {
    this.suffix = suffix;
  }

  /** {@code live.mp4.tmp} with MP4 inside becomes {@code live.recovered.mp4}. */
  public String of(String brokenName, MediaKind kind) {
    String name = LeftBehind.finalName(brokenName).orElse(brokenName);
    int dot = name.lastIndexOf('.');
    String extension = dot > 0 ? name.substring(dot + 1) : "";
    return EXTENSIONS.contains(extension.toLowerCase(Locale.ROOT))
        ? name.substring(0, dot) + suffix + "." + extension
        : name + suffix + "." + kind.extension();
  }
}
