package org.reelway.settings;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/**
 * How many bytes a second may go out, by the hours of the week. Either one rate, or entries separated by commas:
 * {@code [DAYS] HH:MM-HH:MM RATE}, where DAYS is {@code Mon}, {@code Mon-Fri} or {@code Sat+Sun} and hours may go over
 * midnight (they then belong to the day they begin on). An entry without hours is the rate for all other times; every
 * minute of the week must have exactly one rate.
 */
public final class BandwidthPlan {
  static final ValueType<BandwidthPlan> TYPE = ValueType.of(
      "rate or timetable",
      "0 (none), a rate such as 20MiB/s, or entries such as Mon-Fri 08:00-18:00 20MiB/s, separated by commas",
      BandwidthPlan::parse);

  private static final ValueType<Long> RATE = Types.rateOrNone("1KiB/s", "100GiB/s");
  private static final int DAY = 24 * 60;
  private static final int WEEK = 7 * DAY;
  private static final String DAY_NAME = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
  private static final Pattern ENTRY = Pattern.compile(
      "(?:(" + DAY_NAME + "(?:[-+]" + DAY_NAME + ")*)\\s+)?"
          + "(\\d\\d):(\\d\\d)\\s*-\\s*(\\d\\d):(\\d\\d)\\s+(\\S+)");

  private final String text;
  private final long[] rates;
  /** For each minute of the week, from Monday midnight, which of the rates. */
  private final byte[] minutes;

  private BandwidthPlan(String text, long[] rates, byte[] minutes) {
    this.text = text;
    this.rates = rates;
    this.minutes = minutes;
  }

  /** @throws InputFailure that says what was found, what is allowed and what to write */
  public static BandwidthPlan parse(String text) {
    List<String> entries = ValueType.list(text, entry -> entry);
    if (entries.size() > 100) {
      throw new InputFailure(MessageText.quoted(text) + " has more than 100 entries");
    }
    return new Reader(text, entries).plan();
  }

  /** @return bytes a second at that local time; 0 for no limit */
  public long limitAt(LocalDateTime time) {
    return rates[minutes[minute(time.getDayOfWeek(), time.getHour() * 60 + time.getMinute())]];
  }

  /** Whether no hour of the week has a limit. */
  public boolean isOff() {
    for (long rate : rates) {
      if (rate > 0) {
        return false;
      }
    }
    return true;
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }

  private static int minute(DayOfWeek day, int minuteOfDay) {
    return (day.getValue() - 1) * DAY + minuteOfDay;
  }

  private static String shown(int minute) {
    String day = DayOfWeek.of(minute / DAY + 1).name();
    return "%s%s %02d:%02d".formatted(
        day.charAt(0), day.substring(1, 3).toLowerCase(Locale.ROOT), minute % DAY / 60, minute % 60);
  }

  /** Fills the week, entry by entry. */
  private static final class Reader {
    private static final byte NONE = -1;

    private final String text;
    private final List<String> entries;
    private final long[] rates;
    private final byte[] minutes = new byte[WEEK];
    private int rest = -1;

    Reader(String text, List<String> entries) {
      this.text = text;
      this.entries = entries;
      this.rates = new long[entries.size()];
      java.util.Arrays.fill(minutes, NONE);
    }

    BandwidthPlan plan() {
      for (int i = 0; i < entries.size(); i++) {
        read(i, entries.get(i));
      }
      for (int minute = 0; minute < WEEK; minute++) {
        if (minutes[minute] == NONE) {
          if (rest < 0) {
            throw gap(minute);
          }
          minutes[minute] = (byte) rest;
        }
      }
      return new BandwidthPlan(text, rates, minutes);
    }

    private void read(int index, String entry) {
      Matcher matcher = ENTRY.matcher(entry);
      if (matcher.matches()) {
        rates[index] = RATE.parse(matcher.group(6));
        int from = time(entry, matcher.group(2), matcher.group(3));
        int to = time(entry, matcher.group(4), matcher.group(5));
        for (DayOfWeek day : days(matcher.group(1))) {
          fill(index, minute(day, from % DAY), to > from ? to - from : to + DAY - from);
        }
      } else if (entry.indexOf(' ') >= 0 || entry.indexOf(':') >= 0) {
        throw new InputFailure(MessageText.quoted(entry) + " is not an entry of a timetable; write it like "
            + "Mon-Fri 08:00-18:00 20MiB/s, with days Mon, Tue, Wed, Thu, Fri, Sat, Sun and times 00:00 to 24:00");
      } else {
        rates[index] = RATE.parse(entry);
        if (rest >= 0) {
          throw new InputFailure(MessageText.quoted(entries.get(rest)) + " and " + MessageText.quoted(entry)
              + " are both for all other times; give one of them hours, such as 08:00-18:00 " + entry);
        }
        rest = index;
      }
    }

    private static int time(String entry, String hour, String minute) {
      int hours = Integer.parseInt(hour);
      int minutes = Integer.parseInt(minute);
      if (hours > 24 || minutes > 59 || hours == 24 && minutes > 0) {
        throw new InputFailure(MessageText.quoted(entry) + " has the time " + hour + ":" + minute
            + ", which no clock shows; allowed: 00:00 to 24:00");
      }
      return hours * 60 + minutes;
    }

    private static List<DayOfWeek> days(String given) {
      if (given == null) {
        return List.of(DayOfWeek.values());
      }
      return Stream.of(given.split("\\+")).flatMap(part -> range(part).stream()).distinct()
          .collect(Collectors.toList());
    }

    private static List<DayOfWeek> range(String part) {
      String[] ends = part.split("-");
      List<DayOfWeek> days = new ArrayList<>(List.of(day(ends[0])));
      DayOfWeek last = day(ends[ends.length - 1]);
      for (DayOfWeek day = days.get(0); day != last; ) {
        day = day.plus(1);
        days.add(day);
      }
      return days;
    }

    private static DayOfWeek day(String name) {
      return Stream.of(DayOfWeek.values())
          .filter(day -> day.name().startsWith(name.toUpperCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow();
    }

    private void fill(int index, int from, int length) {
      for (int i = 0; i < length; i++) {
        int minute = (from + i) % WEEK;
        if (minutes[minute] != NONE && minutes[minute] != index) {
          throw new InputFailure(MessageText.quoted(entries.get(minutes[minute])) + " and "
              + MessageText.quoted(entries.get(index)) + " overlap at " + shown(minute)
              + "; every minute of the week has one rate");
        }
        minutes[minute] = (byte) index;
      }
    }

    private InputFailure gap(int from) {
      int to = from;
      while (to < WEEK && minutes[to] == NONE) {
        to++;
      }
      return new InputFailure(MessageText.quoted(text) + " has no rate from " + shown(from) + " to "
          + (to == WEEK ? "Sun 24:00" : shown(to))
          + "; add an entry, or one without hours for all other times (0 is without limit)");
    }
  }
}
