package org.reelway.transfer.flow;

import java.io.IOException;
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
import org.reelway.recording.TidyUp;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.StateDatabase;
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
  private final RecordingEnd end;

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
    this.end = new RecordingEnd(markers, history, finished, replaced);
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
    return end.tidy(work, wanted, moveTo);
  }

  private void endGone(RecordingWork work) {
    replaced.remove(work.recording().file());
    history.state(work.id(), RecordingState.SKIPPED, "file and marker are gone: another sidecar, or somebody, took them");
    work.queue().done(work.recording());
    LOG.info("{} and its marker are gone: another sidecar, or somebody, took them", work.recording().file());
  }

  /** The route decides that this recording is not sent: the marker goes away, the file stays. */
  public void skip(RecordingWork work, String reason) {
    work.conclude(
        () -> {
          markers.alone(work.recording().file(), () -> {
            markers.remove(work.recording());
            finished.add(work.id());
          });
          replaced.remove(work.recording().file());
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
    if (markers.isGone(work.recording())) {
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
          if (markers.isGone(work.recording())) {
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
          failure instanceof Failure || StateDatabase.isAway(failure) ? null : failure);
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
    return StateDatabase.isAway(failure) ? StateDatabase.told(failure) : failure.toString();
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
