package org.reelway.camel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.util.URISupport;
import org.reelway.camel.http.ApiAnswer;
import org.reelway.camel.http.RouteFailure;
import org.reelway.camel.http.Seldom;
import org.reelway.failure.BadRequest;
import org.reelway.failure.Conflict;
import org.reelway.failure.Failure;
import org.reelway.failure.FailureClass;
import org.reelway.failure.NotFound;
import org.reelway.failure.NotNow;
import org.reelway.transfer.store.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code routes/00-errors} does with failures of routes that carry no recording. */
public final class RouteFailures {
  private static final Logger LOG = LoggerFactory.getLogger(RouteFailures.class);
  private static final String TOLD = "ReelwayFailureTold";

  private final Seldom seldom = new Seldom();
  private final Set<String> traced = ConcurrentHashMap.newKeySet();

  /**
   * Says it in the log: the first of a route and a class of failures at once, those that follow counted, once a minute. A
   * stack trace comes with the first of ours only, where it may be a bug.
   *
   * @param next what becomes of it
   */
  public void tell(Exchange exchange, String next) {
    String route = exchange.getProperty(Exchange.FAILURE_ROUTE_ID, exchange.getFromRouteId(), String.class);
    // A schedule's turn that comes while Camel stops is refused by it, and no fault.
    if (!(caught(exchange) instanceof RejectedExecutionException) || exchange.getContext().isStarted()) {
      tell("route " + route, caught(exchange), next);
    }
    exchange.setProperty(TOLD, true);
  }

  /** @param what failed: one of a few */
  void tell(String what, Throwable failure, String next) {
    RouteFailure known = RouteFailure.of(failure);
    String kind = what + " " + known.failureClass().word();
    int times = Failure.in(failure).filter(RouteFailures::needsNoWord).isPresent() ? 0 : seldom.due(kind);
    if (times == 0) {
      return;
    }
    String where = URISupport.sanitizeUri(what);
    String often = times == 1 ? "" : times + " times since this was last said, now ";
    if (known.failureClass() == FailureClass.OURS) {
      boolean first = known.status() == 500 && traced.add(kind + " " + failure.getClass().getName());
      LOG.error("the {} failed {}(ours): {}; {}", where, often, known.logged(), next, first ? failure : null);
    } else {
      LOG.warn("the {} failed {}({}): {}; {}", where, often, known.failureClass().word(), known.logged(), next);
    }
  }

  /** In the log already, or no more than the answer to a question. */
  private static boolean needsNoWord(Failure failure) {
    return failure instanceof NotNow || failure instanceof NotFound || failure instanceof Conflict || failure instanceof BadRequest;
  }

  /** Whether {@link #tell} said what it failed with. @param exchange may be null */
  static boolean isTold(Exchange exchange) {
    return exchange != null && exchange.getProperty(TOLD) != null;
  }

  /** Whether the store did not do what a step of {@code aws2-s3} wanted for a recording, and may well do it a moment later. */
  public boolean isStoreBusy(Exchange exchange) {
    return exchange.getProperty(RecordingSteps.WORK) != null
        && exchange.getProperty(Exchange.TO_ENDPOINT, "", String.class).startsWith("aws2-s3:")
        && Failure.in(caught(exchange)).filter(StoreFailure.class::isInstance).map(StoreFailure.class::cast)
            .filter(StoreFailure::isTransient).isPresent();
  }

  /** Answers whoever asked over HTTP. */
  public void answer(Exchange exchange) {
    ApiAnswer.failed(exchange, caught(exchange));
  }

  /** Has the source see the failure, so that it comes with the same again. */
  public void giveBack(Exchange exchange) {
    exchange.getExchangeExtension().setErrorHandlerHandled(false);
  }

  private static Throwable caught(Exchange exchange) {
    Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    return failure != null ? failure : new IllegalStateException("a route gave no reason");
  }
}
