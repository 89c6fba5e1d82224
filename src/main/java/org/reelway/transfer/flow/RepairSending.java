package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.IntakeObserver;
import org.reelway.recording.MarkerName;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.Recoveries;
import org.reelway.recording.Recovery;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.RecordingStory;

/**
 * The way of a repaired recording's two files into the store, through the queue of their folder's own route: with its
 * bucket, its keys and what it does with files that were sent.
 */
final class RepairSending {
  private static final String DONE = RecordingState.DONE.word();
  private static final String VERIFIED = RecordingState.VERIFIED.word();
  private static final Set<String> NOT_SENT = Set.of("set-aside", "skipped", "discarded");

  private final RepairFolders folders;
  private final Markers markers;
  private final FinishedRecordings finished;
  private final IntakeObserver observer;
  private final RecordingHistory history;
  private final Clock clock;
  private final Map<Path, FolderIntake> outIntakes = new ConcurrentHashMap<>();

  RepairSending(
      RepairFolders folders,
      Markers markers,
      FinishedRecordings finished,
      IntakeObserver observer,
      RecordingHistory history,
      Clock clock) {
    this.folders = folders;
    this.markers = markers;
    this.finished = finished;
    this.observer = observer;
    this.history = history;
    this.clock = clock;
  }

  /** Finds the markers of repaired files that an earlier run left. */
  void rescan(FolderIntake intake) {
    outIntake(intake).rescan();
  }

  private FolderIntake outIntake(FolderIntake intake) {
    FolderIntake known = outIntakes.get(intake.folder().root());
    if (known == null || known.queue() != intake.queue()) {
      RecordingFolder out = folders.outFor(intake.folder());
      known =
          new FolderIntake(out, markers, intake.queue(), Set.of(), Duration.ZERO, finished, observer, clock);
      outIntakes.put(intake.folder().root(), known);
    }
    return known;
  }

  /**
   * Orders what is next.
   *
   * @return false when nothing is left to do for the job, or the broken file is not the one any more
   */
  synchronized boolean advance(FolderIntake intake, RepairJob job) throws IOException {
    // Asked first: what leaves the queue is known as finished by then.
    boolean rawIsQueued = intake.queue().contains(job.raw());
    if (finished.contains(job.id()) || !isStillThere(job)) {
      return false;
    }
    if (rawIsQueued) {
      return true;
    }
    return job.out() == null ? sendRaw(intake, job, false) : afterRepaired(intake, job);
  }

  private boolean afterRepaired(FolderIntake intake, RepairJob job) {
    boolean isMarked = Files.exists(MarkerName.of(job.out()), LinkOption.NOFOLLOW_LINKS);
    if (intake.queue().contains(job.out())) {
      return true;
    }
    boolean isThere = Files.exists(job.out(), LinkOption.NOFOLLOW_LINKS);
    if (!finished.contains(job.outId())) {
      return isThere ? sendRepaired(intake, job) : isMarked;
    }
    String state = history.find(job.outId()).map(RecordingStory::state).orElse("");
    if (NOT_SENT.contains(state)) {
      // Only both together may let go of the raw file.
      return sendRaw(intake, job, true);
    }
    if (state.equals(DONE) || state.equals(VERIFIED) && !isThere) {
      return sendRaw(intake, job, false);
    }
    // The history is written in the background; a verified file that is still here was not tidied before a kill.
    return state.equals(VERIFIED) ? sendRepaired(intake, job) : true;
  }

  private static boolean isStillThere(RepairJob job) throws IOException {
    try {
      return FileIdentity.of(job.raw()).equals(job.identity());
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private boolean sendRepaired(FolderIntake intake, RepairJob job) {
    outIntake(intake).mark(job.out(), null, Recovery.Kind.REPAIRED.word());
    history.note(job.outId(), job.what());
    return true;
  }

  private boolean sendRaw(FolderIntake intake, RepairJob job, boolean keep) {
    String from = intake.folder().relative(job.raw());
    Recovery recovery = new Recovery(Recovery.Kind.RAW, from, job.identity(), keep, job.what());
    Recoveries.write(intake.folder(), job.raw(), recovery);
    intake.markRecovered(job.raw(), Recovery.Kind.RAW.word());
    history.note(job.id(), job.what());
    return true;
  }
}
