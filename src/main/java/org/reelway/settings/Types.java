package org.reelway.settings;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Numbers, choices and texts as settings have them. */
final class Types {
  static final ValueType<Boolean> BOOLEAN = word(List.of("true", "false"), Boolean::valueOf);

  /** A time zone of the tz database, or an offset. */
  static final ValueType<ZoneId> ZONE = ValueType.of("time zone", "such as Europe/Berlin, UTC or +02:00", Types::zone);

  /** File name extensions without the dot, in lower case. */
  static final ValueType<List<String>> EXTENSIONS = ValueType.of(
      "list of words", "letters and digits, separated by commas; not upload",
      text -> ValueType.list(text, Types::extension).stream().distinct().toList());

  static final ValueType<String> HOST =
      text("[A-Za-z0-9._:%-]{1,255}", "a host name or an IP address, without port");
  static final ValueType<String> REGION = text("[A-Za-z0-9-]{1,64}", "letters, digits and hyphens");
  static final ValueType<String> BUCKET =
      text("[A-Za-z0-9._-]{3,63}", "3 to 63 letters, digits, dots, hyphens and underscores");
  static final ValueType<String> USERNAME = text("[^:\\p{Cntrl}]{1,255}", "at most 255 characters, no colon");
  static final ValueType<String> PROFILE = text("[^\\[\\]\\p{Cntrl}]{1,255}", "the name of a section in the profile file");
  static final ValueType<String> PREFIX = text(
      "(?!.*(^|/)\\.\\.?(/|$))[^\\p{Cntrl}\\\\]{0,200}",
      "at most 200 characters, segments separated by /, none of them . or .., no backslash");
  static final ValueType<String> FILE_NAME =
      text("(?!\\.)[^\\p{Cntrl}/\\\\]{1,200}", "at most 200 characters, no slash, no dot in front");
  static final ValueType<String> FILE_PATTERN = text("[^/,\\p{Cntrl}]{1,255}", "a file's name, with * and ?");
  static final ValueType<String> SUFFIX =
      text("[A-Za-z0-9._-]{1,40}", "1 to 40 letters, digits, dots, hyphens and underscores");
  static final ValueType<String> STORAGE_CLASS =
      text("[A-Za-z0-9_.-]{1,64}", "one word of letters, digits, underscores, dots and hyphens");
  static final ValueType<String> KMS_KEY = text("[A-Za-z0-9:/_.-]{1,2048}", "a key id, an ARN or an alias");
  static final ValueType<String> ACCOUNT = text("[A-Za-z0-9._-]{1,128}", "an account id, on AWS 12 digits");
  static final ValueType<String> GRANTEE = text(
      "https?://[!-~&&[^\",]]{1,200}", "the URI of a group, such as http://acs.amazonaws.com/groups/global/AllUsers");
  static final ValueType<String> HEADER = text("[ -~]{1,200}", "at most 200 characters of printable ASCII");

  static final ValueType<String> PASSWORD = secret("\\P{Cntrl}+", "no control characters");
  static final ValueType<String> STORE_KEY = secret("[^\\p{Cntrl}\\s\"']+", "no spaces, no quotes");
  static final ValueType<String> CUSTOMER_KEY =
      secret("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", "32 bytes in base64 (44 characters)");
  static final ValueType<String> SIGNING_SECRET = secret(
      "whsec_(?:[A-Za-z0-9+/]{4}){5,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?|(?!whsec_)[^\\p{Cntrl}\\s\"']{16,}",
      "whsec_ and base64, or 16 and more characters without spaces and quotes");

  private static final Map<String, Long> BYTES = Map.of(
      "B", 1L,
      "KB", 1_000L,
      "MB", 1_000_000L,
      "GB", 1_000_000_000L,
      "TB", 1_000_000_000_000L,
      "KiB", 1L << 10,
      "MiB", 1L << 20,
      "GiB", 1L << 30,
      "TiB", 1L << 40);
  private static final Map<String, Duration> TIMES = Map.of(
      "ms", Duration.ofMillis(1),
      "s", Duration.ofSeconds(1),
      "m", Duration.ofMinutes(1),
      "h", Duration.ofHours(1),
      "d", Duration.ofDays(1));
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?");
  private static final Pattern RATE = Pattern.compile("(\\d{1,9})(B|KB|MB|GB|KiB|MiB|GiB)/s");

  private Types() {}

