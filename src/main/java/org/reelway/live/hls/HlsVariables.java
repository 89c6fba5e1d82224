package org.reelway.live.hls;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/**
 * Variables of a playlist ({@code EXT-X-DEFINE}, RFC 8216bis section 4.3): followed where URIs are, and left in the lines
 * as they are. Those that only a player knows, of the master or of its own URL, cannot be followed.
 */
final class HlsVariables {
  static final String TAG = "#EXT-X-DEFINE";
  private static final Pattern REFERENCE = Pattern.compile("\\{\\$([A-Za-z0-9_-]+)\\}");

  private final Map<String, String> values = new LinkedHashMap<>();

  static HlsVariables of(Map<String, String> known) {
    HlsVariables variables = new HlsVariables();
    variables.values.putAll(known);
    return variables;
  }

  /** @throws InputFailure when the value is not in the playlist itself */
  void define(String line) {
    HlsAttributes attributes = HlsAttributes.of(line);
    String name = attributes.get("NAME").orElse(null);
    String value = attributes.get("VALUE").orElse(null);
    if (name == null || value == null) {
      throw new InputFailure(
          "\"" + HlsLines.content(line) + "\" cannot be followed: taken are variables with NAME and VALUE; what IMPORT and"
              + " QUERYPARAM name, only a player knows");
    }
    if (values.putIfAbsent(name, value) != null) {
      throw new InputFailure("the variable \"" + name + "\" is defined twice; each may be once");
    }
  }

  /** @throws InputFailure when it names a variable that was not defined in front of it */
  String resolve(String text) {
    if (text.indexOf("{$") < 0) {
      return text;
    }
    return REFERENCE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found.group(1))));
  }

  private String value(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new InputFailure(
          "the variable \"" + name + "\" is not defined in front of where it is used; add #EXT-X-DEFINE with NAME and"
              + " VALUE");
    }
    return value;
  }

  /** By name. */
  Map<String, String> values() {
    return Map.copyOf(values);
  }
}
