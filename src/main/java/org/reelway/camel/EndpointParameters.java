package org.reelway.camel;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.reelway.failure.InputFailure;

/** The parameters of one endpoint. Those that nobody takes are refused by Camel. */
final class EndpointParameters {
  private final Map<String, Object> given;

  EndpointParameters(Map<String, Object> given) {
    this.given = given;
  }

  /** @param usual where it is not given */
  String take(String parameter, String usual) {
    Object value = given.remove(parameter);
    return value == null ? usual : value.toString();
  }

  /** @throws InputFailure that names the parameter, where the text is refused */
  <T> T take(String parameter, String usual, Function<String, T> type) {
    String text = take(parameter, usual);
    try {
      return type.apply(text);
    } catch (InputFailure e) {
      throw new InputFailure(parameter + ": " + e.getMessage(), e);
    }
  }

  boolean flag(String parameter) {
    String text = take(parameter, "false").trim();
    if (!text.equals("true") && !text.equals("false")) {
      throw new InputFailure(parameter + " is \"" + text + "\"; allowed are [true, false]");
    }
    return text.equals("true");
  }

  <E extends Enum<E>> E choice(String parameter, E usual) {
    String text = take(parameter, word(usual));
    List<E> all = Arrays.asList(usual.getDeclaringClass().getEnumConstants());
    return all.stream().filter(value -> word(value).equals(text.trim().toLowerCase(Locale.ROOT))).findFirst()
        .orElseThrow(
            () -> new InputFailure(
                parameter + " is \"" + text + "\"; allowed are " + all.stream().map(EndpointParameters::word).toList()));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
