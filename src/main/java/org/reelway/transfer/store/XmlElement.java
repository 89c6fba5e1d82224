package org.reelway.transfer.store;

import java.util.ArrayList;
import java.util.List;

/** An element of an answer, by local names; namespaces differ between stores and say nothing. */
record XmlElement(String name, String text, List<XmlElement> children) {
  /** The text of the first child of that name; null where there is none. */
  String child(String name) {
    for (XmlElement child : children) {
      if (child.name.equals(name)) {
        return child.text;
      }
    }
    return null;
  }

  /** This element or the first of that name below it, at any depth; null where there is none. */
  XmlElement find(String wanted) {
    if (name.equals(wanted)) {
      return this;
    }
    for (XmlElement child : children) {
      XmlElement found = child.find(wanted);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  List<XmlElement> children(String name) {
    return children.stream().filter(child -> child.name.equals(name)).toList();
  }

  static final class Builder {
    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final List<XmlElement> children = new ArrayList<>();

    Builder(String name) {
      this.name = name;
    }

    void text(String more) {
      text.append(more);
    }

    void child(XmlElement child) {
      children.add(child);
    }

    XmlElement build() {
      return new XmlElement(name, children.isEmpty() ? text.toString() : "", List.copyOf(children));
    }
  }
}
