package org.reelway.callback;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * How a try ended.
 *
 * @param status of the HTTP answer; 0 where there was none
 * @param problem for people
 * @param retryAfter how long the receiver asked to be left alone; null where it did not
 */
public record Answer(Kind kind, int status, String problem, Duration retryAfter) {
  private static final int GONE = 410;
  private static final Set<Integer> AWAY = Set.of(429, 502, 503, 504);
  private static final int LONGEST_WORDS = 200;

  /** What follows from it. */
  public enum Kind {
    /** The receiver does not want this one, now. */
    REFUSED,
    /** The receiver can take nothing now: whatever else waits for it would meet the same. */
    AWAY
  }

  /** There is no answer of the receiver's, or none that says what it thinks of the callback. */
  public static Answer away(String problem) {
    return new Answer(Kind.AWAY, 0, problem, null);
  }

  /** No answer came. */
  public static Answer away(Exception failure) {
    String words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    boolean isOurs = failure instanceof IOException;
    return away(failure instanceof SSLException ? "no TLS connection: " + words : isOurs ? words : failure.toString());
  }

  /**
   * An answer that is no success.
   *
   * @param body its beginning; null for none
   * @param retryAfter the header of this name: seconds, or a date (RFC 9110, 10.2.3); null for none
   */
  public static Answer of(int status, String body, String retryAfter, Instant now) {
    String words = body == null ? "" : printable(body);
    String problem =
        "it answers " + status + (status == GONE ? ", it never wants this again" : "")
            + (words.isEmpty() ? "" : ": " + words);
    return new Answer(
        AWAY.contains(status) ? Kind.AWAY : Kind.REFUSED, status, problem, pause(retryAfter == null ? "" : retryAfter, now));
  }

  private static String printable(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return clean.length() > LONGEST_WORDS ? clean.substring(0, LONGEST_WORDS) + "…" : clean;
  }

  private static Duration pause(String text, Instant now) {
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
