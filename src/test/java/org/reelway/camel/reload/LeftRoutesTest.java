package org.reelway.camel.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.health.ConsumersHealthCheckRepository;
import org.apache.camel.impl.health.RoutesHealthCheckRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Red where another Camel keeps its notes elsewhere, or lets go of routes by itself. */
class LeftRoutesTest {
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private HealthCheckRegistry health;

  @BeforeEach
  void start() throws Exception {
    health = HealthCheckRegistry.get(camel);
    HealthCheckRepository routes = new RoutesHealthCheckRepository();
    routes.setEnabled(true);
    health.register(routes);
    health.register(new ConsumersHealthCheckRepository());
    camel.addRoutes(new RouteBuilder() {
      @Override
      public void configure() {
        onException(IllegalStateException.class).setHeader("failed", constant(true));
        from("direct:one").routeId("one").setBody(constant("one"));
        from("direct:other").routeId("other").setBody(constant("other"));
      }
    });
    camel.start();
    assertThat(health.stream()).extracting(HealthCheck::getId).contains("route:one", "route:other");
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  private WeakReference<Route> removed(String id) throws Exception {
    WeakReference<Route> route = new WeakReference<>(camel.getRoute(id));
    camel.getRouteController().stopRoute(id);
    camel.removeRoute(id);
    return route;
  }

  private static boolean isHeld(WeakReference<Route> route) {
    System.gc();
    return route.get() != null;
  }

  @Test
  void aRouteThatWasRemovedIsLetGo() throws Exception {
    WeakReference<Route> left = removed("one");
    assertThat(isHeld(left)).as("Camel still holds what it removed; else LeftRoutes is not needed").isTrue();
    LeftRoutes.drop(camel);
    await().until(() -> !isHeld(left));
  }

  @Test
  void thoseThatStayAreInHealthAsBefore() throws Exception {
    removed("one");
    LeftRoutes.drop(camel);
    assertThat(health.stream()).extracting(HealthCheck::getId).contains("route:other").doesNotContain("route:one");
    assertThat(health.getRepository("routes").map(HealthCheckRepository::isEnabled)).contains(true);
  }
}
