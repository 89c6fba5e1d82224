package org.reelway.transfer.flow;

import java.nio.file.Path;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.RecordingStory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets recordings go on that were set aside, once somebody has mended what was wrong with them. */
public final class SetAsideRecordings {
  private static final Logger LOG = LoggerFactory.getLogger(SetAsideRecordings.class);

  private final RecordingHistory history;
  private final WatchedFolders folders;
  private final FinishedRecordings finished;

  public SetAsideRecordings(RecordingHistory history, WatchedFolders folders, FinishedRecordings finished) {
    this.history = history;
    this.folders = folders;
    this.finished = finished;
  }

  /**
   * What a release led to.
   *
   * @param id of the recording that is sent now; another than the one asked for where the file has changed since
   */
  public record Released(String id, String file, String marker) {}

  /**
   * Marks the recording again; it is sent from its start.
   *
   * @return empty where no recording has the id
   * @throws InputFailure when it is not set aside, its file is gone, or no route watches its folder any more
   */
  public Optional<Released> release(String id) {
    return history.find(id).map(this::release);
  }

  private Released release(RecordingStory story) {
    if (!RecordingState.SET_ASIDE.word().equals(story.state())) {
      throw new InputFailure(
          "the recording " + story.id() + " is " + story.state() + ", not set aside: there is nothing to release");
    }
    MarkedRecording recording = folders.mark(Path.of(story.file()), story.stream(), "released");
    String id = RecordingFlow.idOf(recording);
    finished.remove(story.id());
    if (!id.equals(story.id())) {
      history.state(
          story.id(), RecordingState.DISCARDED, "released: its file has changed since, and is the recording " + id);
    }
    LOG.info("{} is released and sent again; it was set aside: {}", story.file(), story.lastError());
    return new Released(id, story.file(), recording.marker().toString());
  }
}
