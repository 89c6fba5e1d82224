package org.reelway.settings;

/** The text of a setting, and where it was given; it may be a secret, so it is not shown. */
record Given(String where, String text) {
  boolean isBlank() {
    return text.isBlank();
  }

  @Override
  public String toString() {
    return where;
  }
}
