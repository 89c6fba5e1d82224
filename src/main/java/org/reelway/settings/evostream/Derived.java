package org.reelway.settings.evostream;

/**
 * A setting that follows from a file.
 *
 * @param where file, line and path of the key that it follows from
 * @param text may be a secret, and is not shown
 */
public record Derived(String key, String where, String text) {
  @Override
  public String toString() {
    return key + " (" + where + ")";
  }
}
