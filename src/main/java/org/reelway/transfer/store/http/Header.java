package org.reelway.transfer.store.http;

/** One header line of a request or an answer. */
public record Header(String name, String value) {
  public Header {
    if (unsafe(name) || unsafe(value)) {
      throw new IllegalArgumentException("header " + name.replaceAll("[^\\x21-\\x7e]", "?") + " has a line break");
    }
  }

  private static boolean unsafe(String text) {
    return text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\0') >= 0;
  }
}
