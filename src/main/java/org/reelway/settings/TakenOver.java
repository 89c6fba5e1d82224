package org.reelway.settings;

/**
 * A setting that a plugins' file of the EvoStream web services says.
 *
 * @param from file, line and path of the key that it follows from
 * @param own where the user gives the setting himself, which wins; empty where he does not
 * @param same whether both say the same
 */
public record TakenOver(Setting<?> setting, String from, String own, boolean same) {
  /** Where the value in force comes from, in words. */
  public String source() {
    if (own.isEmpty()) {
      return from;
    }
    return own + (same ? " (the same as " : " (wins over ") + from + ")";
  }
}
