package org.reelway.live.hds;

import java.util.Map;

/**
 * An element of a manifest, and where it stands in the text.
 *
 * @param name without prefix
 * @param attributes by name without prefix
 * @param content its own text, without that of elements inside it
 * @param parent index of the element around it; -1 for the manifest itself
 */
record F4mElement(String name, Map<String, String> attributes, String content, int parent, F4mSpan span) {
  /** Null where it has none. */
  String get(String attribute) {
    return attributes.get(attribute);
  }
}
