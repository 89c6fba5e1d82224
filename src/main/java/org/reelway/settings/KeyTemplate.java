package org.reelway.settings;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.reelway.failure.InputFailure;

/**
 * How the key of an object is made of what is known about its recording: text with elements in braces.
 *
 * <p>What comes out is not safe yet, for names of files and streams are anybody's: it goes through
 * {@code org.reelway.transfer.ObjectKey}.
 */
public final class KeyTemplate {
  /** The elements as docs and messages list them. */
  static final String ELEMENTS = "{path} {dir} {name} {stem} {ext} {stream} {date:PATTERN} {id}";

  /** A text that is one. */
  static final ValueType<String> TYPE = ValueType.of("template", "text and " + ELEMENTS, text -> {
    parse(text);
    return text;
  });

  private static final Map<String, Function<Values, String>> BY_NAME = Map.of(
      "path", Values::path,
      "dir", Values::dir,
      "name", Values::name,
      "stem", Values::stem,
      "ext", Values::ext,
      "stream", Values::stream,
      "id", Values::id);
  private static final String DATE = "date:";
  private static final List<String> TELLING_APART = List.of("{path}", "{name}", "{stem}", "{id}", "{" + DATE);

  private final String text;
  private final List<Function<Values, String>> pieces;

  private KeyTemplate(String text, List<Function<Values, String>> pieces) {
    this.text = text;
    this.pieces = List.copyOf(pieces);
  }

  /**
   * What a template is filled with.
   *
   * @param path of the recording relative to its recordings folder, with {@code /} between the segments
   * @param stream that was recorded; empty when not known
   * @param modified last modification of the file
   * @param id of the recording
   */
  public record Values(String path, String stream, Instant modified, String id) {
    public Values {
      Objects.requireNonNull(path, "path");
      stream = stream == null ? "" : stream;
      Objects.requireNonNull(modified, "modified");
      Objects.requireNonNull(id, "id");
    }

    private String dir() {
      return path.substring(0, Math.max(path.lastIndexOf('/'), 0));
    }

    private String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    private String stem() {
      int dot = name().lastIndexOf('.');
      return dot > 0 ? name().substring(0, dot) : name();
    }

    private String ext() {
      int dot = name().lastIndexOf('.');
      return dot > 0 ? name().substring(dot + 1) : "";
    }
  }

  /**
   * @param text empty means {@code {path}}
   * @throws InputFailure when an element is unknown, a brace has no partner, a date pattern is not one, or nothing in
   *     the template tells one recording from another
   */
  public static KeyTemplate parse(String text) {
    String template = text.isBlank() ? "{path}" : text;
    KeyTemplate parsed = ofValue(template);
    if (TELLING_APART.stream().noneMatch(template::contains)) {
      throw refused(template,
          "would give different recordings one key; use {path}, {name}, {stem}, {id} or {date:...}");
    }
    return parsed;
  }

  /**
   * A template of something that different recordings may have in common, such as a tag.
   *
   * @throws InputFailure as above, for elements, braces and dates
   */
  public static KeyTemplate ofValue(String template) {
    List<Function<Values, String>> pieces = new ArrayList<>();
    int at = 0;
    while (at < template.length()) {
      int open = template.indexOf('{', at);
      String literal = template.substring(at, open < 0 ? template.length() : open);
      requireNoBrace(template, literal);
      pieces.add(values -> literal);
      if (open < 0) {
        break;
      }
      int close = template.indexOf('}', open);
      if (close < 0) {
        throw refused(template, "has a { without its }");
      }
      pieces.add(element(template, template.substring(open + 1, close)));
      at = close + 1;
    }
    return new KeyTemplate(template, pieces);
  }

  /** The filled template; give it to {@code ObjectKey} before it is used. */
  public String render(Values values) {
    return pieces.stream().map(piece -> piece.apply(values)).collect(Collectors.joining());
  }

  @Override
  public String toString() {
    return text;
  }

  private static void requireNoBrace(String template, String literal) {
    if (literal.indexOf('}') >= 0) {
      throw refused(template, "has a } without its {");
    }
  }

  private static Function<Values, String> element(String template, String name) {
    if (name.indexOf('{') >= 0) {
      throw refused(template, "has a { inside an element");
    }
    if (name.startsWith(DATE)) {
      return date(template, name.substring(DATE.length()));
    }
    Function<Values, String> element = BY_NAME.get(name);
    if (element == null) {
      throw refused(template, "has the unknown element {" + name + "}; allowed: " + ELEMENTS);
    }
    return element;
  }

  /** In English whatever the machine's language is: a recording's key must not depend on where Reelway runs. */
  private static Function<Values, String> date(String template, String pattern) {
    try {
      DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
      if (format.format(Instant.EPOCH).isBlank()) {
        throw new DateTimeException("it gives nothing");
      }
      return values -> format.format(values.modified());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw refused(template,
          "has {date:" + pattern + "}, which is not a date pattern; write it like {date:yyyy-MM-dd}");
    }
  }

  private static InputFailure refused(String template, String why) {
    return new InputFailure(MessageText.quoted(template) + " " + why);
  }
}