  /** One of a few words: the constants of an enum in lower case, with hyphens. */
  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    UnaryOperator<String> constant = word -> word.toUpperCase(Locale.ROOT).replace('-', '_');
    List<String> words = Arrays.stream(type.getEnumConstants())
        .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
    return word(words, word -> Enum.valueOf(type, constant.apply(word)));
  }

  private static <T> ValueType<T> word(List<String> words, Function<String, T> value) {
    String allowed = String.join(", ", words);
    return ValueType.of("choice", allowed, text -> {
      if (!words.contains(text)) {
        throw refused(text, "is not a choice here", allowed);
      }
      return value.apply(text);
    });
  }

  /** A whole number in a range. */
  static ValueType<Integer> number(int min, int max) {
    String allowed = min + " to " + max;
    return ValueType.of("number", allowed, text -> {
      if (!text.matches("-?[0-9]{1,18}")) {
        throw refused(text, "is not a whole number", allowed);
      }
      return inRange(text, Long.parseLong(text), (long) min, (long) max, allowed).intValue();
    });
  }

  /** A whole number with one unit: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}, {@code 7d}. */
  static ValueType<Duration> duration(String min, String max) {
    String allowed = min + " to " + max;
    return ValueType.of("duration", allowed, text ->
        inRange(text, time(text, allowed), time(min, allowed), time(max, allowed), allowed));
  }

  /** Also takes zero, which then means "off". */
  static ValueType<Duration> durationOrOff(String min, String max) {
    String allowed = "0s (off) or " + min + " to " + max;
    return ValueType.of("duration", allowed, text -> {
      Duration value = time(text, allowed);
      return value.isZero() ? value : inRange(text, value, time(min, allowed), time(max, allowed), allowed);
    });
  }

  private static Duration time(String text, String allowed) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw refused(text, "is not a duration; write a whole number with ms, s, m, h or d, such as 30s", allowed);
    }
    return TIMES.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
  }

  /** A number of bytes: plain, or with a unit of 1024 ({@code KiB}, {@code MiB}, {@code GiB}) or 1000 ({@code MB}). */
  static ValueType<Long> size(String min, String max) {
    String allowed = min + " to " + max;
    return ValueType.of("size", allowed, text ->
        inRange(text, bytes(text, allowed), bytes(min, allowed), bytes(max, allowed), allowed));
  }

  private static long bytes(String text, String allowed) {
    Matcher matcher = SIZE.matcher(text);
    if (matcher.matches()) {
      try {
        long unit = matcher.group(2) == null ? 1 : BYTES.get(matcher.group(2));
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
      } catch (ArithmeticException tooLarge) {
        // Said below.
      }
    }
    throw refused(
        text, "is not a size; write bytes, or a whole number with KiB, MiB, GiB, KB, MB or GB, such as 16MiB", allowed);
  }

  /** Bytes per second: {@code 20MiB/s}; {@code 0} for none. */
  static ValueType<Long> rateOrNone(String min, String max) {
    String allowed = "0 (none) or " + min + " to " + max;
    return ValueType.of("rate", allowed, text ->
        text.equals("0") ? 0L : inRange(text, rate(text, allowed), rate(min, allowed), rate(max, allowed), allowed));
  }

  private static long rate(String text, String allowed) {
    Matcher matcher = RATE.matcher(text);
    if (!matcher.matches()) {
      throw refused(
          text, "is not a rate; write a whole number with B/s, KiB/s, MiB/s, GiB/s, KB/s, MB/s or GB/s, such as 20MiB/s",
          allowed);
    }
    return Long.parseLong(matcher.group(1)) * BYTES.get(matcher.group(2));
  }

  /** Text that matches a rule, which is named in words. */
  static ValueType<String> text(String form, String allowed) {
    Pattern pattern = Pattern.compile(form);
    return ValueType.of("text", allowed, text -> {
      if (!pattern.matcher(text).matches()) {
        throw refused(text, "is not valid here", allowed);
      }
      return text;
    });
  }

  private static ValueType<String> secret(String form, String allowed) {
    Pattern pattern = Pattern.compile(form);
    return ValueType.secret("secret", allowed, text -> {
      if (!pattern.matcher(text).matches()) {
        throw new InputFailure("the secret (not shown) has a character that is not valid here; allowed: " + allowed);
      }
      return text;
    });
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw refused(text, "is not a time zone", "such as Europe/Berlin, UTC or +02:00");
    }
  }

  private static String extension(String text) {
    if (!text.matches("[A-Za-z0-9]{1,16}")) {
      throw new InputFailure(MessageText.quoted(text)
          + " is not an extension; write letters and digits without the dot, such as mp4,flv");
    }
    if (text.equalsIgnoreCase("upload")) {
      throw new InputFailure(MessageText.quoted(text) + " is the marker's own extension, never a recording's; remove it");
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private static <C extends Comparable<C>> C inRange(String text, C value, C min, C max, String allowed) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw refused(text, "is out of range", allowed);
    }
    return value;
  }

  static InputFailure refused(String text, String why, String allowed) {
    return new InputFailure(MessageText.quoted(text) + " " + why + "; allowed: " + allowed);
  }
}
