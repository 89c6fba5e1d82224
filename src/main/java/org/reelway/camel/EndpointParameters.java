package org.reelway.camel;

import java.util.Arrays;
import java.util.Locale;
import org.reelway.failure.InputFailure;

/** Reads parameters of endpoints, and says what is allowed. */
final class EndpointParameters {
  private EndpointParameters() {}

  static <E extends Enum<E>> E choice(Class<E> type, String parameter, String text) {
    for (E value : type.getEnumConstants()) {
      if (word(value).equals(text.trim().toLowerCase(Locale.ROOT))) {
        return value;
      }
    }
    throw new InputFailure(
        parameter + " is \"" + text + "\"; allowed are "
            + Arrays.stream(type.getEnumConstants()).map(EndpointParameters::word).toList());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
