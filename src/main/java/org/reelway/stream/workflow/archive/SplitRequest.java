package org.reelway.stream.workflow.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/**
 * The body of {@code POST /streams/{id}/split}, as the AWS live-streaming module has it; {@code format} and {@code
 * exact} are Reelway's own.
 *
 * @param timestampList sections, in any order; they may overlap
 * @param nameModifier in the names of what is made; null for one that nobody has
 * @param format null for {@code m3u8}
 * @param exact null for false
 */
public record SplitRequest(
    @JsonProperty("timestamp_list") List<Stamps> timestampList, @JsonProperty("session_id") String sessionId,
    @JsonProperty("name_modifier") @JsonDeserialize(using = StringDeserializer.class) String nameModifier, String format,
    Boolean exact) {
  public static final int MOST_SECTIONS = 100;
  private static final int LONGEST_MODIFIER = 64;
  private static final Pattern MODIFIER = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
  private static final Pattern SECONDS = Pattern.compile("[+-]?[0-9]{1,15}(\\.[0-9]{0,15})?([eE][+-]?[0-9]{1,2})?");
  /** A year. */
  private static final double MOST_SECONDS = 366 * 86_400.0;

  /** Seconds from the archive's beginning, as numbers or as text; fractions count. */
  public record Stamps(
      @JsonDeserialize(using = StringDeserializer.class) String start,
      @JsonDeserialize(using = StringDeserializer.class) String end) {}

  /** What is made of a section. */
  public enum Format {
    /** A playlist in the archive. */
    M3U8,
    /** A file of its own, which goes the way of recordings. */
    MP4;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** @throws InputFailure none is named */
  public String session() {
    if (sessionId == null || sessionId.isBlank()) {
      throw new InputFailure("\"session_id\" is missing; it is one of the stream's archives_path");
    }
    return sessionId;
  }

  /** @throws InputFailure one is empty, or no section at all; there are none, or too many */
  public List<Section> sections() {
    if (timestampList == null || timestampList.isEmpty()) {
      throw new InputFailure("\"timestamp_list\" is missing or empty; it is a list of {\"start\": seconds, \"end\": seconds}");
    }
    if (timestampList.size() > MOST_SECTIONS) {
      throw new InputFailure(
          "\"timestamp_list\" has " + timestampList.size() + " sections; at most " + MOST_SECTIONS + " are taken at once");
    }
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < timestampList.size(); i++) {
      sections.add(section(place(i), timestampList.get(i)));
    }
    return List.copyOf(sections);
  }

  /** How messages name a section. */
  static String place(int section) {
    return "timestamp_list[" + section + "]";
  }

  private static Section section(String place, Stamps stamps) {
    if (stamps == null) {
      throw new InputFailure("\"" + place + "\" is null; it is {\"start\": seconds, \"end\": seconds}");
    }
    double start = seconds(place + ".start", stamps.start());
    double end = seconds(place + ".end", stamps.end());
    if (start >= end) {
      throw new InputFailure(
          "\"" + place + "\" has nothing in it: its start " + stamps.start().strip() + " is not before its end "
              + stamps.end().strip());
    }
    return new Section(start, end);
  }

  private static double seconds(String member, String text) {
    if (text == null) {
      throw new InputFailure("\"" + member + "\" is missing; it is seconds from the archive's beginning, such as 12.5");
    }
    String stripped = text.strip();
    double seconds = SECONDS.matcher(stripped).matches() ? Double.parseDouble(stripped) : -1;
    if (seconds < 0 || seconds > MOST_SECONDS) {
      throw new InputFailure(
          "\"" + member + "\" is \"" + shortened(text) + "\"; it is seconds from the archive's beginning: a number from 0 to "
              + (long) MOST_SECONDS);
    }
    return seconds;
  }

  /** @throws InputFailure it cannot be in a name */
  public Optional<String> modifier() {
    if (nameModifier == null) {
      return Optional.empty();
    }
    if (nameModifier.length() > LONGEST_MODIFIER || !MODIFIER.matcher(nameModifier).matches()) {
      throw new InputFailure(
          "\"name_modifier\" is \"" + shortened(nameModifier) + "\"; allowed are 1 to " + LONGEST_MODIFIER
              + " letters, digits and . _ - (no dot first)");
    }
    return Optional.of(nameModifier);
  }

  /** @throws InputFailure it is another one */
  public Format wanted() {
    for (Format each : Format.values()) {
      if (format == null || each.word().equals(format)) {
        return requireUse(each);
      }
    }
    throw new InputFailure("\"format\" is \"" + shortened(format) + "\"; allowed are m3u8 and mp4");
  }

  private Format requireUse(Format wanted) {
    if (isExact() && wanted != Format.MP4) {
      throw new InputFailure("\"exact\" is for \"format\": \"mp4\": a playlist names whole segments, and says where to begin");
    }
    return wanted;
  }

  public boolean isExact() {
    return Boolean.TRUE.equals(exact);
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
