package org.reelway.camel.reload;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.impl.health.ConsumersHealthCheckRepository;
import org.apache.camel.impl.health.RoutesHealthCheckRepository;
import org.apache.camel.management.DefaultInstrumentationProcessor;
import org.apache.camel.management.JmxManagementLifecycleStrategy;
import org.apache.camel.management.mbean.ManagedProcessor;
import org.apache.camel.util.KeyValueHolder;

/**
 * Lets routes go that were removed. Camel's JMX keeps a note of each step until its route is removed, but finds the route by the
 * step's parents, and above a step of an {@code onException} there is none: that note would hold the whole route for good. See
 * removeWrappedProcessorsForRoutes of {@link JmxManagementLifecycleStrategy}. And its health keeps each route and consumer that was
 * ever asked for.
 */
final class LeftRoutes {
  private LeftRoutes() {}

  /** @throws IllegalStateException Camel's classes are not as they were */
  static void drop(CamelContext camel) {
    Set<Route> running = Set.copyOf(camel.getRoutes());
    camel.getLifecycleStrategies().stream().filter(JmxManagementLifecycleStrategy.class::isInstance).forEach(
        jmx -> ((Map<?, ?>) value(JmxManagementLifecycleStrategy.class, "wrappedProcessors", jmx)).values()
            .removeIf(note -> isLeft(running, ((KeyValueHolder<?, ?>) note).getValue())));
    HealthCheckRegistry health = HealthCheckRegistry.get(camel);
    if (health != null) {
      renew(health, new RoutesHealthCheckRepository());
      renew(health, new ConsumersHealthCheckRepository());
    }
  }

  private static void renew(HealthCheckRegistry health, HealthCheckRepository empty) {
    health.getRepository(empty.getId()).ifPresent(known -> {
      empty.setEnabled(known.isEnabled());
      health.unregister(known);
      health.register(empty);
    });
  }

  private static boolean isLeft(Set<Route> running, Object statistics) {
    if (statistics instanceof DefaultInstrumentationProcessor step
        && value(DefaultInstrumentationProcessor.class, "counter", step) instanceof ManagedProcessor managed) {
      Route route = managed.getRoute();
      return route != null && !running.contains(route);
    }
    return false;
  }

  private static Object value(Class<?> type, String name, Object of) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field.get(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Camel's " + type.getSimpleName() + " has no field " + name, e);
    }
  }
}
