package org.reelway.flow;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.recording.FolderIntake;

/** The recordings whose files may still be there although nothing is left to do; asked at every look at a folder. */
public final class FinishedRecordings implements FolderIntake.Sent {
  private final Set<String> ids = ConcurrentHashMap.newKeySet();

  public FinishedRecordings(Collection<String> known) {
    ids.addAll(known);
  }

  @Override
  public boolean contains(String recordingId) {
    return ids.contains(recordingId);
  }

  void add(String recordingId) {
    ids.add(recordingId);
  }

  void remove(String recordingId) {
    ids.remove(recordingId);
  }
}
