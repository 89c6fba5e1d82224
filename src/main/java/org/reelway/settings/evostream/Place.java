package org.reelway.settings.evostream;

/**
 * A place in a file.
 *
 * @param line from 1
 * @param path names that lead to it, such as {@code StreamRecorder.period_time}; empty for the file's own object
 */
record Place(int line, String path) {
  Place member(Json.Member member) {
    return member(member.name(), member.line());
  }

  /** {@code parameters} says nothing to anybody: it is left out. */
  Place member(String name, int at) {
    if (path.isEmpty()) {
      return new Place(at, name);
    }
    return new Place(at, name.equals(Block.PARAMETERS) ? path : path + "." + name);
  }

  Place item(int at, int index) {
    return new Place(at, path + "[" + index + "]");
  }
}
