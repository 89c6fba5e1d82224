package org.reelway.camel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.health.HealthCheckResultBuilder;

/** Up only while the routes that carry recordings are there and run: Camel's own check is silent on a route that never was. */
final class RoutesHealth extends GuardedHealth {
  private final List<String> expected;
  private final Supplier<CamelContext> context;

  /** @param context asked at each call: at construction there is none yet */
  RoutesHealth(List<String> expected, Supplier<CamelContext> context) {
    super("expected-routes", Scope.LIVE);
    this.context = context;
    this.expected = List.copyOf(expected);
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    List<String> wrong = new ArrayList<>();
    for (String id : expected) {
      ServiceStatus status = context.get().getRouteController().getRouteStatus(id);
      if (status == null || !status.isStarted()) {
        wrong.add(id + (status == null ? " is missing" : " is " + status));
      }
    }
    builder.detail("routes.expected", String.join(", ", expected));
    if (wrong.isEmpty()) {
      builder.up();
    } else {
      builder.message("route " + String.join(", route ", wrong)).down();
    }
  }
}
