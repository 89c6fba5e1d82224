package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.RecordingId;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.RecordingStory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has recordings sent again that somebody asks for: those that were set aside, and those that nothing is left to do for. */
public final class SendAgain {
  private static final Logger LOG = LoggerFactory.getLogger(SendAgain.class);
  private static final Set<String> UNDER_WAY =
      Set.of(RecordingState.WAITING.word(), RecordingState.TRANSFERRING.word(), RecordingState.VERIFIED.word());

  private final RecordingHistory history;
  private final WatchedFolders folders;
  private final FinishedRecordings finished;
  private final Predicate<String> inBackup;

  /** @param inBackup whether the recording of an id waits in the backup store */
  public SendAgain(
      RecordingHistory history, WatchedFolders folders, FinishedRecordings finished, Predicate<String> inBackup) {
    this.history = history;
    this.folders = folders;
    this.finished = finished;
    this.inBackup = inBackup;
  }

  /**
   * What an order led to.
   *
   * @param id of the recording that is sent now; another than the one asked for where it was set aside and its file has
   *     changed since
   */
  public record Ordered(String id, String file, String marker) {}

  /**
   * Marks a recording again that was set aside; it is sent from its start.
   *
   * @return empty where no recording has the id
   * @throws InputFailure when it is not set aside, its file is gone, or no route watches its folder any more
   */
  public Optional<Ordered> release(String id) {
    return history.find(id).map(this::release);
  }

  private Ordered release(RecordingStory story) {
    if (!RecordingState.SET_ASIDE.word().equals(story.state())) {
      throw new InputFailure(
          "the recording " + story.id() + " is " + story.state() + ", not set aside: there is nothing to release");
    }
    if (history.isElsewhere(story)) {
      requireFile(story);
    }
    Ordered ordered = mark(story, "released");
    if (!ordered.id().equals(story.id())) {
      history.state(
          story.id(), RecordingState.DISCARDED,
          "released: its file has changed since, and is the recording " + ordered.id());
    }
    LOG.info("{} is released and sent again; it was set aside: {}", story.file(), story.lastError());
    return ordered;
  }

  /**
   * Marks a recording again whose way is over, whatever the store has of it by now: what the store holds unaltered is
   * compared and not sent. Only of the very file that it was.
   *
   * @return empty where no recording has the id
   * @throws InputFailure when it is on its way already, or that file is not there, or in no folder that a route watches
   */
  public Optional<Ordered> upload(String id) {
    return history.find(id)
        .map(story -> RecordingState.SET_ASIDE.word().equals(story.state()) ? release(story) : upload(story));
  }

  private Ordered upload(RecordingStory story) {
    if (UNDER_WAY.contains(story.state())) {
      throw new InputFailure("the recording " + story.id() + " is " + story.state() + ": it is on its way already");
    }
    if (story.recovered() != null) {
      throw new InputFailure(
          "the recording " + story.id() + " was made of a file whose writer died, and is sent once only; GET /repairs"
              + " tells of such files");
    }
    if (inBackup.test(story.id())) {
      throw new InputFailure(
          "the recording " + story.id() + " is in the backup store, and is brought back from there;"
              + " POST /backup/bring-back does so now");
    }
    requireFile(story);
    Ordered ordered = mark(story, "upload again");
    LOG.info("{} is uploaded again, as somebody asked for", story.file());
    return ordered;
  }

  /** Whatever else lies at its path is another recording: sent under this one's name, it would take its object's place. */
  private void requireFile(RecordingStory story) {
    Path file = Path.of(story.file());
    try {
      String now = RecordingId.of(file, FileIdentity.of(file));
      if (!now.equals(story.id()) && history.isElsewhere(story)) {
        throw new InputFailure("the recording " + story.id() + " is the node " + story.node() + "'s; ask that one");
      }
      if (!now.equals(story.id())) {
        throw new InputFailure(
            file + " is another file now than the recording " + story.id() + " was: POST /hooks/recorded takes it as a"
                + " recording of its own, the recording " + now);
      }
    } catch (IOException gone) {
      throw new InputFailure(file + " is not there any more: " + whereItIs(story), gone);
    }
  }

  private String whereItIs(RecordingStory story) {
    if (history.isElsewhere(story)) {
      return "the node " + story.node() + " had it; ask that one";
    }
    if (story.keptAs() != null && !story.keptAs().equals(story.file())) {
      return "it was moved to " + story.keptAs() + "; move it back and ask again";
    }
    return story.address() == null
        ? "there is nothing to send"
        : "only its object is left, " + story.address() + ", which the command get of Reelway downloads";
  }

  /** Not known as sent from before the marker is there: who is quick may have sent it when this returns. */
  private Ordered mark(RecordingStory story, String foundBy) {
    finished.remove(story.id());
    try {
      MarkedRecording recording = folders.mark(Path.of(story.file()), story.stream(), foundBy);
      return new Ordered(RecordingFlow.idOf(recording), story.file(), recording.marker().toString());
    } catch (RuntimeException e) {
      finished.add(story.id());
      throw e;
    }
  }
}
