package org.reelway.camel;

import org.reelway.settings.StreamFilter;

/** What routes ask about names of streams. */
public final class StreamNames {
  /** @param filter as in settings: a word that the name contains, nothing for all, {@code glob:…} or {@code regex:…} */
  public boolean match(String name, String filter) {
    return StreamFilter.parse(filter == null ? "" : filter).matches(name);
  }
}
