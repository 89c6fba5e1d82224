package org.reelway.settings;

import java.time.DateTimeException;
import java.time.ZoneId;
import org.reelway.failure.InputFailure;

/** A time zone of the tz database, or an offset. */
final class ZoneType implements ValueType<ZoneId> {
  @Override
  public String text() {
    return "time zone";
  }

  @Override
  public String allowed() {
    return "such as Europe/Berlin, UTC or +02:00";
  }

  @Override
  public ZoneId parse(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new InputFailure(Shown.quoted(text) + " is not a time zone; allowed: " + allowed(), e);
    }
  }
}
