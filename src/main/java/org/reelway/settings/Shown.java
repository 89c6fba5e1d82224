package org.reelway.settings;

/** A value as messages show it: quoted, on one line, and not longer than a line. */
public final class Shown {
  private static final int LIMIT = 120;

  private Shown() {}

  public static String quoted(String value) {
    String cut = value.codePointCount(0, value.length()) <= LIMIT
        ? value
        : value.substring(0, value.offsetByCodePoints(0, LIMIT)) + "...";
    StringBuilder shown = new StringBuilder("\"");
    cut.codePoints().forEach(c -> {
      if (Character.isISOControl(c)) {
        shown.append(String.format("\\u%04x", c));
      } else {
        shown.appendCodePoint(c);
      }
    });
    return shown.append('"').toString();
  }
}
