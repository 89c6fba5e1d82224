package org.reelway.transfer.program;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.IntakeObserver;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.Markers;
import org.reelway.recording.Recoveries;
import org.reelway.settings.ProgramSettings.OnFailure;
import org.reelway.state.ProgramRecord;
import org.reelway.state.ProgramRecord.State;
import org.reelway.state.ProgramRecords;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.flow.RecordingFlow;
import org.reelway.transfer.flow.RecordingWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the operator's program for recordings before they are sent. While it runs, or waits for its turn, the recording has
 * left its route, so that a slow program holds up no other; then the route begins anew and goes on. Safe for several threads.
 */
public final class RecordingPrograms implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingPrograms.class);
  private static final Duration SOON = Duration.ofSeconds(2);

  private final ProgramTerms terms;
  private final RecordingFlow flow;
  private final Markers markers;
  private final ProgramNotes notes;
  private final ProgramRun run;
  private final ProgramObserver observer;
  private final Set<Path> inHand = ConcurrentHashMap.newKeySet();
  private final AtomicInteger running = new AtomicInteger();
  private final ExecutorService workers;
  private volatile boolean draining;
  private volatile long deadline = System.nanoTime();
  private volatile String trouble = "";

  public RecordingPrograms(
      ProgramTerms terms, RecordingFlow flow, Markers markers, ProgramRecords records, RecordingHistory history,
      IntakeObserver intake, ProgramObserver observer, Clock clock) {
    this.terms = terms;
    this.flow = flow;
    this.markers = markers;
    this.notes = new ProgramNotes(records);
    this.run = new ProgramRun(terms, notes, history, intake, clock);
    this.observer = observer;
    this.workers = Executors.newFixedThreadPool(terms.atOnce(), DaemonThreads.numbered("program"));
  }

  /**
   * Sees to it that the recording's program is over.
   *
   * @return whether it is, and the route goes on; else the route ends for now, and what becomes of the recording is seen to
   * @throws InputFailure when the program failed and the recording is to be held; as {@code RecordingChanged}, while the
   *     file may still be written to
   */
  public boolean isOver(RecordingWork work, ProgramCommand command) {
    MarkedRecording recording = work.recording();
    MarkerContent content = markers.read(recording);
    // What is in the store needs none any more; what a dead writer left is no finished recording.
    if (content instanceof MarkerContent.Verified || Recoveries.of(recording).isPresent()) {
      return true;
    }
    Optional<FileIdentity> file = ProgramRun.identity(recording);
    if (file.isEmpty()) {
      // The transfer knows what to say of files that are missing.
      return true;
    }
    Optional<ProgramRecord> row = notes.of(work.id(), file.get());
    if (row.isPresent() && isOver(row.get(), recording)) {
      return true;
    }
    flow.requireRested(recording);
    park(work, content.streamName().orElse(""), command);
    return false;
  }

  private boolean isOver(ProgramRecord row, MarkedRecording recording) {
    boolean held = row.state() == State.SPOILED || row.state() == State.FAILED && terms.onFailure() == OnFailure.HOLD;
    if (held) {
      // Noted first: once it is released, the program is run again.
      notes.put(
          new ProgramRecord(
              row.recordingId(), row.place(), row.identity(), State.HELD, row.mark(), row.tries(), row.exitCode(),
              row.problem(), row.begunAt(), row.endedAt()),
          row.recordingId());
      throw new InputFailure(
          "the program of " + recording.file() + " failed"
              + (row.state() == State.SPOILED ? " and has changed the file: " : ": ") + row.problem()
              + "; mend the cause, and release the recording: its program is run again then");
    }
    return row.state() == State.DONE || row.state() == State.TOOK || row.state() == State.FAILED;
  }

  private void park(RecordingWork work, String stream, ProgramCommand command) {
    Path file = work.recording().file();
    if (draining || !inHand.add(file)) {
      flow.again(work, SOON);
      return;
    }
    RecordingWork parked = flow.park(work);
    workers.execute(() -> run(parked, stream, command));
  }

  private void run(RecordingWork work, String stream, ProgramCommand command) {
    Path file = work.recording().file();
    if (draining) {
      // Its marker says that it is left to do.
      return;
    }
    running.incrementAndGet();
    long begun = System.nanoTime();
    try {
      Optional<ProgramRecord> row = run.run(work.recording(), work.id(), stream, command);
      row.ifPresent(ended -> observer.ended(ended.state(), Duration.ofNanos(System.nanoTime() - begun)));
      row.ifPresent(ended -> say(ended, file));
      inHand.remove(file);
      conclude(work, row);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the program of {} could not be run, it is tried again: {}", file, e.toString());
      inHand.remove(file);
      again(work, terms.waits().most());
    } finally {
      running.decrementAndGet();
    }
  }

  /** @param row empty when the recording is to be looked at anew */
  private void conclude(RecordingWork work, Optional<ProgramRecord> row) {
    State state = row.map(ProgramRecord::state).orElse(State.AGAIN);
    if (state == State.TOOK) {
      flow.skip(work, "its program took the file away");
      work.release();
    } else if (state == State.AGAIN) {
      again(work, row.map(ended -> terms.waits().after(ended.tries())).orElse(SOON));
    } else {
      again(work, Duration.ZERO);
    }
  }

  /** The claim goes first, for whoever takes the recording next needs it. */
  private void again(RecordingWork work, Duration wait) {
    work.release();
    flow.again(work, wait);
  }

  private void say(ProgramRecord row, Path file) {
    boolean failed = row.state() == State.FAILED || row.state() == State.SPOILED;
    if (failed) {
      boolean held = row.state() == State.SPOILED || terms.onFailure() == OnFailure.HOLD;
      trouble = file + ": " + row.problem();
      LOG.error("the program of {} failed, {}: {}", file, held ? "it is held" : "it is sent all the same", row.problem());
    } else if (row.state() == State.AGAIN && row.tries() == 1) {
      LOG.warn("the program of {} wants to be run again: {}", file, row.problem());
    } else if (row.state() != State.AGAIN) {
      trouble = "";
    }
  }

  /** How the recording's program stands; empty where none was run. */
  public Optional<ProgramRecord> find(String recordingId) {
    return notes.find(recordingId);
  }

  public int running() {
    return running.get();
  }

  /** Recordings whose program waits for its turn. */
  public int waiting() {
    return Math.max(0, inHand.size() - running.get());
  }

  /** What went wrong with the last program that ended; empty where nothing did. */
  public String trouble() {
    return trouble;
  }

  /** From now on no program is begun. @param patience how long {@link #close} lets those go on that run */
  public void drain(Duration patience) {
    deadline = System.nanoTime() + patience.toNanos();
    draining = true;
    workers.shutdown();
  }

  /** Ends what still runs when {@link #drain}'s patience is over; it is run again after the next start. */
  @Override
  public void close() {
    draining = true;
    workers.shutdown();
    try {
      if (!workers.awaitTermination(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        workers.shutdownNow();
        workers.awaitTermination(terms.grace().plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
