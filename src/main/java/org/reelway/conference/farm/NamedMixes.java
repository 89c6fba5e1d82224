package org.reelway.conference.farm;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.conference.farm.FarmNotes.Note;

/** Which files are mixes of this worker's orders. Safe for several threads. */
final class NamedMixes {
  private static final int MOST_LOST = 1000;

  private final Map<Path, String> orders = new ConcurrentHashMap<>();
  /** Of orders that this worker lost: a transfer of one may still be under way. */
  private final Set<Path> lost = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
      return size() > MOST_LOST;
    }
  }));

  /** Its mix has its name, or is about to get it. */
  void add(Note note) {
    if (!note.mix().isEmpty()) {
      orders.put(Path.of(note.mix()), note.id());
      lost.remove(Path.of(note.mix()));
    }
  }

  /** Of the order that it is of. */
  Optional<String> order(Path file) {
    return Optional.ofNullable(orders.get(file));
  }

  void forget(String order) {
    orders.values().remove(order);
  }

  void lose(Path mix) {
    lost.add(mix);
  }

  boolean isLost(Path file) {
    return lost.contains(file);
  }
}
