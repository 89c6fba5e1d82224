package org.reelway.live.hls;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The attribute list of a tag's line: {@code NAME=value,NAME="value, with commas"}. */
final class HlsAttributes {
  private final String line;
  private final Map<String, Attribute> byName;

  /** @param start of the value without quotes, in the line; @param end behind it */
  private record Attribute(int from, int start, int end, int until) {}

  private HlsAttributes(String line, Map<String, Attribute> byName) {
    this.line = line;
    this.byName = byName;
  }

  static HlsAttributes of(String line) {
    String content = HlsLines.content(line);
    Map<String, Attribute> found = new LinkedHashMap<>();
    int at = content.indexOf(':') + 1;
    while (at > 0 && at < content.length()) {
      int equals = content.indexOf('=', at);
      if (equals < 0) {
        break;
      }
      String name = content.substring(at, equals).strip();
      boolean quoted = equals + 1 < content.length() && content.charAt(equals + 1) == '"';
      int start = quoted ? equals + 2 : equals + 1;
      int end = content.indexOf(quoted ? '"' : ',', start);
      end = end < 0 ? content.length() : end;
      int until = quoted ? Math.min(content.length(), end + 1) : end;
      found.putIfAbsent(name, new Attribute(at, start, end, until));
      int comma = content.indexOf(',', until);
      at = comma < 0 ? content.length() : comma + 1;
    }
    return new HlsAttributes(line, found);
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(byName.get(name)).map(found -> line.substring(found.start(), found.end()));
  }

  /** The line with another value; it has the attribute. */
  String with(String name, String value) {
    Attribute found = byName.get(name);
    return line.substring(0, found.start()) + value + line.substring(found.end());
  }

  /** The line without some attributes; empty where none is left. */
  Optional<String> without(java.util.Set<String> names) {
    StringBuilder left = new StringBuilder();
    byName.forEach(
        (name, found) -> {
          if (!names.contains(name)) {
            left.append(left.isEmpty() ? "" : ",").append(line, found.from(), found.until());
          }
        });
    String tag = line.substring(0, line.indexOf(':') + 1);
    return left.isEmpty() ? Optional.empty() : Optional.of(HlsLines.with(line, tag + left));
  }
}
