package org.reelway.camel.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck.Result;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;

/**
 * Answers {@code /observe/health}, {@code …/live} and {@code …/ready} in place of Camel's own handler, which escapes messages
 * before it makes JSON of them, so that they arrive escaped twice. Shape: {@code {"status": "UP", "checks": [{"name": "store",
 * "status": "DOWN", "message": "…", "data": {…}}]}}, the data with {@code ?data=true} only; 200 for UP, 503 for DOWN.
 */
public final class HealthHandler implements Handler<RoutingContext> {
  private static final String PATH = "/observe/health";
  private static final List<String> KINDS = List.of("", "/live", "/ready");
  private static final String ALL_DETAILS = "full";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CamelContext camel;

  HealthHandler(CamelContext camel) {
    this.camel = camel;
  }

  static boolean isAsked(HttpServerRequest request) {
    String path = request.path();
    return request.method().equals(HttpMethod.GET)
        && path.startsWith(PATH) && KINDS.contains(path.substring(PATH.length()));
  }

  /** Of a request that {@link #isAsked}. */
  @Override
  public void handle(RoutingContext context) {
    String which = context.request().path().substring(PATH.length());
    // Checks may take their time, so none runs on the thread that all requests share.
    boolean data = "true".equals(context.request().getParam("data"));
    context.vertx().executeBlocking(() -> answer(which, data), false)
        .onSuccess(answer -> context.response().setStatusCode(answer.up() ? 200 : 503)
            .putHeader("Content-Type", "application/json").end(answer.json()))
        .onFailure(context::fail);
  }

  private record Answer(boolean up, String json) {}

  private Answer answer(String which, boolean data) throws JsonProcessingException {
    Map<String, Object> all = all(camel, which, data);
    return new Answer("UP".equals(all.get("status")), JSON.writeValueAsString(all));
  }

  /** @param which one of the kinds */
  public static Map<String, Object> all(CamelContext camel, String which, boolean data) {
    boolean ready = which.equals("/ready");
    Collection<Result> results =
        which.equals("/live") ? HealthCheckHelper.invokeLiveness(camel, ALL_DETAILS)
            : ready ? HealthCheckHelper.invokeReadiness(camel, ALL_DETAILS)
            : HealthCheckHelper.invoke(camel, ALL_DETAILS);
    return told(results, HealthCheckHelper.isResultsUp(results, ready), data);
  }

  /** As {@link #all}, with those checks only that are not up. */
  public static Map<String, Object> down(CamelContext camel) {
    Collection<Result> results = HealthCheckHelper.invoke(camel, ALL_DETAILS);
    return told(
        results.stream().filter(result -> result.getState() != State.UP).toList(), HealthCheckHelper.isResultsUp(results, false), false);
  }

  private static Map<String, Object> told(Collection<Result> results, boolean up, boolean data) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("status", up ? "UP" : "DOWN");
    // Some 280 checks: who reads them looks for those that are down.
    List<Map<String, Object>> checks = results.stream()
        .sorted(Comparator.comparing(result -> result.getState() == State.UP))
        .map(result -> check(result, data))
        .toList();
    if (!checks.isEmpty()) {
      all.put("checks", checks);
    }
    return all;
  }

  private static Map<String, Object> check(Result result, boolean data) {
    Map<String, Object> check = new LinkedHashMap<>();
    check.put("name", result.getCheck().getId());
    check.put("status", result.getState().name());
    result.getMessage().or(() -> result.getError().map(Throwable::toString))
        .ifPresent(message -> check.put("message", message));
    if (data && result.getDetails() != null && !result.getDetails().isEmpty()) {
      check.put("data", new TreeMap<>(result.getDetails()));
    }
    return check;
  }
}
