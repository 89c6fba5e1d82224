package org.reelway.camel;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.reelway.failure.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A health check that answers whatever happens: what it asks may fail (a full state disk, a broken database) or hang (a
 * locked one, a network mount). It is down then, and says why, in the log once until it is answered again.
 */
class GuardedHealth extends AbstractHealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedHealth.class);
  private static final long PATIENCE_SECONDS = 5;

  private final Scope scope;
  private final Consumer<HealthCheckResultBuilder> question;
  private CompletableFuture<Result> running;
  private boolean waitedFor;
  private boolean failing;

  /** What one that is down keeps a supervisor from. */
  enum Scope {
    /** To let the process live: only a restart can help. */
    LIVE,
    /** To count the sidecar as ready; a restart would not help. */
    READY,
    /** Nothing: recordings travel, and people are told. */
    TOLD
  }

  GuardedHealth(String id, Scope scope, Consumer<HealthCheckResultBuilder> question) {
    super("reelway", id);
    this.scope = scope;
    this.question = question;
  }

  /** One that overrides {@link #doCall}. */
  GuardedHealth(String id, Scope scope) {
    this(id, scope, builder -> {});
  }

  @Override
  public boolean isLiveness() {
    return scope == Scope.LIVE;
  }

  @Override
  public boolean isReadiness() {
    return scope != Scope.TOLD;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    question.accept(builder);
  }

  @Override
  public synchronized Result call(Map<String, Object> options) {
    if (running == null) {
      waitedFor = false;
      running = CompletableFuture.supplyAsync(() -> super.call(options), this::inThread);
    }
    try {
      // One that hangs is waited for once; the next request only looks whether it has come back.
      Result result = running.get(waitedFor ? 0 : patienceSeconds(), TimeUnit.SECONDS);
      running = null;
      if (failing) {
        failing = false;
        LOG.info("the health check {} is answered again", getId());
      }
      return result;
    } catch (ExecutionException e) {
      running = null;
      return failed(Failure.rootOf(e));
    } catch (TimeoutException e) {
      waitedFor = true;
      return failed("no answer within " + patienceSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    }
  }

  /** Longer where what is asked has a limit of its own. */
  long patienceSeconds() {
    return PATIENCE_SECONDS;
  }

  private void inThread(Runnable work) {
    Thread thread = new Thread(work, "health-" + getId());
    thread.setDaemon(true);
    thread.start();
  }

  private Result failed(String why) {
    String said =
        "what " + getId() + " asks fails: " + why + "; look at the disk and the database of reelway.state.folder, and at"
            + " mounts that hang";
    if (!failing) {
      failing = true;
      LOG.error("health: {}", said);
    }
    return HealthCheckResultBuilder.on(this).message(said).down().build();
  }

  /** A gauge's function whose question may fail as well: it has no value then, and its health check says why. */
  static <T> ToDoubleFunction<T> orNone(ToDoubleFunction<T> value) {
    return asked -> {
      try {
        return value.applyAsDouble(asked);
      } catch (RuntimeException e) {
        return Double.NaN;
      }
    };
  }
}
