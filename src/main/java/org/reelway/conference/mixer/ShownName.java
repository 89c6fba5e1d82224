package org.reelway.conference.mixer;

/** A stream's name as it is drawn: one line, not longer than a tile can take, and nothing that steers a terminal or text. */
final class ShownName {
  private static final int LONGEST = 48;

  private ShownName() {}

  static String of(String name) {
    StringBuilder shown = new StringBuilder();
    name.codePoints()
        .filter(each -> !isVariation(each) && Character.getType(each) != Character.FORMAT && Character.getType(each) != Character.UNASSIGNED)
        .map(each -> Character.isISOControl(each) || !Character.isDefined(each) ? ' ' : each)
        .limit(LONGEST)
        .forEach(shown::appendCodePoint);
    return shown.toString().strip();
  }

  /** What says of the character before it how it is to look, and has no look of its own. */
  private static boolean isVariation(int each) {
    return each >= 0xfe00 && each <= 0xfe0f || each >= 0xe0100 && each <= 0xe01ef;
  }
}
