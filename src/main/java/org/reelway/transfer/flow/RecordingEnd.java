package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.reelway.failure.OurFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingId;
import org.reelway.recording.Recoveries;
import org.reelway.recording.Recovery;
import org.reelway.recording.TidyUp;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.transfer.VerifiedObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a recording's way: the file is kept, deleted or moved, and then the marker goes away. */
final class RecordingEnd {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingEnd.class);

  private final Markers markers;
  private final RecordingHistory history;
  private final FinishedRecordings finished;
  private final ReplacedFiles replaced;
  private final TidyUp tidyUp = new TidyUp();

  RecordingEnd(Markers markers, RecordingHistory history, FinishedRecordings finished, ReplacedFiles replaced) {
    this.markers = markers;
    this.history = history;
    this.finished = finished;
    this.replaced = replaced;
  }

  /** See {@link RecordingFlow#tidy}. */
  TidyUp.Outcome tidy(RecordingWork work, Tidy wanted, Path moveTo) {
    MarkedRecording recording = work.recording();
    Tidy tidy = Recoveries.of(recording).map(recovery -> tidy(recovery, wanted)).orElse(wanted);
    VerifiedObject object =
        work.verified()
            .orElseThrow(
                () ->
                    new OurFailure(
                        "the route tidies " + recording.file() + " before any transfer verified it; place"
                            + " kamelet:store-transfer before kamelet:recording-tidy"));
    boolean said = tidy != Tidy.KEEP && !work.isConcluded() && sayVerified(work, object);
    AtomicReference<Path> left = new AtomicReference<>();
    TidyUp.Outcome outcome = tidyUp.tidy(recording, object.file(), tidy, moveTo, left::set);
    boolean markedAgain = tidy != Tidy.KEEP && isMarkedAgain(recording, said);
    work.conclude(() -> finish(work, object, outcome, left.get(), markedAgain));
    return outcome;
  }

  /**
   * Says, after a kill before the marker goes away, that the missing file is in the store. A marker that another sidecar
   * has removed with the file is not made again. A disk so full that even this has no room needs the tidying more: the
   * object is verified either way. Whatever else keeps it from being said, such as too many open files, passes.
   *
   * @return whether the marker says so
   */
  private boolean sayVerified(RecordingWork work, VerifiedObject object) {
    MarkedRecording recording = work.recording();
    MarkerContent content = markers.read(recording);
    boolean said =
        content instanceof MarkerContent.Verified verified
            && verified.verified().file().equals(object.file())
            && verified.verified().key().equals(object.key());
    if (said || markers.isGone(recording)) {
      return said;
    }
    try {
      markers.write(recording, object.marker(content.streamName().orElse(null)));
      return true;
    } catch (OurFailure e) {
      if (e.getCause() instanceof IOException refusal && !Markers.cannotBeWritten(refusal)) {
        throw e;
      }
      history.note(work.id(), "tidied although its marker could not say that it is verified: " + e.getMessage());
      return false;
    }
  }

  /** @param said whether the marker said, until somebody wrote another, that the recording is verified */
  private boolean isMarkedAgain(MarkedRecording recording, boolean said) {
    return markers.read(recording) instanceof MarkerContent.Start && (said || !markers.isAsFound(recording));
  }

  /** A repaired file lies in our own folder, where nobody would ever look for what is kept. */
  private static Tidy tidy(Recovery recovery, Tidy wanted) {
    if (recovery.isRaw()) {
      return recovery.keep() ? Tidy.KEEP : wanted;
    }
    return wanted == Tidy.KEEP ? Tidy.DELETE : wanted;
  }

  /**
   * @param left where the file is now; null where it is gone
   * @param markedAgain whether somebody has written a marker of his own since the file was tidied
   */
  private void finish(
      RecordingWork work, VerifiedObject object, TidyUp.Outcome outcome, Path left, boolean markedAgain) {
    MarkedRecording recording = work.recording();
    String word = outcome.name().toLowerCase(Locale.ROOT);
    // Of the file that was sent: since it was found it may have become another, or have been tidied before a kill.
    String sent = RecordingId.of(recording.file(), object.file());
    if (outcome == TidyUp.Outcome.REPLACED || markedAgain) {
      // The new file is work of its own: its marker stays and starts from the beginning.
      String stream = markers.read(recording).streamName().orElse(null);
      markers.write(recording, markedAgain ? new MarkerContent.Start(stream) : new MarkerContent.Replaced(stream));
      history.state(sent, RecordingState.DONE, "verified; the file was replaced and is sent again");
      sendAgain(work, markedAgain);
      return;
    }
    replaced.remove(recording.file());
    // In one: who is told of the file just now would else find it neither marked nor sent, and mark it again.
    markers.alone(recording.file(), () -> {
      markers.remove(recording);
      finished.add(work.id());
      finished.add(sent);
    });
    history.tidied(sent, word, left, left == null ? null : identity(left, object));
    work.queue().done(recording);
    LOG.info(
        "{} → {}{} ({} bytes, {}, {})",
        recording.file(),
        work.isInBackup() ? "the backup " : "",
        object.address(),
        object.file().size(),
        object.evidence(),
        word);
  }

  /** A file that was moved to another disk has become another one there. */
  private static FileIdentity identity(Path left, VerifiedObject object) {
    try {
      FileIdentity now = FileIdentity.of(left);
      return now.size() == object.file().size() ? now : object.file();
    } catch (IOException gone) {
      return object.file();
    }
  }

  private void sendAgain(RecordingWork work, boolean markedAgain) {
    Path file = work.recording().file();
    if (markedAgain) {
      // Whoever marked it says that it is finished.
      replaced.remove(file);
    } else {
      replaced.add(file);
    }
    work.queue().again(work.recording(), markedAgain ? Duration.ZERO : replaced.rest());
  }
}
