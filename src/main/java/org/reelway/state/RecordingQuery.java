package org.reelway.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which recordings are listed. What is null is not asked for: only what is asked for is in the statement, so that each takes
 * the index that suits it.
 *
 * @param words in the path, the stream's name or the id, in small or capital letters
 * @param since changed then or later
 * @param after the id of the last one of the page before
 * @param node id of the one that works on it
 */
public record RecordingQuery(Optional<RecordingState> state, String words, Instant since, String after, String node) {
  String where() {
    List<String> all = new ArrayList<>();
    state.ifPresent(given -> all.add("state = :state"));
    if (words != null) {
      all.add("(LOWER(path) LIKE LOWER(:words) ESCAPE '!' OR LOWER(stream) LIKE LOWER(:words) ESCAPE '!' OR id = :id)");
    }
    if (since != null) {
      all.add("updated_at >= :since");
    }
    if (after != null) {
      String last = "(SELECT updated_at FROM recording WHERE id = :after)";
      all.add("updated_at <= " + last + " AND (updated_at < " + last + " OR id > :after)");
    }
    if (node != null) {
      all.add("node = :node");
    }
    return all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all);
  }

  Map<String, Object> values() {
    Map<String, Object> all = new HashMap<>();
    state.ifPresent(given -> all.put("state", given.word()));
    if (words != null) {
      all.put("words", "%" + words.replaceAll("[!%_]", "!$0") + "%");
      all.put("id", words);
    }
    if (since != null) {
      all.put("since", since.toEpochMilli());
    }
    if (after != null) {
      all.put("after", after);
    }
    if (node != null) {
      all.put("node", node);
    }
    return all;
  }
}
