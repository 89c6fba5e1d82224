package org.reelway.stream.server;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * When something happened, and how that is known. Media servers count seconds or milliseconds since 1970, and some since
 * 1904: what was read is written down with its unit, so that a wrong clock can be told from a wrong reading.
 *
 * @param from the field and its unit, such as {@code timestamp, seconds since 1970}
 */
public record ServerTime(Instant at, String from) {
  /** Between the first second of 1904, where MP4 begins to count (ISO/IEC 14496-12), and that of 1970. */
  private static final long SECONDS_FROM_1904 = 2_082_844_800L;
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  /** The server did not say: it is taken for now. */
  public static ServerTime received(Instant now) {
    return new ServerTime(now, "received");
  }

  public static ServerTime seconds(String field, long seconds) {
    return new ServerTime(checked(field, seconds, 1), field + ", seconds since 1970");
  }

  public static ServerTime millis(String field, long millis) {
    return new ServerTime(checked(field, millis, 1000), field + ", milliseconds since 1970");
  }

  /** Flashphoner WCS: 3724973476 is 2022-01-14T02:51:16Z. */
  public static ServerTime secondsSince1904(String field, long seconds) {
    return new ServerTime(checked(field, seconds - SECONDS_FROM_1904, 1), field + ", seconds since 1904");
  }

  /** @param text as in RFC 3339, such as 2026-11-21T18:00:00Z */
  public static ServerTime text(String field, String text) {
    try {
      return new ServerTime(Instant.parse(text), field + ", RFC 3339");
    } catch (DateTimeException e) {
      throw new org.reelway.failure.InputFailure(
          field + " is \"" + ShownNames.shown(text) + "\"; write it like 2026-11-21T18:00:00Z");
    }
  }

  private static Instant checked(String field, long count, int inASecond) {
    long seconds = Math.floorDiv(count, inASecond);
    if (seconds < 0 || seconds > LATEST.getEpochSecond()) {
      throw new org.reelway.failure.InputFailure(
          field + " is " + count + ", which is no time between 1970 and 2200 in its unit");
    }
    return Instant.ofEpochSecond(seconds, (long) Math.floorMod(count, inASecond) * (1_000_000_000L / inASecond));
  }
}
