package org.reelway.camel.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Reads query parameters that several lists of the API take, and says what is allowed. */
final class QueryWords {
  /** Entries of a list where {@code ?limit=} says nothing. */
  private static final int LIMIT = 100;

  private static final int LARGEST_LIMIT = 1000;
  private static final int LONGEST_WORDS = 200;
  private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})([smhd])");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of("s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS, "d", ChronoUnit.DAYS);

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

  /** Null where there are none. */
  static String words(String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    if (text.length() > LONGEST_WORDS) {
      throw new InputFailure("a search has at most " + LONGEST_WORDS + " characters, this one " + text.length());
    }
    return text.strip();
  }

  /**
   * A time such as 2026-11-30T12:00:00Z, in UTC where it names no zone, or a length such as 2h that is counted back; null where none
   * is given.
   */
  static Instant since(String text, Instant now) {
    if (text == null || text.isBlank()) {
      return null;
    }
    Matcher length = LENGTH.matcher(text.strip());
    if (length.matches()) {
      return now.minus(Long.parseLong(length.group(1)), UNITS.get(length.group(2)));
    }
    try {
      return DateTimeFormatter.ISO_DATE_TIME.withZone(ZoneOffset.UTC).parse(text.strip(), Instant::from);
    } catch (DateTimeParseException e) {
      throw new InputFailure("since is \"" + text + "\"; allowed are a time such as 2026-11-30T12:00:00Z, and 15m, 2h or 7d");
    }
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
