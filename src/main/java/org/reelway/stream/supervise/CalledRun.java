package org.reelway.stream.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.reelway.failure.Failure;
import org.reelway.media.process.StuckSockets;

/**
 * A run of what a media server does itself, told by its API. Calls are made by other threads, one at a time: a server that
 * does not answer holds up nobody. Used by one thread.
 */
public final class CalledRun implements TaskRun {
  private static final Duration ASKED_EVERY = Duration.ofSeconds(1);
  /** Questions without an answer until nothing is known of it any more. */
  private static final int MOST_MISSED = 3;

  private final Calls calls;
  private final Executor threads;
  private final Instant startedAt;
  private Phase phase = Phase.BEGINNING;
  private CompletableFuture<Answer> call;
  private Instant askedAt;
  private Instant grownAt;
  private Instant answeredAt;
  private Instant endAsked;
  private int missed;
  private Answer seen = Answer.nothing("it was not begun");
  private String trouble = "";
  private boolean through;

  private enum Phase {
    BEGINNING,
    RUNNING,
    ENDING,
    OVER
  }

  /** What the server is told. Each may wait for it, not for ever, and fail with a {@link Failure} that says why. */
  public interface Calls {
    /** Has it begun; one of ours that goes on already, begun by a Reelway that was killed, is taken over or ended first. */
    void begin();

    /** How it fares; asked about once a second. */
    Answer ask();

    /** Has it ended; nothing happens where it is gone. */
    void end();
  }

  /**
   * How it fares.
   *
   * @param there whether the server has it
   * @param over whether it will not come any more
   * @param frames pictures since it began; never less than before while it is there
   * @param bytes of media, likewise; {@link #UNTOLD} where the server does not tell: then that it is there is enough
   * @param words of the server, where it has no such thing (any more); without secrets
   */
  public record Answer(boolean there, boolean over, long frames, long bytes, String words) {
    public static final long UNTOLD = -1;

    public Answer(boolean there, long frames, long bytes, String words) {
      this(there, false, frames, bytes, words);
    }

    /** It is not there, or not yet. */
    public static Answer nothing(String words) {
      return new Answer(false, 0, 0, words);
    }

    /** The server has given it up. */
    public static Answer over(String words) {
      return new Answer(false, true, 0, 0, words);
    }
  }

  private CalledRun(Calls calls, Executor threads, Instant now) {
    this.calls = calls;
    this.threads = threads;
    this.startedAt = now;
    this.grownAt = now;
    this.askedAt = now;
    this.answeredAt = now;
    begin();
  }

  /** @param threads where the server is waited for */
  public static CalledRun start(Calls calls, Executor threads, Instant now) {
    return new CalledRun(calls, threads, now);
  }

  private void begin() {
    call = call(() -> {
      calls.begin();
      return null;
    });
  }

  private CompletableFuture<Answer> call(Supplier<Answer> what) {
    return CompletableFuture.supplyAsync(what, threads);
  }

  @Override
  public void listen(Instant now) {
    if (call != null && call.isDone()) {
      CompletableFuture<Answer> done = call;
      call = null;
      take(done, now);
    }
    if (call == null && phase == Phase.RUNNING && !now.isBefore(askedAt.plus(ASKED_EVERY))) {
      askedAt = now;
      call = call(calls::ask);
    }
  }

  private void take(CompletableFuture<Answer> done, Instant now) {
    Answer answer = null;
    String failure = "";
    try {
      answer = done.join();
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      failure = cause instanceof Failure ? cause.getMessage() : cause.toString();
    }
    switch (phase) {
      case BEGINNING -> begun(failure, now);
      case RUNNING -> told(answer, failure, now);
      default -> {
        trouble = failure.isEmpty() ? trouble : failure;
        phase = failure.isEmpty() ? Phase.OVER : phase;
      }
    }
  }

  private void begun(String failure, Instant now) {
    trouble = failure;
    grownAt = now;
    answeredAt = now;
    phase = failure.isEmpty() ? Phase.RUNNING : Phase.OVER;
  }

  /**
   * One that cannot be asked for a moment may well go on. When it cannot be asked for longer it is over as far as is
   * known here, and is not ended: the next beginning finds out.
   */
  private void told(Answer answer, String failure, Instant now) {
    trouble = failure;
    if (answer == null) {
      missed++;
      phase = missed >= MOST_MISSED ? Phase.OVER : phase;
      return;
    }
    missed = 0;
    answeredAt = now;
    if (answer.there()) {
      boolean untold = answer.bytes() == Answer.UNTOLD;
      grownAt = untold || answer.bytes() > seen.bytes() ? now : grownAt;
      through |= untold || answer.bytes() > 0;
      seen = answer;
    } else {
      trouble = answer.words();
      phase = seen.there() || answer.over() ? Phase.OVER : phase;
    }
  }

  @Override
  public boolean isThrough() {
    return through;
  }

  @Override
  public boolean isAlive() {
    return phase != Phase.OVER;
  }

  @Override
  public Duration stalled(Instant now, StuckSockets sockets) {
    // While the server does not answer, nothing is known: that is another matter, and calls end by themselves.
    return Duration.between(grownAt, answeredAt);
  }

  @Override
  public String trouble() {
    return trouble;
  }

  @Override
  public Duration age(Instant now) {
    return Duration.between(startedAt, now);
  }

  @Override
  public long frames() {
    return seen.frames();
  }

  @Override
  public boolean hasVideo() {
    return seen.frames() > 0;
  }

  @Override
  public long bytes() {
    return Math.max(0, seen.bytes());
  }

  /** Asked again and again until it is done, three grace times at most: what is left then is ended by the next beginning. */
  @Override
  public void end(Instant now, Duration grace) {
    if (phase == Phase.OVER) {
      return;
    }
    phase = phase == Phase.RUNNING || phase == Phase.BEGINNING ? ending(now) : phase;
    if (Duration.between(endAsked, now).compareTo(grace.multipliedBy(3)) > 0) {
      phase = Phase.OVER;
    } else if (call == null) {
      call = call(() -> {
        calls.end();
        return null;
      });
    }
  }

  private Phase ending(Instant now) {
    endAsked = now;
    if (call != null) {
      // What is being asked for comes first: an end must not overtake the beginning.
      CompletableFuture<Answer> before = call;
      call = before.handle((answer, failure) -> (Answer) null).thenApplyAsync(nothing -> {
        calls.end();
        return null;
      }, threads);
    }
    return Phase.ENDING;
  }

  @Override
  public String ending() {
    return trouble.isEmpty() ? "the media server has ended it" : trouble;
  }

  @Override
  public boolean isTroubleOfSource() {
    return false;
  }

  /** None of ours. */
  @Override
  public long pid() {
    return -1;
  }
}
