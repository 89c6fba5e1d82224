package org.reelway.settings;

import java.io.IOException;
import java.nio.file.Path;
import org.reelway.failure.InputFailure;

/** How two folders lie to each other, with links followed as far as the folders exist. */
final class Folders {
  private Folders() {}

  static boolean isInside(Path inner, Path outer) {
    Path realInner = real(inner);
    Path realOuter = real(outer);
    return !realInner.equals(realOuter) && realInner.startsWith(realOuter);
  }

  static boolean isSame(Path one, Path other) {
    return real(one).equals(real(other));
  }

  /** @throws InputFailure when one is the other or lies inside it */
  static void requireApart(Path one, Path other) {
    if (isSame(one, other)) {
      throw new InputFailure(named(one) + " and " + named(other) + " are the same folder; name it once");
    }
    if (isInside(one, other)) {
      throw new InputFailure(named(one) + " lies inside " + named(other) + "; name folders that are apart");
    }
    if (isInside(other, one)) {
      throw new InputFailure(named(other) + " lies inside " + named(one) + "; name folders that are apart");
    }
  }

  private static String named(Path path) {
    return Shown.quoted(path.toString());
  }

  private static Path real(Path path) {
    Path whole = path.toAbsolutePath().normalize();
    for (Path there = whole; there != null; there = there.getParent()) {
      try {
        return there.toRealPath().resolve(there.relativize(whole)).normalize();
      } catch (IOException e) {
        // Does not exist yet, or may not be looked at: its parent decides.
      }
    }
    return whole;
  }
}
