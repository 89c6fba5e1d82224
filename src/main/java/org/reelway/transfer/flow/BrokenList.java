package org.reelway.transfer.flow;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of the unfinished files, for people. */
final class BrokenList {
  private static final Logger LOG = LoggerFactory.getLogger(BrokenList.class);

  private final Clock clock;
  private final Map<Path, BrokenRecording> files = new ConcurrentHashMap<>();

  BrokenList(Clock clock) {
    this.clock = clock;
  }

  void is(Path file, String state, String note) {
    files.compute(
        file,
        (path, before) -> {
          boolean same = before != null && before.state().equals(state);
          return new BrokenRecording(path.toString(), state, same ? before.since() : clock.instant(), note);
        });
  }

  /** As above, and in the log when it is new. */
  void waits(Path file, String note) {
    BrokenRecording before = files.get(file);
    if (before == null || !before.state().equals("waiting") || before.note() == null) {
      LOG.warn("{} waits for its repair: {}", file, note);
    }
    is(file, "waiting", note);
  }

  void retainOnly(Set<Path> all) {
    files.keySet().retainAll(all);
  }

  List<BrokenRecording> all() {
    return files.values().stream().sorted(java.util.Comparator.comparing(BrokenRecording::file)).toList();
  }

  int size() {
    return files.size();
  }
}
