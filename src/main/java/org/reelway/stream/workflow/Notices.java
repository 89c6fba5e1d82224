package org.reelway.stream.workflow;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.InputFailure;
import org.reelway.state.StoredWorkflow;
import org.reelway.state.WorkflowNoticeRow;
import org.reelway.transfer.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives what has happened to whoever acts on it, again and again until that returned; those of one stream in their order. */
final class Notices {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
  private static final int MOST_AT_ONCE = 1000;

  private final StoredWorkflow stored;
  private final Consumer<WorkflowNoticeRow> given;
  private final ScheduledThreadPoolExecutor threads;
  private final Backoff backoff;
  private final Clock clock;
  private final Set<String> unreadable = new HashSet<>();
  private int failures;
  private boolean isRunning;
  private boolean isWantedAgain;
  private volatile Trouble trouble;

  Notices(
      StoredWorkflow stored, Consumer<WorkflowNoticeRow> given, ScheduledThreadPoolExecutor threads, Backoff backoff,
      Clock clock) {
    this.stored = stored;
    this.given = given;
    this.threads = threads;
    this.backoff = backoff;
    this.clock = clock;
  }

  /** There may be some. */
  synchronized void look() {
    if (isRunning) {
      isWantedAgain = true;
    } else {
      isRunning = true;
      schedule(Duration.ZERO);
    }
  }

  private void schedule(Duration after) {
    try {
      threads.schedule(this::round, after.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Reelway ends; they are in the state.
      isRunning = false;
    }
  }

  private void round() {
    boolean isAllGiven = false;
    try {
      isAllGiven = giveAll();
    } catch (RuntimeException | Error e) {
      failed("the state cannot be read: " + Failure.rootOf(e), Failure.classOf(e));
    } finally {
      next(isAllGiven);
    }
  }

  private synchronized void next(boolean isAllGiven) {
    if (!isAllGiven) {
      schedule(backoff.after(++failures));
      return;
    }
    failures = 0;
    trouble = null;
    if (isWantedAgain) {
      isWantedAgain = false;
      schedule(Duration.ZERO);
    } else {
      isRunning = false;
    }
  }

  private boolean giveAll() {
    Set<String> failed = new HashSet<>();
    while (true) {
      List<WorkflowNoticeRow> due = stored.notices(MOST_AT_ONCE);
      List<WorkflowNoticeRow> readable = due.stream().filter(this::isReadable).toList();
      for (WorkflowNoticeRow notice : readable) {
        if (!failed.contains(notice.streamId()) && !give(notice)) {
          failed.add(notice.streamId());
        }
      }
      if (due.size() < MOST_AT_ONCE || readable.isEmpty() || !failed.isEmpty()) {
        return failed.isEmpty();
      }
    }
  }

  /** One that is not stays in the state, and holds up no other. */
  private boolean isReadable(WorkflowNoticeRow notice) {
    try {
      SessionNotice.data(notice);
      return true;
    } catch (InputFailure e) {
      if (unreadable.add(notice.id())) {
        LOG.error("{}; it is left out: delete it from the table workflow_notice", e.getMessage());
      }
      return false;
    }
  }

  private boolean give(WorkflowNoticeRow notice) {
    try {
      given.accept(notice);
      stored.told(notice);
      return true;
    } catch (RuntimeException e) {
      failed(notice.kind() + " of the stream " + notice.streamId() + ": " + e.getMessage(), Failure.classOf(e));
      return false;
    }
  }

  private void failed(String why, FailureClass whose) {
    Trouble before = trouble;
    Instant since = before == null ? clock.instant() : before.since();
    if (before == null) {
      LOG.warn("what happened to streams is told later ({}): {}", whose.word(), why);
    }
    trouble = new Trouble(why, whose, since);
  }

  Optional<Trouble> trouble() {
    return Optional.ofNullable(trouble);
  }
}
