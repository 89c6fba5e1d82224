package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
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
import org.reelway.transfer.Backoff;
import org.reelway.transfer.RecordingChanged;
import org.reelway.transfer.TransferStopped;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.store.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What routes do with a recording: transfer, tidy, skip; and when something fails, set it aside or try it again later. */
public final class RecordingFlow {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingFlow.class);
  /** A route that ends without saying what becomes of a recording is asked again this much later. */
  private static final Duration UNDECIDED = Duration.ofMinutes(5);

  private final Map<String, StoreWay> ways;
  private final Markers markers;
  private final RecordingHistory history;
  private final FinishedRecordings finished;
  private final Backoff backoff;
  private final BooleanSupplier stopping;
  private final ReplacedFiles replaced;
  private final TidyUp tidyUp = new TidyUp();

  /**
   * @param ways into the stores, by name; that of the primary by an empty one
   * @param rest how long a file that replaced a recording while it was sent must stay unchanged before it is sent
   * @param stopping whether the program is stopping
   */
  public RecordingFlow(
      Map<String, StoreWay> ways,
      Markers markers,
      RecordingHistory history,
      FinishedRecordings finished,
      Backoff backoff,
      Duration rest,
      Clock clock,
      BooleanSupplier stopping) {
    this.ways = Map.copyOf(ways);
    this.markers = markers;
    this.history = history;
    this.finished = finished;
    this.backoff = backoff;
    this.replaced = new ReplacedFiles(rest, clock);
    this.stopping = stopping;
  }

  /**
   * Puts the recording into the store and makes sure that it is there; where the store has taken none for long, into the
   * backup, which {@link RecordingWork#isInBackup} then says.
   */
  public VerifiedObject transfer(RecordingWork work, TransferTarget target) {
    requireRested(work.recording());
    StoreWay way = requireWay(target.store());
    work.goesTo(target.store());
    SecondStore secondStore = way.second();
    Optional<VerifiedObject> sheltered =
        secondStore.holds(work.recording(), work.id()).or(() -> secondStore.insteadOfTrying(work.recording(), target));
    if (sheltered.isEmpty()) {
      try {
        VerifiedObject object = way.transfers().transfer(work.recording(), target);
        work.verified(object);
        way.outlook().succeeded();
        secondStore.notNeeded(work.recording());
        return object;
      } catch (RuntimeException e) {
        if (e instanceof TransferStopped || Failure.classOf(e) != FailureClass.DESTINATION) {
          throw e;
        }
        way.outlook().failed(work.id(), message(e));
        sheltered = secondStore.afterFailure(work.recording(), target);
        if (sheltered.isEmpty()) {
          throw e;
        }
      }
    }
    work.verifiedInBackup(sheltered.get());
    return sheltered.get();
  }

  /**
   * The way into the store of the name.
   *
   * @throws OurFailure where the settings have no such store; a recording whose route computed the name waits until they do
   */
  public StoreWay requireWay(String store) {
    StoreWay way = ways.get(store);
    if (way == null) {
      throw new OurFailure(
          "the route sends to the store \"" + store + "\", which reelway.stores does not name; name it there, with"
              + " reelway.store." + store + ".bucket, or correct the route");
    }
    return way;
  }

  /**
   * The marker says whether the file must rest, also after a restart.
   *
   * @throws RecordingChanged while it may still be written to
   */
  public void requireRested(MarkedRecording recording) {
    if (markers.read(recording) instanceof MarkerContent.Replaced) {
      replaced.requireRested(recording.file());
    } else {
      replaced.remove(recording.file());
    }
  }

  /**
   * The end of the way: the file is kept, deleted or moved, and then the marker goes away.
   *
   * @throws OurFailure when no transfer before it verified the recording: the route's fault, not the recording's
   */
  public TidyUp.Outcome tidy(RecordingWork work, Tidy wanted, Path moveTo) {
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
    if (said || isGone(recording)) {
      return said;
    }
    try {
      markers.write(recording, verifiedMarker(object, content.streamName().orElse(null)));
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

  /** Neither file nor marker is left: whoever took them, nothing is ordered any more. */
  private boolean isGone(MarkedRecording recording) {
    return recording.folder().isThere()
        && !Files.exists(recording.file(), LinkOption.NOFOLLOW_LINKS)
        && !markers.isMarked(recording);
  }

  private void endGone(RecordingWork work) {
    replaced.remove(work.recording().file());
    history.state(work.id(), RecordingState.SKIPPED, "file and marker are gone: another sidecar, or somebody, took them");
    work.queue().done(work.recording());
    LOG.info("{} and its marker are gone: another sidecar, or somebody, took them", work.recording().file());
  }

  /** A repaired file lies in our own folder, where nobody would ever look for what is kept. */
  private static Tidy tidy(Recovery recovery, Tidy wanted) {
    if (recovery.isRaw()) {
      return recovery.keep() ? Tidy.KEEP : wanted;
    }
    return wanted == Tidy.KEEP ? Tidy.DELETE : wanted;
  }

  private static MarkerContent.Verified verifiedMarker(VerifiedObject object, String stream) {
    return new MarkerContent.Verified(
        new MarkerContent.VerifiedState(
            object.bucket(), object.key(), object.file(), object.etag(), object.versionId(), object.evidence(),
            object.store()),
        stream);
  }

  /**
   * @param left where the file is now; null where it is gone
   * @param markedAgain whether somebody has written a marker of his own since the file was tidied
   */
  private void finish(
      RecordingWork work, VerifiedObject object, TidyUp.Outcome outcome, Path left, boolean markedAgain) {
    MarkedRecording recording = work.recording();
    String word = outcome.name().toLowerCase(java.util.Locale.ROOT);
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
    markers.remove(recording);
    finished.add(work.id());
    finished.add(sent);
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

  /** The route decides that this recording is not sent: the marker goes away, the file stays. */
  public void skip(RecordingWork work, String reason) {
    work.conclude(
        () -> {
          markers.remove(work.recording());
          replaced.remove(work.recording().file());
          finished.add(work.id());
          history.state(work.id(), RecordingState.SKIPPED, "skipped: " + reason);
          work.queue().done(work.recording());
          LOG.info("{} is not sent: {}", work.recording().file(), reason);
        });
  }

  /**
   * Its own fault keeps the recording from being sent: a copy of the marker is kept for people, the file stays. Where the
   * file is what is missing, the marker stays too, and orders it when it comes.
   */
  public void setAside(RecordingWork work, Throwable failure) {
    if (isGone(work.recording())) {
      work.conclude(() -> endGone(work));
      return;
    }
    work.conclude(
        () -> {
          String copy =
              markers.keepCopy(work.recording()).map(path -> "its marker is kept as " + path).orElse("it had no marker");
          endOrder(work.recording());
          replaced.remove(work.recording().file());
          finished.add(work.id());
          history.failed(work.id(), RecordingState.SET_ASIDE, FailureClass.INPUT.word(), message(failure));
          work.queue().done(work.recording());
          LOG.error("set aside ({}): {}; {}", FailureClass.INPUT.word(), message(failure), copy);
        });
  }

  private void endOrder(MarkedRecording recording) {
    MarkerContent content = markers.read(recording);
    if (FileIdentity.isThere(recording.file()) || content instanceof MarkerContent.Verified) {
      markers.remove(recording);
    } else if (content instanceof MarkerContent.Resume) {
      // A file that comes is another one: nothing goes on with these parts.
      markers.write(recording, new MarkerContent.Start(content.streamName().orElse(null)));
    }
  }

  /** The recording waits until its file has not been modified for a time. */
  public void delay(RecordingWork work, Duration left) {
    history.note(
        work.id(),
        "waits " + left.toSeconds() + " s: it may still be written to (reelway.recordings.delay, or its writer's files)");
    again(work, left);
  }

  /** The recording begins its route anew, not before the time is up. */
  public void again(RecordingWork work, Duration after) {
    work.conclude(() -> work.queue().again(work.recording(), after));
  }

  /**
   * The route ends, and the recording stays in hand for what takes long: its route's other recordings go on.
   *
   * @return with its claim; whoever parks it concludes it, and then releases it
   */
  public RecordingWork park(RecordingWork work) {
    AtomicReference<RecordingWork> parked = new AtomicReference<>();
    work.conclude(() -> parked.set(work.parked()));
    return parked.get();
  }

  /** The recording waits and is tried again, for ever; the waiting time grows to a cap. */
  public void retryLater(RecordingWork work, Throwable failure) {
    work.conclude(
        () -> {
          if (isGone(work.recording())) {
            endGone(work);
          } else {
            waitForNextTry(work, failure);
          }
        });
  }

  private void waitForNextTry(RecordingWork work, Throwable failure) {
    if (failure instanceof TransferStopped || stopping.getAsBoolean()) {
      work.queue().again(work.recording(), Duration.ZERO);
      return;
    }
    int failures = work.queue().failed(work.recording());
    boolean resting = failure instanceof RecordingChanged && mustRest(work.recording());
    Duration wait = resting ? replaced.rest() : backoff.after(failures);
    FailureClass failureClass = Failure.classOf(failure);
    history.failed(work.id(), RecordingState.WAITING, failureClass.word(), message(failure));
    say(work, failure, failureClass, failures);
    work.queue().again(work.recording(), wait);
  }

  /**
   * Whoever marked a file that changed afterwards was wrong: only rest shows that it is finished. One that is gone, or
   * that was marked anew since, is looked at soon.
   */
  private boolean mustRest(MarkedRecording recording) {
    MarkerContent content = markers.read(recording);
    boolean asFound = content instanceof MarkerContent.Start && markers.isAsFound(recording);
    if (asFound && FileIdentity.isThere(recording.file())) {
      markers.write(recording, new MarkerContent.Replaced(content.streamName().orElse(null)));
    } else if (!(content instanceof MarkerContent.Replaced)) {
      return false;
    }
    if (!replaced.contains(recording.file())) {
      replaced.add(recording.file());
    }
    return true;
  }

  private void say(RecordingWork work, Throwable failure, FailureClass failureClass, int failures) {
    if (failureClass == FailureClass.DESTINATION) {
      StoreWay way = ways.getOrDefault(work.store(), ways.get(""));
      way.outlook().failed(message(failure));
      // A step of the route met it: transfers tell by themselves.
      Failure.in(failure).filter(StoreFailure.class::isInstance).ifPresent(
          refusal -> work.verified().ifPresent(object -> way.transfers().failed(object.bucket(), (StoreFailure) refusal)));
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
      work.conclude(() -> undecided(work));
    } else if (Failure.classOf(failure) == FailureClass.INPUT && !(failure instanceof RecordingChanged)) {
      setAsideOrRetry(work, failure);
    } else {
      retryLater(work, failure);
    }
  }

  /** Also what cannot be set aside, as on a full disk, must not stay in hand for ever. */
  private void setAsideOrRetry(RecordingWork work, Throwable failure) {
    try {
      setAside(work, failure);
    } catch (RuntimeException cannot) {
      retryLater(work, cannot);
    }
  }

  private void undecided(RecordingWork work) {
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
      return RecordingId.of(recording.file(), FileIdentity.of(recording.file()));
    } catch (IOException missing) {
      return RecordingId.ofMissing(recording.file());
    }
  }
}
