package org.reelway.callback;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Status and header lines of an answer.
 *
 * @param words the beginning of its body, for people; empty where there is none
 */
record AnswerHead(int status, List<String> lines, String words) {
  private static final Set<Integer> AWAY = Set.of(429, 502, 503, 504);

  Optional<String> header(String name) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    return lines.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .findFirst();
  }

  AnswerHead with(String body) {
    return new AnswerHead(status, lines, body);
  }

  boolean isRedirect() {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  Answer answer(Instant now) {
    if (status >= 200 && status < 300) {
      return Answer.delivered(status);
    }
    String problem = "it answers " + status + (words.isEmpty() ? "" : ": " + words);
    Answer.Kind kind =
        status == 410 ? Answer.Kind.GONE : AWAY.contains(status) ? Answer.Kind.AWAY : Answer.Kind.REFUSED;
    return new Answer(kind, status, problem, retryAfter(now));
  }

  /** Seconds, or a date (RFC 9110, 10.2.3); null for neither. */
  private Duration retryAfter(Instant now) {
    String text = header("Retry-After").orElse("");
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return then.isAfter(now) ? Duration.between(now, then) : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
