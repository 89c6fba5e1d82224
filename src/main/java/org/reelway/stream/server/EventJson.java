package org.reelway.stream.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.ForeignJson;
import org.reelway.failure.InputFailure;

/** A JSON object of a request. Whatever is missing or of another type is said with its name. */
public final class EventJson {
  private static final int LONGEST_TEXT = 8192;
  private static final int MOST_DIGITS = 40;
  private static final JsonMapper JSON =
      ForeignJson.reader().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final JsonNode json;

  private EventJson(JsonNode json) {
    this.json = json;
  }

  /** @throws InputFailure where the body is no JSON object */
  public static EventJson of(EventRequest request) {
    return of(request.text());
  }

  /** @throws InputFailure where the text is no JSON object */
  public static EventJson of(String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InputFailure("the body is not JSON: " + ShownNames.shown(e.getOriginalMessage()));
    }
    if (json == null || !json.isObject()) {
      throw new InputFailure("the body is not a JSON object");
    }
    return new EventJson(json);
  }

  /** The text of a member that must be there. */
  public String required(String member) {
    String text = text(member);
    if (text.isBlank()) {
      throw new InputFailure("\"" + member + "\" is missing or empty");
    }
    return text;
  }

  /** A number's digits where it is a number; empty where it is missing or null. */
  public String text(String member) {
    JsonNode value = json.path(member);
    if (value.isContainerNode()) {
      throw new InputFailure("\"" + member + "\" is " + (value.isObject() ? "an object" : "a list") + "; text is wanted");
    }
    String text = value.isNull() ? "" : value.asText("");
    if (text.length() > LONGEST_TEXT) {
      throw new InputFailure("\"" + member + "\" has " + text.length() + " characters; at most " + LONGEST_TEXT);
    }
    return text;
  }

  /** A whole number, also as text; empty where it is missing. */
  public Optional<Long> number(String member) {
    return decimal(member).map(number -> whole(member, number));
  }

  /** As {@link #number}, without its fraction: some servers count fractions of a millisecond. */
  public Optional<Long> wholePart(String member) {
    return decimal(member).map(number -> whole(member, number.setScale(0, RoundingMode.FLOOR)));
  }

  private Optional<BigDecimal> decimal(String member) {
    String text = text(member);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      BigDecimal number = new BigDecimal(text);
      if (Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS || number.scale() > MOST_DIGITS) {
        throw new NumberFormatException();
      }
      return Optional.of(number);
    } catch (NumberFormatException e) {
      throw noNumber(member, text);
    }
  }

  private static long whole(String member, BigDecimal number) {
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw noNumber(member, number.toString());
    }
  }

  private static InputFailure noNumber(String member, String text) {
    return new InputFailure("\"" + member + "\" is \"" + ShownNames.shown(text) + "\"; a whole number is wanted");
  }

  /** An object that must be there. */
  public EventJson object(String member) {
    JsonNode value = json.path(member);
    if (!value.isObject()) {
      throw new InputFailure("\"" + member + "\" is missing, or no object");
    }
    return new EventJson(value);
  }

  /** An object; without members where it is missing or null. */
  public EventJson optionalObject(String member) {
    JsonNode value = json.path(member);
    return value.isMissingNode() || value.isNull() ? new EventJson(JSON.createObjectNode()) : object(member);
  }

  /** The objects of a list; none where it is missing or null. */
  public List<EventJson> objects(String member) {
    List<EventJson> all = new ArrayList<>();
    for (JsonNode each : json.path(member)) {
      if (!each.isObject()) {
        throw new InputFailure("\"" + member + "\" is no list of objects");
      }
      all.add(new EventJson(each));
    }
    return all;
  }

  /** Texts of a list; empty where there is none. */
  public List<String> words(String member) {
    List<String> all = new ArrayList<>();
    json.path(member).forEach(each -> all.add(each.asText()));
    return all;
  }

  public boolean has(String member) {
    return json.hasNonNull(member);
  }

  /** A path that must be there. */
  public Path path(String member) {
    return path(member, required(member));
  }

  /** @param member where the text comes from, for the message */
  public static Path path(String member, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new InputFailure("\"" + member + "\" is no path: " + e.getReason());
    }
  }

  /** The members that are text or numbers and begin so, by name. */
  public Map<String, String> texts(String beginning) {
    Map<String, String> all = new LinkedHashMap<>();
    json.properties().forEach(
        member -> {
          if (member.getKey().startsWith(beginning) && member.getValue().isValueNode() && !member.getValue().isNull()) {
            all.put(member.getKey(), text(member.getKey()));
          }
        });
    return all;
  }

  /** As it came. */
  @Override
  public String toString() {
    return json.toString();
  }
}
