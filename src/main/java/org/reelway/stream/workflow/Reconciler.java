package org.reelway.stream.workflow;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.LogSubject;
import org.reelway.failure.OurFailure;
import org.reelway.transfer.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the driver bring about what is wanted of each stream: when something else is wanted, when the driver says so, and later
 * and later while it fails. One look at a stream at a time; threads end when there is nothing to look at for a while.
 */
final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final Duration SHORTEST = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Supplier<StreamDriver> driver;
  private final Outcome outcome;
  private final ScheduledThreadPoolExecutor threads;
  private final Backoff backoff;
  private final Clock clock;
  private final AtomicLong[] failures = {new AtomicLong(), new AtomicLong(), new AtomicLong()};

  /**
   * @param driver may fail, as its calls may
   * @param outcome may fail as well, for the state may be away
   */
  Reconciler(
      Supplier<StreamDriver> driver, Outcome outcome, ScheduledThreadPoolExecutor threads, Backoff backoff, Clock clock) {
    this.driver = driver;
    this.outcome = outcome;
    this.threads = threads;
    this.backoff = backoff;
    this.clock = clock;
  }

  /** Something else is wanted: what failed before says nothing of it. @return completed once it was looked at */
  CompletableFuture<Void> wanted(KnownStream stream) {
    synchronized (stream.turns) {
      stream.turns.failures = 0;
      stream.is((Trouble) null);
      CompletableFuture<Void> look = stream.turns.nextLook();
      lookNow(stream);
      return look;
    }
  }

  /** Looks at it before its time. */
  void wake(KnownStream stream) {
    synchronized (stream.turns) {
      lookNow(stream);
    }
  }

  /** Looks at it for the first time since the start, not all at the same moment. */
  void begin(KnownStream stream) {
    synchronized (stream.turns) {
      schedule(stream, Duration.ofMillis(ThreadLocalRandom.current().nextLong(200)));
    }
  }

  private void lookNow(KnownStream stream) {
    if (stream.turns.isRunning) {
      stream.turns.isWantedAgain = true;
    } else {
      schedule(stream, Duration.ZERO);
    }
  }

  private void schedule(KnownStream stream, Duration after) {
    if (stream.turns.next != null) {
      stream.turns.next.cancel(false);
    }
    try {
      stream.turns.next = threads.schedule(() -> look(stream), after.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Reelway ends; what is wanted is in the state.
      stream.turns.takeWaiting().forEach(look -> look.complete(null));
    }
  }

  private void look(KnownStream stream) {
    List<CompletableFuture<Void>> waiting;
    synchronized (stream.turns) {
      if (stream.turns.isRunning) {
        stream.turns.isWantedAgain = true;
        return;
      }
      stream.turns.isRunning = true;
      stream.turns.isWantedAgain = false;
      waiting = stream.turns.takeWaiting();
    }
    Duration next = null;
    try {
      next = stream.isGone() ? null : LogSubject.of(LogSubject.STREAM, stream.id()).get(() -> reconcile(stream));
    } finally {
      synchronized (stream.turns) {
        stream.turns.isRunning = false;
        if (stream.isGone()) {
          waiting.addAll(stream.turns.takeWaiting());
        } else if (stream.turns.isWantedAgain) {
          schedule(stream, SHORTEST);
        } else if (next != null) {
          schedule(stream, next);
        }
      }
      waiting.forEach(look -> look.complete(null));
    }
  }

  /** @return when to look again; null for not before something else is wanted */
  private Duration reconcile(KnownStream stream) {
    try {
      WantedStream asked = stream.wanted();
      Reached now = driver.get().reconcile(asked, stream);
      if (now.isDone() && outcome.done(stream, asked)) {
        wake(stream);
      }
      went(stream, now);
      return within(now.lookAgain());
    } catch (RuntimeException | Error e) {
      return failed(stream, e);
    }
  }

  private static Duration within(Duration wanted) {
    return wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
  }

  private void went(KnownStream stream, Reached now) {
    // Beside a session that is as it is wanted nothing is waited for: it was refused.
    FailureClass refused = now.isDone() && !now.waitsFor().isEmpty() ? FailureClass.DESTINATION : null;
    String waitsFor = stream.withoutKeys(now.waitsFor());
    synchronized (stream.turns) {
      Optional<Trouble> last = stream.trouble().filter(Trouble::isFailure);
      if (refused == null && last.isPresent()) {
        LOG.info("the stream {} goes on", stream.id());
      }
      if (refused != null && !last.map(Trouble::message).equals(Optional.of(waitsFor))) {
        LOG.warn("the session of the stream {} is as it is wanted, but: {}; it is tried again", stream.id(), waitsFor);
      }
      stream.turns.failures = 0;
      if (!stream.turns.isWantedAgain) {
        boolean isWell = now.isDone() && refused == null;
        stream.is(isWell ? null : new Trouble(waitsFor, refused, stream.since(clock.instant(), refused != null)));
      }
    }
  }

  private Duration failed(KnownStream stream, Throwable failure) {
    FailureClass whose = Failure.classOf(failure);
    String message =
        stream.withoutKeys(Failure.in(failure).map(Throwable::getMessage).orElseGet(() -> Failure.rootOf(failure)));
    failures[whose.ordinal()].incrementAndGet();
    synchronized (stream.turns) {
      if (stream.turns.isWantedAgain) {
        // Something else is wanted by now.
        return SHORTEST;
      }
      boolean isKnown = stream.trouble().filter(last -> last.failure() == whose && last.message().equals(message)).isPresent();
      stream.is(new Trouble(message, whose, stream.since(clock.instant(), true)));
      Duration next = whose == FailureClass.INPUT ? null : backoff.after(++stream.turns.failures);
      if (!isKnown) {
        say(stream, whose, message, next, Failure.in(failure).isPresent() ? null : failure);
      }
      return next;
    }
  }

  private static void say(KnownStream stream, FailureClass whose, String message, Duration next, Throwable bug) {
    String then = next == null ? "it stays so until something else is wanted of it" : "it is tried again";
    if (whose == FailureClass.OURS) {
      LOG.error(
          "the stream {}, wanted {}, does not get on ({}): {}; {}", stream.id(), goal(stream), whose.word(), message, then,
          bug == null ? null : withoutKeys(stream, bug));
    } else {
      LOG.warn(
          "the stream {}, wanted {}, does not get on ({}): {}; {}", stream.id(), goal(stream), whose.word(), message, then);
    }
  }

  /** The same words and places, without the keys of the stream. */
  private static Throwable withoutKeys(KnownStream stream, Throwable bug) {
    Throwable cause = bug.getCause() == null || bug.getCause() == bug ? null : withoutKeys(stream, bug.getCause());
    Throwable shown = new OurFailure(stream.withoutKeys(bug.toString()), cause);
    shown.setStackTrace(bug.getStackTrace());
    return shown;
  }

  private static String goal(KnownStream stream) {
    return stream.row().wanted().name().toLowerCase(Locale.ROOT);
  }

  long failures(FailureClass whose) {
    return failures[whose.ordinal()].get();
  }
}
