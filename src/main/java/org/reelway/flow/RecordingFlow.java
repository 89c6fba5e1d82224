package org.reelway.flow;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.reelway.config.Tidy;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.Markers;
import org.reelway.recording.TidyUp;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.RecordingChanged;
import org.reelway.transfer.TransferStopped;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.VerifiedObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What routes do with a recording: transfer, tidy, skip; and when something fails, set it aside or try it again later. */
public final class RecordingFlow {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingFlow.class);
  /** A route that ends without saying what becomes of a recording is asked again this much later. */
  private static final Duration UNDECIDED = Duration.ofMinutes(5);

  private final Transfers transfers;
  private final Markers markers;
  private final RecordingHistory history;
  private final FinishedRecordings finished;
  private final StoreOutlook outlook;
  private final Backoff backoff;
  private final BooleanSupplier stopping;
  private final TidyUp tidyUp = new TidyUp();

  public RecordingFlow(
      Transfers transfers,
      Markers markers,
      RecordingHistory history,
      FinishedRecordings finished,
      StoreOutlook outlook,
      Backoff backoff,
      BooleanSupplier stopping) {
    this.transfers = transfers;
    this.markers = markers;
    this.history = history;
    this.finished = finished;
    this.outlook = outlook;
    this.backoff = backoff;
    this.stopping = stopping;
  }

  /** Puts the recording into the store and makes sure that it is there. */
  public VerifiedObject transfer(RecordingWork work, TransferTarget target) {
    VerifiedObject object = transfers.transfer(work.recording(), target);
    work.verified(object);
    outlook.succeeded();
    return object;
  }

  /**
   * The end of the way: the file is kept, deleted or moved, and then the marker goes away.
   *
   * @throws InputFailure when no transfer before it verified the recording
   */
  public TidyUp.Outcome tidy(RecordingWork work, Tidy tidy, Path moveTo) {
    MarkedRecording recording = work.recording();
    VerifiedObject object =
        work.verified()
            .orElseThrow(
                () ->
                    new InputFailure(
                        "the route tidies " + recording.file() + " before any transfer verified it; place"
                            + " kamelet:store-transfer before kamelet:recording-tidy"));
    if (tidy != Tidy.KEEP) {
      // Says, after a kill between the two, that the missing file is in the store.
      markers.write(recording, verifiedMarker(object));
    }
    TidyUp.Outcome outcome = tidyUp.tidy(recording, object.file(), tidy, moveTo);
    if (!work.conclude()) {
      return outcome;
    }
    finish(work, object, outcome);
    return outcome;
  }

  private static MarkerContent.Verified verifiedMarker(VerifiedObject object) {
    return new MarkerContent.Verified(
        new MarkerContent.VerifiedState(
            object.bucket(), object.key(), object.file(), object.etag(), object.versionId(), object.evidence()),
        null);
  }

  private void finish(RecordingWork work, VerifiedObject object, TidyUp.Outcome outcome) {
    MarkedRecording recording = work.recording();
    String word = outcome.name().toLowerCase(java.util.Locale.ROOT);
    if (outcome == TidyUp.Outcome.REPLACED) {
      // The new file is work of its own: its marker stays and starts from the beginning.
      markers.write(recording, MarkerContent.Start.EMPTY);
      history.state(work.id(), RecordingState.DONE, "verified; the file was replaced and is sent again");
      work.queue().again(recording, Duration.ZERO);
      return;
    }
    finished.add(work.id());
    markers.remove(recording);
    history.state(work.id(), RecordingState.DONE, "tidied: " + word);
    work.queue().done(recording);
    LOG.info(
        "{} → {} ({} bytes, {}, {})",
        recording.file(),
        object.address(),
        object.file().size(),
        object.evidence(),
        word);
  }

  /** The route decides that this recording is not sent: the marker goes away, the file stays. */
  public void skip(RecordingWork work, String reason) {
    if (work.conclude()) {
      finished.add(work.id());
      markers.remove(work.recording());
      history.state(work.id(), RecordingState.SKIPPED, "skipped: " + reason);
      work.queue().done(work.recording());
      LOG.info("{} is not sent: {}", work.recording().file(), reason);
    }
  }

  /** Its own fault keeps the recording from being sent: the marker is kept for people, the file stays. */
  public void setAside(RecordingWork work, Throwable failure) {
    if (!work.conclude()) {
      return;
    }
    String copy =
        markers.keepCopy(work.recording()).map(path -> "its marker is kept as " + path).orElse("it had no marker");
    finished.add(work.id());
    markers.remove(work.recording());
    history.failed(work.id(), RecordingState.SET_ASIDE, FailureClass.INPUT.word(), message(failure));
    work.queue().done(work.recording());
    LOG.error("set aside ({}): {}; {}", FailureClass.INPUT.word(), message(failure), copy);
  }

  /** The recording waits and is tried again, for ever; the waiting time grows to a cap. */
  public void retryLater(RecordingWork work, Throwable failure) {
    if (!work.conclude()) {
      return;
    }
    if (failure instanceof TransferStopped || stopping.getAsBoolean()) {
      work.queue().again(work.recording(), Duration.ZERO);
      return;
    }
    int failures = work.queue().failed(work.recording());
    Duration wait = backoff.after(failures);
    FailureClass failureClass = Failure.classOf(failure);
    history.failed(work.id(), RecordingState.WAITING, failureClass.word(), message(failure));
    say(work, failure, failureClass, failures);
    work.queue().again(work.recording(), wait);
  }

  private void say(RecordingWork work, Throwable failure, FailureClass failureClass, int failures) {
    if (failureClass == FailureClass.DESTINATION) {
      outlook.failed(message(failure));
    } else if (failure instanceof RecordingChanged) {
      LOG.info("{}", message(failure));
    } else if (failures == 1) {
      LOG.error(
          "{} could not be handled ({}), it stays and is tried again: {}",
          work.recording().file(),
          failureClass.word(),
          message(failure),
          failure instanceof Failure ? null : failure);
    }
  }

  /** The route ended. Whatever it did not decide is decided here, so that no recording is lost by a route. */
  public void ended(RecordingWork work, Throwable failure) {
    if (work.isConcluded()) {
      return;
    }
    if (failure == null) {
      undecided(work);
    } else if (Failure.classOf(failure) == FailureClass.INPUT && !(failure instanceof RecordingChanged)) {
      setAside(work, failure);
    } else {
      retryLater(work, failure);
    }
  }

  private void undecided(RecordingWork work) {
    work.conclude();
    LOG.warn(
        "a route ended without deciding what becomes of {}: its marker stays, the route gets it again in {} min; end the"
            + " route with kamelet:recording-tidy or kamelet:recording-skip",
        work.recording().file(),
        UNDECIDED.toMinutes());
    history.note(work.id(), "the route ended without recording-tidy or recording-skip");
    work.queue().again(work.recording(), UNDECIDED);
  }

  private static String message(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof Failure) {
        return t.getMessage();
      }
    }
    return failure.toString();
  }

  /** The identity's id, or of the path alone where the file is missing. */
  public static String idOf(MarkedRecording recording) {
    try {
      return org.reelway.recording.RecordingId.of(recording.file(), FileIdentity.of(recording.file()));
    } catch (java.io.IOException missing) {
      return org.reelway.recording.RecordingId.of(recording.file(), new FileIdentity("-", 0, 0));
    }
  }
}
