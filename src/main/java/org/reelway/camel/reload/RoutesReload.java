package org.reelway.camel.reload;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonValue;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Route;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts routes into force that were edited, or leaves those that run and says why. Looks at the folders again and again; all on
 * one thread.
 */
public final class RoutesReload {
  private static final Logger LOG = LoggerFactory.getLogger(RoutesReload.class);
  /** What waits for a message to end is tried again after so long. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private static final int MOST_TOLD = 3;

  private final Path routes;
  private final Path kamelets;
  private final Supplier<List<String>> errors;
  private final SwapRest rest;
  private final Supplier<SwappableContext> camel;
  private final MeterRegistry metrics;
  private final Clock clock;
  private FlowFiles running;
  private Map<Path, String> seen = Map.of();
  private Map<Path, String> tried = Map.of();
  private Instant again = Instant.MAX;
  private volatile Status status;

  /** What became of the newest edit. */
  enum State {
    /** The files are what runs. */
    CURRENT,
    /** The files are wrong: those before them run. */
    REFUSED,
    /** Something is under way that may not be cut short: those before them run for now. */
    WAITING,
    /** Neither runs. */
    FAILED;

    @JsonValue
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** @param at when the files were last swapped, or why they were not */
  @JsonInclude(Include.NON_NULL)
  public record Status(State state, Instant at, String message) {}

  /**
   * @param errors of what is in the folders now
   * @param camel the running one
   */
  public RoutesReload(
      Path routes, Path kamelets, Supplier<List<String>> errors, SwapRest rest, Supplier<SwappableContext> camel,
      MeterRegistry metrics, Clock clock) {
    this.routes = routes;
    this.kamelets = kamelets;
    this.errors = errors;
    this.rest = rest;
    this.camel = camel;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Before Camel reads the folders. */
  public void begin() throws IOException {
    seen = FlowFiles.stamps(routes, kamelets);
    tried = seen;
    running = FlowFiles.read(routes, kamelets);
    status = new Status(State.CURRENT, clock.instant(), "the files of the start are in force");
  }

  public Status status() {
    return status;
  }

  /** Whether the files are others than those in force. */
  public boolean isBehind() {
    return status.state() != State.CURRENT;
  }

  /** One look. Files count once they have stayed as they are from one look to the next. */
  public void look() throws InterruptedException {
    try {
      Map<Path, String> now = FlowFiles.stamps(routes, kamelets);
      boolean settled = now.equals(seen);
      seen = now;
      boolean due = !now.equals(tried) || !clock.instant().isBefore(again);
      if (settled && due) {
        tried = now;
        again = Instant.MAX;
        attempt(now);
      }
    } catch (IOException e) {
      again = clock.instant().plus(AGAIN);
      tell(State.REFUSED, "the files cannot be read: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the routes could not be looked at: {}", e.toString(), e);
    }
  }

  private void attempt(Map<Path, String> stamps) throws IOException, InterruptedException {
    List<String> wrong = errors.get();
    if (!wrong.isEmpty()) {
      tell(State.REFUSED, told(wrong));
      return;
    }
    FlowFiles now = FlowFiles.read(routes, kamelets);
    if (!FlowFiles.stamps(routes, kamelets).equals(stamps)) {
      // What was checked is not what was read.
      tried = Map.of();
      return;
    }
    try {
      ReloadPlan plan = ReloadPlan.between(running, now);
      if (plan.isEmpty()) {
        running = now;
        tell(State.CURRENT, "what the files say is what runs");
      } else {
        swap(plan, now);
      }
    } catch (InputFailure e) {
      tell(State.REFUSED, e.getMessage());
    }
  }

  private void swap(ReloadPlan plan, FlowFiles now) throws InterruptedException {
    long begun = System.nanoTime();
    SwappableContext context = camel.get();
    RouteSwap swap = new RouteSwap(context);
    List<Route> leaving = swap.running(plan.files());
    try {
      rest.begin(swap, leaving);
      swap.swap(plan, running, now);
      running = now;
      tell(State.CURRENT, (plan.shared() ? "all files" : String.join(", ", plan.files()))
          + (plan.kamelets().isEmpty() ? "" : " and kamelets " + String.join(", ", plan.kamelets()))
          + " swapped in " + (System.nanoTime() - begun) / 1_000_000 + " ms");
    } catch (SwapRest.NotYet e) {
      again = clock.instant().plus(AGAIN);
      tell(State.WAITING, e.getMessage() + "; tried again in " + AGAIN.toSeconds() + " s");
    } catch (RouteSwap.NothingRuns e) {
      LOG.debug("neither the new routes nor the old ones start", e);
      tell(State.FAILED, "neither the new routes nor the old ones start (" + Failure.rootOf(e) + "): mend the files and restart Reelway");
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | LinkageError e) {
      tell(State.REFUSED, "the new routes do not start (" + Failure.rootOf(e) + ")");
    } finally {
      rest.end();
      LeftRoutes.drop(context);
    }
  }

  private static String told(List<String> errors) {
    List<String> first = new ArrayList<>(errors.subList(0, Math.min(MOST_TOLD, errors.size())));
    if (errors.size() > MOST_TOLD) {
      first.add((errors.size() - MOST_TOLD) + " more; reelway check tells all");
    }
    return String.join(" · ", first);
  }

  private void tell(State state, String message) {
    Status before = status;
    status = new Status(state, clock.instant(), message);
    metrics.counter("reelway.routes.reloads", "outcome", state.word()).increment();
    if (state == State.CURRENT) {
      LOG.info("routes: {}", message);
    } else if (before.state() != state || !before.message().equals(message)) {
      LOG.error("routes: {}{}", state == State.FAILED ? "" : "the edit is not in force, and those before it run on: ", message);
    }
  }
}
