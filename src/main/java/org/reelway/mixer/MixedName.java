package org.reelway.mixer;

import java.nio.file.Path;

/** How a mix is named: {@code <name>_mixed.mp4} beside its recording. */
public final class MixedName {
  private static final String MIXED = "_mixed";
  private static final String FORM = ".mp4";

  private MixedName() {}

  public static Path of(Path recording) {
    return recording.resolveSibling(stem(recording) + MIXED + FORM);
  }

  /** Whether it is a mix itself, and therefore not to be mixed again. */
  public static boolean isMixed(Path file) {
    return stem(file).endsWith(MIXED);
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
