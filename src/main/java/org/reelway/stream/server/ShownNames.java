package org.reelway.stream.server;

/** Names that somebody else chose, as messages show them. */
final class ShownNames {
  private static final int MOST = 120;

  private ShownNames() {}

  /** On one line, and not too long. */
  static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > MOST ? plain.substring(0, MOST) + "..." : plain;
  }
}
