package org.reelway.live.hds;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Where an element stands in the text of a document, in characters.
 *
 * @param start of its start tag
 * @param inside behind its start tag
 * @param close start of its end tag; as the end where it has none
 * @param end behind its end tag
 */
record F4mSpan(int start, int inside, int close, int end) {

  /** All elements of a document that is well formed, in the order of their start tags. */
  static List<F4mSpan> all(String text) {
    List<F4mSpan> spans = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>();
    int at = text.indexOf('<');
    while (at >= 0) {
      int end;
      if (text.startsWith("<!--", at)) {
        end = behind(text, "-->", at);
      } else if (text.startsWith("<![CDATA[", at)) {
        end = behind(text, "]]>", at);
      } else if (text.startsWith("<?", at)) {
        end = behind(text, "?>", at);
      } else if (text.startsWith("</", at)) {
        end = behind(text, ">", at);
        int index = open.pop();
        spans.set(index, new F4mSpan(spans.get(index).start(), spans.get(index).inside(), at, end));
      } else {
        end = behindTag(text, at);
        if (text.charAt(end - 2) != '/') {
          open.push(spans.size());
        }
        spans.add(new F4mSpan(at, end, end, end));
      }
      at = text.indexOf('<', end);
    }
    return spans;
  }

  private static int behind(String text, String mark, int from) {
    int at = text.indexOf(mark, from);
    return at < 0 ? text.length() : at + mark.length();
  }

  private static int behindTag(String text, int from) {
    char quote = 0;
    for (int i = from; i < text.length(); i++) {
      char at = text.charAt(i);
      if (quote != 0) {
        quote = at == quote ? 0 : quote;
      } else if (at == '"' || at == '\'') {
        quote = at;
      } else if (at == '>') {
        return i + 1;
      }
    }
    return text.length();
  }
}
