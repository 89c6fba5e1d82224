package org.reelway.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.reelway.failure.InputFailure;

/** A path, kept as given: a relative one starts at the working directory. */
final class PathType implements ValueType<Path> {
  @Override
  public String text() {
    return "path";
  }

  @Override
  public String allowed() {
    return "";
  }

  @Override
  public Path parse(String text) {
    if (text.equals("~") || text.startsWith("~/")) {
      throw new InputFailure(Shown.quoted(text) + " starts with ~, which only a shell expands; write the whole path");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new InputFailure(Shown.quoted(text) + " is not a path: " + e.getReason(), e);
    }
  }
}
