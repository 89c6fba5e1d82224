package org.reelway.transfer.flow;

import java.util.Collection;
import java.util.function.Consumer;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.RecordingId;

/** The recordings whose files may still be there although nothing is left to do; asked at every look at a folder. */
public final class FinishedRecordings implements FolderIntake.Sent {
  private final IdSet ids = new IdSet();

  public FinishedRecordings(Collection<String> known) {
    known.forEach(ids::add);
  }

  /** @param known gives one id after the other, so that a million of them need not be held as text */
  public static FinishedRecordings of(Consumer<Consumer<String>> known) {
    FinishedRecordings finished = new FinishedRecordings(java.util.List.of());
    known.accept(finished::add);
    return finished;
  }

  @Override
  public boolean contains(String recordingId) {
    return ids.contains(recordingId);
  }

  void add(String recordingId) {
    ids.add(recordingId);
  }

  /** Should its file be missing (again), that is news. */
  public void retake(MarkedRecording recording) {
    ids.remove(RecordingId.ofMissing(recording.file()));
  }

  void remove(String recordingId) {
    ids.remove(recordingId);
  }
}
