package org.reelway.live.hls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a playlist, each with its ending, so that what is not changed stays as it was to the byte. Bytes are held
 * as ISO 8859-1, whatever they mean; URIs are read as UTF-8.
 */
final class HlsLines {
  private HlsLines() {}

  static List<String> split(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      lines.add(text.substring(start, end + 1));
      start = end + 1;
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  static byte[] join(List<String> lines) {
    return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Without its ending. */
  static String content(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
      end--;
    }
    return line.substring(0, end);
  }

  /** Other content with the line's own ending; a last line that has none gets one. */
  static String with(String line, String content) {
    String ending = line.substring(content(line).length());
    return content + (ending.isEmpty() ? "\n" : ending);
  }

  static String uri(String raw) {
    return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  static String raw(String uri) {
    return new String(uri.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** Whether the line has this tag, such as {@code #EXT-X-MAP}, and no longer one. */
  static boolean is(String line, String tag) {
    return line.startsWith(tag)
        && (line.length() == tag.length() || ":\r\n \t".indexOf(line.charAt(tag.length())) >= 0);
  }

  /** What stands behind the tag's colon. */
  static String value(String line) {
    String content = content(line);
    int colon = content.indexOf(':');
    return colon < 0 ? "" : content.substring(colon + 1).strip();
  }

  static boolean isTag(String line) {
    return line.startsWith("#EXT");
  }

  /** Neither a URI nor a tag. */
  static boolean isIdle(String line) {
    return content(line).isBlank() || line.startsWith("#") && !isTag(line);
  }
}
