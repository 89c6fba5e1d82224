package org.reelway.camel.api;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.BadRequest;
import org.reelway.settings.MessageText;

/** The members of a JSON object that somebody sent. What is wrong with one is said with its name. */
final class BodyMembers {
  private static final int LONGEST_SHOWN = 100;

  private final Map<String, Object> members;

  /** @throws BadRequest there is a member of another name */
  BodyMembers(Map<String, Object> members, Collection<String> known) {
    this.members = new LinkedHashMap<>(members);
    members.keySet().stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
      throw new BadRequest(
          "there is no member " + shown(name)
              + MessageText.near(name.substring(0, Math.min(LONGEST_SHOWN, name.length())), known)
                  .map(near -> "; did you mean \"" + near + "\"?").orElse("")
              + "; allowed are " + String.join(", ", known));
    });
  }

  boolean has(String name) {
    return members.get(name) != null;
  }

  Optional<String> text(String name, int most) {
    Object value = members.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text)) {
      throw new BadRequest("\"" + name + "\" is " + shown(value) + "; it is a text, in quotes");
    }
    if (text.length() > most) {
      throw new BadRequest("\"" + name + "\" has " + text.length() + " characters; at most " + most);
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
      throw new BadRequest("\"" + name + "\" has a control character; leave it out");
    }
    if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      throw new BadRequest("\"" + name + "\" has half a character (\\ud800 to \\udfff alone); leave it out");
    }
    return Optional.of(text);
  }

  String required(String name, int most) {
    return text(name, most).orElseThrow(() -> missing(name));
  }

  static BadRequest missing(String name) {
    return new BadRequest("\"" + name + "\" is missing");
  }

  /** A whole number, also one in quotes, as clients of the AWS module send it. */
  Optional<Long> number(String name, long least, long most) {
    Object value = members.get(name);
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(decimal(value).filter(number -> number.stripTrailingZeros().scale() <= 0)
        .filter(number -> number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0)
        .map(BigDecimal::longValueExact)
        .orElseThrow(() -> new BadRequest(
            "\"" + name + "\" is " + shown(value) + "; it is a whole number from " + least + " to " + most)));
  }

  private static Optional<BigDecimal> decimal(Object value) {
    if (!(value instanceof Number || value instanceof String)) {
      return Optional.empty();
    }
    String text = value.toString().strip();
    return text.matches("-?[0-9]{1,12}(\\.[0-9]{1,9}([eE][-+]?[0-9]{1,2})?)?")
        ? Optional.of(new BigDecimal(text)) : Optional.empty();
  }

  /** It is true or false where it is there. */
  void flag(String name) {
    Object value = members.get(name);
    if (value != null && !(value instanceof Boolean)) {
      throw new BadRequest("\"" + name + "\" is " + shown(value) + "; it is true or false");
    }
  }

  /** It is an array of objects that have no other members than these, where it is there. */
  void objects(String name, List<String> known) {
    Object value = members.get(name);
    if (value == null) {
      return;
    }
    if (!(value instanceof List<?> list)) {
      throw new BadRequest(
          "\"" + name + "\" is " + shown(value) + "; it is an array of objects of " + String.join(" and ", known));
    }
    for (int i = 0; i < list.size(); i++) {
      if (!(list.get(i) instanceof Map<?, ?> entry) || !known.containsAll(entry.keySet())) {
        throw new BadRequest(
            "\"" + name + "[" + i + "]\" is " + shown(list.get(i)) + "; it is an object of " + String.join(" and ", known));
      }
    }
  }

  /** An object of texts; empty where it is not there. */
  Map<String, String> texts(String name, int most, int longest) {
    Object value = members.get(name);
    Map<String, String> all = new LinkedHashMap<>();
    if (value != null && !(value instanceof Map<?, ?>)) {
      throw new BadRequest("\"" + name + "\" is " + shown(value) + "; it is an object of texts");
    }
    if (value instanceof Map<?, ?> object) {
      if (object.size() > most) {
        throw new BadRequest("\"" + name + "\" has " + object.size() + " members; at most " + most);
      }
      object.forEach((key, text) -> {
        if (!(text instanceof String) || ((String) text).length() > longest) {
          throw new BadRequest("\"" + name + "\" has " + shown(text) + "; each is a text of at most " + longest + " characters");
        }
        all.put((String) key, (String) text);
      });
    }
    return all;
  }

  /** Everything, as it was sent. */
  Map<String, Object> all() {
    return members;
  }

  static String shown(Object value) {
    String text = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
  }
}
