package org.reelway.stream.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.reelway.media.process.StuckSockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream on its way to one target: begun again after every end, until nobody wants it. Used by one thread. */
final class SupervisedTask {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedTask.class);
  /** Pictures are missed after this many times the time in which something has to go through: some streams have few. */
  private static final int FEW_PICTURES = 3;

  private final Task task;
  private final Limits limits;
  private final Breaker breaker;
  private State state = State.WAITING;
  private Instant since;
  private Instant nextTry;
  private Instant behindSince;
  private TaskRun run;
  private boolean wanted = true;
  private int failures;
  private int runs;
  private long framesBefore;
  private long bytesBefore;
  private String trouble = "";
  private String troubleSaid = "";
  private boolean anew;
  private long framesSeen;
  private Instant picturesAt;

  /** What is said of it. */
  enum State {
    /** Its next run is due later. */
    WAITING,
    /** ffmpeg runs and has sent nothing yet. */
    STARTING,
    /** Media goes through. */
    RUNNING,
    /** Media goes through, but no pictures, though the stream has them. */
    INCOMPLETE,
    /** ffmpeg has been told to end. */
    STOPPING,
    /** Nobody wants it any more. */
    STOPPED
  }

  SupervisedTask(Task task, Limits limits, Breaker breaker, Instant now) {
    this.task = task;
    this.limits = limits;
    this.breaker = breaker;
    this.since = now;
    this.nextTry = now;
    this.behindSince = now;
  }

  /**
   * @param room whether another run may begin
   * @param sockets as they are, or were a moment ago
   */
  void tick(Instant now, boolean room, StuckSockets sockets) {
    if (run != null) {
      run.listen(now);
    }
    switch (state) {
      case WAITING -> startWhenDue(now, room);
      case STARTING, RUNNING, INCOMPLETE -> watch(now, sockets);
      case STOPPING -> end(now);
      default -> { }
    }
  }

  private void startWhenDue(Instant now, boolean room) {
    if (!wanted) {
      become(State.STOPPED, now);
      return;
    }
    if (now.isBefore(nextTry)) {
      return;
    }
    if (!room) {
      trouble = "as many run already as are allowed (" + limits.most() + ")";
      nextTry = now.plusSeconds(1);
      return;
    }
    if (!breaker.mayStart(this, now)) {
      nextTry = breaker.nextTry(now);
      trouble = trouble.isEmpty() ? "the target takes no stream at present; one at a time tries" : trouble;
      return;
    }
    try {
      TaskRun next = task.starter().apply(now);
      run = next;
      runs++;
      framesSeen = 0;
      become(State.STARTING, now);
    } catch (RuntimeException e) {
      breaker.ended(this);
      failed(e.getMessage(), now);
    }
  }

  private void watch(Instant now, StuckSockets sockets) {
    if (run.isThrough() && state == State.STARTING) {
      breaker.through(this);
      become(State.RUNNING, now);
      picturesAt = now;
      if (failures > 0 || runs == 1) {
        LOG.info("stream {} goes to {}", task.streamShown(), task.target());
      }
    }
    if (!run.isAlive()) {
      ended(now, run.ending(), run.isTroubleOfSource());
    } else if (!wanted) {
      become(State.STOPPING, now);
      end(now);
    } else if (run.stalled(now, sockets).compareTo(limits.stallAfter()) > 0) {
      String words = run.trouble();
      trouble =
          "nothing went through for " + limits.stallAfter().toSeconds() + " s" + (words.isEmpty() ? "" : ": " + words);
      become(State.STOPPING, now);
      end(now);
    } else if (!run.outdated().isEmpty()) {
      LOG.info("stream {} to {}: {}; it is begun anew", task.streamShown(), task.target(), run.outdated());
      endAndBeginAnew(run.outdated(), now);
    } else if (state != State.STARTING) {
      lookForPictures(now);
    }
  }

  private void lookForPictures(Instant now) {
    if (run.frames() != framesSeen) {
      framesSeen = run.frames();
      picturesAt = now;
      if (state == State.INCOMPLETE) {
        become(State.RUNNING, now);
        LOG.info("stream {} goes to {} with pictures again", task.streamShown(), task.target());
      }
    } else if (state == State.RUNNING && run.hasVideo()
        && Duration.between(picturesAt, now).compareTo(limits.stallAfter().multipliedBy(FEW_PICTURES)) > 0) {
      become(State.INCOMPLETE, now);
      trouble =
          "the stream has pictures, and none came for " + limits.stallAfter().multipliedBy(FEW_PICTURES).toSeconds()
              + " s; its sound goes on";
      LOG.warn("stream {} to {}: {}; see to its encoder", task.streamShown(), task.target(), trouble);
    }
  }

  private void end(Instant now) {
    if (!run.isAlive()) {
      ended(now, trouble.isEmpty() ? run.ending() : trouble, false);
    } else {
      run.end(now, limits.grace());
    }
  }

  private void ended(Instant now, String why, boolean sourceTrouble) {
    boolean through = run.isThrough();
    if (run.age(now).compareTo(limits.healthyAfter()) > 0 && through) {
      failures = 0;
    }
    framesBefore += run.frames();
    bytesBefore += run.bytes();
    run = null;
    if (!wanted) {
      breaker.ended(this);
      become(State.STOPPED, now);
      return;
    }
    if (through || sourceTrouble || anew) {
      breaker.ended(this);
    } else {
      breaker.failed(this, now);
    }
    if (anew) {
      anew = false;
      nextTry = now;
      become(State.WAITING, now);
    } else {
      failed(why, now);
    }
  }

  private void failed(String why, Instant now) {
    failures++;
    trouble = why;
    nextTry = now.plus(limits.backoff().after(failures));
    become(State.WAITING, now);
    if (!why.equals(troubleSaid)) {
      LOG.warn("stream {} to {}: {}; it is tried again", task.streamShown(), task.target(), why);
      troubleSaid = why;
    }
  }

  private void become(State next, Instant now) {
    state = next;
    since = now;
    if (next == State.RUNNING) {
      trouble = "";
      behindSince = null;
    } else if (behindSince == null) {
      behindSince = now;
    }
  }

  /** Nobody wants it any more. */
  void stop() {
    wanted = false;
  }

  /** It is wanted again, or still. */
  void keep() {
    wanted = true;
    if (state == State.STOPPED) {
      state = State.WAITING;
    }
  }

  /** Ends the run that there is, and begins the next one at once. */
  void restart(Instant now) {
    failures = 0;
    if (state == State.STARTING || state == State.RUNNING || state == State.INCOMPLETE) {
      endAndBeginAnew("restarted by request", now);
    }
    nextTry = now;
  }

  private void endAndBeginAnew(String why, Instant now) {
    trouble = why;
    anew = true;
    become(State.STOPPING, now);
    end(now);
  }

  Task task() {
    return task;
  }

  State state() {
    return state;
  }

  private String word() {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** @param word of a state */
  boolean isIn(String word) {
    return word().equals(word);
  }

  boolean hasRun() {
    return run != null;
  }

  int runs() {
    return runs;
  }

  long bytes() {
    return bytesBefore + (run == null ? 0 : run.bytes());
  }

  /** Id of the process; -1 for none. */
  long pid() {
    return run == null ? -1 : run.pid();
  }

  TaskStatus status() {
    return new TaskStatus(
        task.id(), task.stream(), task.target(), task.by(), word(), runs,
        framesBefore + (run == null ? 0 : run.frames()), bytes(), since,
        state == State.WAITING ? nextTry : null, behindSince, trouble);
  }

  /** How long a run takes at most to end. */
  static Duration longestEnd(Duration grace) {
    return grace.multipliedBy(3);
  }
}
