package org.reelway.settings;

import org.reelway.failure.InputFailure;

/** How the text of a setting becomes a value. */
interface ValueType<T> {
  /** The name of the type in the docs, such as {@code duration}. */
  String text();

  /** What is allowed, for docs and messages; empty where the type says it all. */
  String allowed();

  /**
   * @param text without spaces around it
   * @throws InputFailure that says what was found, what is allowed and what to write; not which setting it is
   */
  T parse(String text);

  /** Whether the text must never be shown. */
  default boolean isSecret() {
    return false;
  }
}
