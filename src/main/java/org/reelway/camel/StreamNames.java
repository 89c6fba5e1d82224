package org.reelway.camel;

import org.apache.camel.Exchange;
import org.reelway.settings.StreamFilter;

/** What routes ask about names of streams. */
public final class StreamNames {
  /**
   * Whether the stream of the message (header StreamName) is meant. The name is no parameter of the method in YAML: there
   * Camel takes "null" for nothing, and quotes around a name away.
   *
   * @param filter as in settings: a word that the name contains, nothing for all, {@code glob:…} or {@code regex:…}
   */
  public boolean match(Exchange exchange, String filter) {
    return StreamFilter.parse(filter == null ? "" : filter).matches(exchange.getMessage().getHeader("StreamName", "", String.class));
  }
}
