package org.reelway.camel;

import java.util.List;
import java.util.Optional;
import org.reelway.failure.InputFailure;

/** Reads query parameters that several lists of the API take, and says what is allowed. */
final class QueryWords {
  /** Entries of a list where {@code ?limit=} says nothing. */
  private static final int LIMIT = 100;

  private static final int LARGEST_LIMIT = 1000;

  private QueryWords() {}

  static int limit(String text) {
    if (text == null || text.isBlank()) {
      return LIMIT;
    }
    if (text.matches("\\d{1,4}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= LARGEST_LIMIT) {
      return Integer.parseInt(text);
    }
    throw new InputFailure("limit is \"" + text + "\"; allowed are 1 to " + LARGEST_LIMIT);
  }

  /** One of these words; empty where none is given. */
  static Optional<String> state(String word, List<String> allowed) {
    if (word == null || word.isBlank()) {
      return Optional.empty();
    }
    if (!allowed.contains(word)) {
      throw new InputFailure("state is \"" + word + "\"; allowed are " + allowed);
    }
    return Optional.of(word);
  }
}
