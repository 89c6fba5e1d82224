package org.reelway.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.reelway.failure.InputFailure;

/** One of a few words: the constants of an enum in lower case, with hyphens. */
final class ChoiceType<E extends Enum<E>> implements ValueType<E> {
  private final Class<E> type;

  private ChoiceType(Class<E> type) {
    this.type = type;
  }

  static <E extends Enum<E>> ChoiceType<E> of(Class<E> type) {
    return new ChoiceType<>(type);
  }

  @Override
  public String text() {
    return "choice";
  }

  @Override
  public String allowed() {
    return Arrays.stream(type.getEnumConstants()).map(ChoiceType::word).collect(Collectors.joining(", "));
  }

  @Override
  public E parse(String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> word(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> new InputFailure(Shown.quoted(text) + " is not a choice here; allowed: " + allowed()));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
