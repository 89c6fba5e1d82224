package org.reelway.settings;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/**
 * The name of a recorded file without its extension, with the elements that Flashphoner WCS has
 * (stream_record_policy_template): {@code {streamName}-{startTime}}.
 */
public final class RecordingNameTemplate {
  private static final Pattern ELEMENT = Pattern.compile("\\{([^{}]*)}");
  /** A file's name has 255 bytes at most; with it there are others that add to it, such as {@code .mp4.upload}. */
  private static final int LONGEST = 230;
  private static final Map<String, Element> ELEMENTS = elements();

  static final ValueType<RecordingNameTemplate> TYPE = ValueType.of(
      "template", "text with {" + String.join("}, {", ELEMENTS.keySet()) + "}", RecordingNameTemplate::parse);

  private final String text;

  private record Element(int longest, Function<Values, String> value) {}

  private RecordingNameTemplate(String text) {
    this.text = text;
  }

  /**
   * What is known of a recording.
   *
   * @param startTime of the stream's own clock, in milliseconds; @param endTime likewise
   * @param startTimeMillis of this machine's clock, since 1970; @param endTimeMillis likewise
   * @param duration in milliseconds
   * @param audioCodec at most four letters; empty for none
   */
  public record Values(
      String streamName, long startTime, long endTime, long startTimeMillis, long endTimeMillis, long duration,
      String sessionId, String mediaSessionId, String login, String audioCodec, String videoCodec) {
    /** Of a recording that began so. @param millis its length @param ended since 1970 */
    public Values ended(long millis, long ended) {
      return new Values(
          streamName, startTime, startTime + millis, startTimeMillis, ended, millis, sessionId, mediaSessionId, login,
          audioCodec, videoCodec);
    }
  }

  private static Map<String, Element> elements() {
    Map<String, Element> all = new LinkedHashMap<>();
    all.put("streamName", new Element(Integer.MAX_VALUE, Values::streamName));
    all.put("duration", new Element(20, values -> String.valueOf(values.duration())));
    all.put("startTime", new Element(20, values -> String.valueOf(values.startTime())));
    all.put("endTime", new Element(20, values -> String.valueOf(values.endTime())));
    all.put("startTimeMillis", new Element(20, values -> String.valueOf(values.startTimeMillis())));
    all.put("endTimeMillis", new Element(20, values -> String.valueOf(values.endTimeMillis())));
    all.put("sessionId", new Element(60, Values::sessionId));
    all.put("mediaSessionId", new Element(36, Values::mediaSessionId));
    all.put("login", new Element(32, Values::login));
    all.put("audioCodec", new Element(4, Values::audioCodec));
    all.put("videoCodec", new Element(4, Values::videoCodec));
    return all;
  }

  /** @throws InputFailure when an element is not known */
  public static RecordingNameTemplate parse(String text) {
    Matcher elements = ELEMENT.matcher(text);
    while (elements.find()) {
      if (!ELEMENTS.containsKey(elements.group(1))) {
        throw new InputFailure(
            MessageText.quoted(text) + " has the unknown element {" + elements.group(1) + "}; allowed: {"
                + String.join("} {", ELEMENTS.keySet()) + "}");
      }
    }
    if (text.isBlank() || ELEMENT.matcher(text).replaceAll("").matches(".*[{}].*")) {
      throw new InputFailure(MessageText.quoted(text) + (text.isBlank() ? " is empty" : " has a brace without its partner"));
    }
    return new RecordingNameTemplate(text);
  }

  /** Whether two pieces of one recording have different names by themselves. */
  public boolean tellsPiecesApart() {
    return text.contains("{startTime") || text.contains("{endTime");
  }

  /** Whether a file can have its name when it begins: nothing in it is known later only. */
  public boolean isKnownAtStart() {
    return !text.contains("{duration") && !text.contains("{startTime}") && !text.contains("{endTime")
        && !text.contains("Codec}");
  }

  /** A name that any file system takes, without extension. */
  public String of(Values values) {
    return of(values, Set.of());
  }

  /**
   * As {@link #of}, while it is going on: as in WCS, what is known later only is the element itself.
   *
   * @param later such as {@code endTime}
   */
  public String of(Values values, Set<String> later) {
    StringBuilder name = new StringBuilder();
    Matcher elements = ELEMENT.matcher(text);
    while (elements.find()) {
      Element element = ELEMENTS.get(elements.group(1));
      boolean isKnown = !later.contains(elements.group(1));
      String value = isKnown ? element.value().apply(values) : elements.group();
      elements.appendReplacement(
          name, Matcher.quoteReplacement(value.substring(0, Math.min(value.length(), element.longest()))));
    }
    elements.appendTail(name);
    String safe = name.toString().replaceAll("[\\p{Cntrl}/\\\\:*?\"<>|]", "_").replaceFirst("^[.~ ]", "_").strip();
    return cut(safe.isEmpty() ? "recording" : safe);
  }

  private static String cut(String name) {
    String cut = name;
    while (cut.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
    }
    return cut;
  }

  @Override
  public String toString() {
    return text;
  }
}
