package org.reelway.conference.mixer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** How a mix is named: {@code <name>_mixed.mp4} beside its recording. */
public final class MixedName {
  private static final String MIXED = "_mixed";
  private static final String FORM = ".mp4";

  private MixedName() {}

  public static Path of(Path recording) {
    return recording.resolveSibling(stem(recording) + MIXED + FORM);
  }

  /**
   * Nothing is ever written over: the first such name that is not in use.
   *
   * @param taken whether a name is, although there is no file of it
   */
  static Path free(Path recording, Predicate<Path> taken) {
    Path file = of(recording);
    for (int copy = 2; Files.exists(file) || taken.test(file); copy++) {
      // Still the name of a mix, which is not mixed again.
      file = recording.resolveSibling(stem(recording) + "-" + copy + MIXED + FORM);
    }
    return file;
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
