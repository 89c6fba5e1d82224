package org.reelway.settings;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.reelway.failure.InputFailure;

/** Paths in settings, and how two folders lie to each other, with links followed as far as the folders exist. */
final class Folders {
  /** A path, kept as given: a relative one starts at the working directory. */
  static final ValueType<Path> PATH = ValueType.of("path", "", Folders::path);

  /** Folders, none of which is or holds another. */
  static final ValueType<List<Path>> LIST =
      ValueType.of("list of paths", "one or more, separated by commas, none inside another", Folders::folders);

  private Folders() {}

  private static Path path(String text) {
    if (text.equals("~") || text.startsWith("~/")) {
      throw new InputFailure(
          MessageText.quoted(text) + " starts with ~, which only a shell expands; write the whole path");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new InputFailure(MessageText.quoted(text) + " is not a path: " + e.getReason(), e);
    }
  }

  private static List<Path> folders(String text) {
    List<Path> folders = ValueType.list(text, Folders::path);
    for (int i = 0; i < folders.size(); i++) {
      for (int j = i + 1; j < folders.size(); j++) {
        if (isSame(folders.get(i), folders.get(j))) {
          throw new InputFailure(same(folders.get(i), folders.get(j)) + "; name it once");
        }
        requireApart(folders.get(i), folders.get(j));
      }
    }
    return folders;
  }

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
      throw new InputFailure(same(one, other) + "; name folders that are apart");
    }
    if (isInside(one, other)) {
      throw new InputFailure(named(one) + " lies inside " + named(other) + "; name folders that are apart");
    }
    if (isInside(other, one)) {
      throw new InputFailure(named(other) + " lies inside " + named(one) + "; name folders that are apart");
    }
  }

  private static String same(Path one, Path other) {
    return named(one) + " and " + named(other) + " are the same folder";
  }

  private static String named(Path path) {
    return MessageText.quoted(path.toString());
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
