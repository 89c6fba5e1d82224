package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;

/** Folders, none of which is or holds another. */
final class PathListType implements ValueType<List<Path>> {
  private final CommaList<Path> list = new CommaList<>(new PathType()::parse);

  @Override
  public String text() {
    return "list of paths";
  }

  @Override
  public String allowed() {
    return "one or more, separated by commas, none inside another";
  }

  @Override
  public List<Path> parse(String text) {
    List<Path> folders = list.parse(text);
    for (int i = 0; i < folders.size(); i++) {
      for (int j = i + 1; j < folders.size(); j++) {
        Folders.requireApart(folders.get(i), folders.get(j));
      }
    }
    return folders;
  }
}
