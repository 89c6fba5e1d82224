package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingId;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingHistory.Finished;

/**
 * Forgets old stories, but never that of a recording whose file is still there: the next look at its folder would take
 * the file for a new recording.
 */
public final class HistoryRetention {
  private static final int PAGE = 1000;

  private final RecordingHistory history;
  private final FinishedRecordings finished;

  public HistoryRetention(RecordingHistory history, FinishedRecordings finished) {
    this.history = history;
    this.finished = finished;
  }

  /** @return the number of recordings that were forgotten */
  public int forgetOlderThan(Duration age) {
    int forgotten = 0;
    String last = "";
    List<Finished> page;
    do {
      page = history.finishedBefore(age, last, PAGE);
      List<String> gone = page.stream().filter(HistoryRetention::isGone).map(Finished::id).toList();
      history.forget(gone);
      gone.forEach(finished::remove);
      forgotten += gone.size();
      last = page.isEmpty() ? last : page.get(page.size() - 1).id();
    } while (page.size() == PAGE);
    return forgotten;
  }

  private static boolean isGone(Finished recording) {
    try {
      return !RecordingId.of(recording.file(), FileIdentity.of(recording.file())).equals(recording.id());
    } catch (IOException missing) {
      return isInUse(recording.folder());
    }
  }

  /** A mount that is away leaves an empty folder, or none: its files are not gone. */
  private static boolean isInUse(Path folder) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return entries.iterator().hasNext();
    } catch (IOException unreadable) {
      return false;
    }
  }
}
