package org.reelway.stream.recorder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a backend is told: the same only once, as its outbox has it. */
final class ToldRecordings implements RecordingListener {
  private final List<String> keys = new ArrayList<>();
  private final List<String> all = new ArrayList<>();

  @Override
  public synchronized boolean began(RecordedStream stream, Path file, String occasion) {
    return told("began", stream, file, occasion);
  }

  @Override
  public synchronized boolean ended(RecordedStream stream, Path file, String occasion) {
    return told("ended", stream, file, occasion);
  }

  private boolean told(String what, RecordedStream stream, Path file, String occasion) {
    if (!keys.contains(what + occasion)) {
      keys.add(what + occasion);
      all.add(what + " " + file.getFileName() + " of " + stream.name());
    }
    return true;
  }

  /** Such as {@code began cam.mp4 of cam}. */
  synchronized List<String> all() {
    return List.copyOf(all);
  }

  synchronized List<String> of(String stream) {
    return all.stream().filter(each -> each.endsWith(" of " + stream)).toList();
  }

  /** Each begins and then ends, one after the other, under one name. */
  synchronized boolean isInPairs(String stream) {
    List<String> told = of(stream);
    boolean pairs = told.size() % 2 == 0;
    for (int i = 0; i + 1 < told.size(); i += 2) {
      pairs &= told.get(i).startsWith("began ") && told.get(i + 1).equals(told.get(i).replaceFirst("began", "ended"));
    }
    return pairs;
  }
}
