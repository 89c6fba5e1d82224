package org.reelway.mixer;

/** A stream's name as it is drawn: one line, not longer than a tile can take, and nothing that steers a terminal or text. */
final class ShownName {
  private static final int LONGEST = 48;

  private ShownName() {}

  static String of(String name) {
    StringBuilder shown = new StringBuilder();
    name.codePoints()
        .filter(each -> Character.getType(each) != Character.FORMAT && Character.getType(each) != Character.UNASSIGNED)
        .map(each -> Character.isISOControl(each) || !Character.isDefined(each) ? ' ' : each)
        .limit(LONGEST)
        .forEach(shown::appendCodePoint);
    return shown.toString().strip();
  }
}
