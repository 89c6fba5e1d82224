package org.reelway.stream.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.reelway.failure.InputFailure;

/**
 * What a server says of one of its streams.
 *
 * @param name by which the server knows it; together with {@code app} it is one stream
 * @param app application or virtual host and application; empty where the server has none
 * @param session the server's id of this very run of the stream; empty where it has none
 * @param direction in, out, or empty where the server does not say
 * @param publisher address that it comes from (or goes to); empty where the server does not say
 * @param details what else is known, such as codecs and user variables, without credentials; the first that fit
 */
public record StreamFacts(
    String name, String app, String session, String direction, String publisher, Map<String, String> details) {
  private static final int LONGEST_NAME = 1000;
  private static final int LONGEST_WORD = 250;
  static final int MOST_DETAILS = 64;
  /** Names and values of all of them. */
  static final int LONGEST_DETAILS = 4096;

  public StreamFacts {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(app, "app");
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(publisher, "publisher");
    details = Map.copyOf(fitting(details));
    requireAtMost(LONGEST_NAME, "the stream's name", name);
    requireAtMost(LONGEST_NAME, "the stream's application", app);
    requireAtMost(LONGEST_WORD, "the stream's session", session);
    requireAtMost(LONGEST_WORD, "the publisher's address", publisher);
  }

  /** Those that have room, in their order: a publisher or an operator may give a stream any number of them. */
  static Map<String, String> fitting(Map<String, String> details) {
    if (fit(details)) {
      return details;
    }
    Map<String, String> fitting = new LinkedHashMap<>();
    details.forEach(
        (name, value) -> {
          if (fitting.size() < MOST_DETAILS && length(fitting) + name.length() + value.length() <= LONGEST_DETAILS) {
            fitting.put(name, value);
          }
        });
    return fitting;
  }

  /** Whether all of them have room. */
  public static boolean fit(Map<String, String> details) {
    return details.size() <= MOST_DETAILS && length(details) <= LONGEST_DETAILS;
  }

  private static int length(Map<String, String> details) {
    return details.entrySet().stream().mapToInt(each -> each.getKey().length() + each.getValue().length()).sum();
  }

  /** Characters of all that it says. */
  int length() {
    return name.length() + app.length() + session.length() + publisher.length() + length(details);
  }

  /** Whether a stream can have such a name, or be in such an application: neither files nor programs take a NUL. */
  public static boolean canBeNamed(String name) {
    return name.length() <= LONGEST_NAME && name.indexOf(0) < 0;
  }

  private static void requireAtMost(int most, String what, String text) {
    if (text.indexOf(0) >= 0) {
      throw new InputFailure(what + " holds a NUL (U+0000), which neither files nor programs take");
    }
    if (text.length() > most) {
      throw new InputFailure(what + " has " + text.length() + " characters; at most " + most);
    }
  }

  /** The same under these names. */
  StreamFacts named(String newApp, String newName) {
    return new StreamFacts(newName, newApp, session, direction, publisher, details);
  }

  public static StreamFacts of(String name) {
    return new StreamFacts(name, "", "", "", "", Map.of());
  }
}
