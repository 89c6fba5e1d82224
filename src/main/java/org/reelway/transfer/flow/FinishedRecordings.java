package org.reelway.transfer.flow;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.RecordingId;
import org.reelway.state.StateDatabase;

/** The recordings whose files may still be there although nothing is left to do; asked at every look at a folder. */
public final class FinishedRecordings implements FolderIntake.Sent {
  private final IdSet ids = new IdSet();
  private final Predicate<String> elsewhere;

  public FinishedRecordings(Collection<String> known) {
    this(known, id -> false);
  }

  private FinishedRecordings(Collection<String> known, Predicate<String> elsewhere) {
    this.elsewhere = elsewhere;
    known.forEach(ids::add);
  }

  /**
   * @param known gives one id after the other, so that a million of them need not be held as text
   * @param elsewhere whether another node has finished a recording
   */
  public static FinishedRecordings of(Consumer<Consumer<String>> known, Predicate<String> elsewhere) {
    FinishedRecordings finished = new FinishedRecordings(List.of(), elsewhere);
    known.accept(finished::add);
    return finished;
  }

  @Override
  public boolean contains(String recordingId) {
    return ids.contains(recordingId);
  }

  /** Where the state is away, it is sent again: the store has it, and the callbacks' ids are the same. */
  @Override
  public boolean isSentElsewhere(String recordingId) {
    try {
      boolean isFinished = elsewhere.test(recordingId);
      if (isFinished) {
        add(recordingId);
      }
      return isFinished;
    } catch (RuntimeException e) {
      if (!StateDatabase.isAway(e)) {
        throw e;
      }
      return false;
    }
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
