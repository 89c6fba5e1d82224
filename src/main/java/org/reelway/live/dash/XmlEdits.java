package org.reelway.live.dash;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Changes at places of a text; all else stays as it is. What lies in something that is taken away is not changed. */
final class XmlEdits {
  private final String text;
  private final Set<Edit> edits = new LinkedHashSet<>();

  private record Edit(int from, int to, String with) {}

  XmlEdits(String text) {
    this.text = text;
  }

  void replace(int from, int to, String with) {
    edits.add(new Edit(from, to, with));
  }

  void insert(int at, String what) {
    replace(at, at, what);
  }

  /** With the white space before it. */
  void remove(XmlElement element) {
    replace(element.lead(), element.end(), "");
  }

  void removeAttribute(XmlElement element, String name) {
    element.attribute(name).ifPresent(found -> replace(found.start(), found.to() + 1, ""));
  }

  /** Sets the attribute where it differs, also where there was none. */
  void set(XmlElement element, String name, String value) {
    if (!element.get(name).equals(Optional.of(value))) {
      element.attribute(name).ifPresentOrElse(
          found -> replace(found.from(), found.to(), XmlText.write(value)),
          () -> insert(element.start() + 1 + element.qualifiedName().length(),
              " " + name + "=\"" + XmlText.write(value) + "\""));
    }
  }

  /** Puts something at the end of what the element has, on a line of its own. */
  void append(XmlElement element, UnaryOperator<String> byIndent) {
    String indent = indent(element);
    if (element.isEmptyTag()) {
      int slash = text.lastIndexOf('/', element.tagEnd());
      replace(slash, element.tagEnd(), ">" + byIndent.apply(indent + "\t") + indent + "</" + element.qualifiedName() + ">");
    } else {
      int at = element.contentEnd();
      while (at > element.tagEnd() && Character.isWhitespace(text.charAt(at - 1))) {
        at--;
      }
      replace(at, element.contentEnd(), byIndent.apply(indent + "\t") + indent);
    }
  }

  /** The line break and white space before an element. */
  String indent(XmlElement element) {
    String lead = text.substring(element.lead(), element.start());
    return lead.indexOf('\n') < 0 ? "\n" : lead.substring(lead.lastIndexOf('\n'));
  }

  /** The text with all changes. */
  String applied() {
    List<Edit> inOrder = new ArrayList<>(edits);
    inOrder.sort(
        Comparator.comparingInt(Edit::from)
            .thenComparing(edit -> edit.from() < edit.to())
            .thenComparing(Comparator.comparingInt(Edit::to).reversed()));
    StringBuilder changed = new StringBuilder();
    int at = 0;
    for (Edit edit : inOrder) {
      if (edit.from() >= at) {
        changed.append(text, at, edit.from()).append(edit.with());
        at = edit.to();
      }
    }
    return changed.append(text, at, text.length()).toString();
  }
}
