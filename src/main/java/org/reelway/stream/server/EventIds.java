package org.reelway.stream.server;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ids of the newest events, as many as fit. */
final class EventIds {
  private final Map<String, Boolean> ids;

  EventIds(int most, Collection<String> known) {
    this.ids =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > most;
          }
        };
    known.forEach(this::add);
  }

  /** @return whether it was new */
  synchronized boolean add(String id) {
    return ids.putIfAbsent(id, true) == null;
  }

  /** It may come again. */
  synchronized void remove(String id) {
    ids.remove(id);
  }
}
