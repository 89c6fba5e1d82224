package org.reelway.live.dash;

import java.nio.charset.StandardCharsets;
import org.reelway.failure.InputFailure;

/**
 * Text between the marks of XML. A document is held as ISO 8859-1, byte by byte, so that what is not changed stays as it
 * was; names and URIs are read as UTF-8.
 */
final class XmlText {
  private XmlText() {}

  /** What the raw text means. */
  static String read(String raw) {
    String text = new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    if (text.indexOf('&') < 0) {
      return text;
    }
    StringBuilder read = new StringBuilder();
    int at = 0;
    for (int amp = text.indexOf('&'); amp >= 0; amp = text.indexOf('&', at)) {
      int end = text.indexOf(';', amp);
      if (end < 0 || end - amp > 10) {
        throw new InputFailure("the manifest has a & that begins no escape; write &amp;");
      }
      read.append(text, at, amp).append(character(text.substring(amp + 1, end)));
      at = end + 1;
    }
    return read.append(text.substring(at)).toString();
  }

  private static String character(String name) {
    return switch (name) {
      case "amp" -> "&";
      case "lt" -> "<";
      case "gt" -> ">";
      case "quot" -> "\"";
      case "apos" -> "'";
      default -> numbered(name);
    };
  }

  private static String numbered(String name) {
    try {
      if (name.startsWith("#x")) {
        return Character.toString(Integer.parseInt(name.substring(2), 16));
      }
      if (name.startsWith("#")) {
        return Character.toString(Integer.parseInt(name.substring(1)));
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new InputFailure("the manifest has the entity &" + name + "; and only those of XML itself are taken");
  }

  /** As the raw text of an attribute or element. */
  static String write(String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    return new String(escaped.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
