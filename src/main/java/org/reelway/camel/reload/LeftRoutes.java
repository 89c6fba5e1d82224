package org.reelway.camel.reload;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.health.HealthCheckRegistry;
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
    Set<Object> running = new HashSet<>(camel.getRoutes());
    camel.getRoutes().forEach(route -> running.add(route.getConsumer()));
    camel.getLifecycleStrategies().stream().filter(JmxManagementLifecycleStrategy.class::isInstance).forEach(
        jmx -> map(JmxManagementLifecycleStrategy.class, "wrappedProcessors", jmx).values()
            .removeIf(note -> isLeft(running, ((KeyValueHolder<?, ?>) note).getValue())));
    HealthCheckRegistry health = HealthCheckRegistry.get(camel);
    if (health != null) {
      health.getRepository("routes").ifPresent(
          all -> map(RoutesHealthCheckRepository.class, "checks", all).keySet().retainAll(running));
      health.getRepository("consumers").ifPresent(
          all -> map(ConsumersHealthCheckRepository.class, "checks", all).keySet().retainAll(running));
    }
  }

  private static boolean isLeft(Set<Object> running, Object statistics) {
    if (statistics instanceof DefaultInstrumentationProcessor step
        && value(DefaultInstrumentationProcessor.class, "counter", step) instanceof ManagedProcessor managed) {
      Route route = managed.getRoute();
      return route != null && !running.contains(route);
    }
    return false;
  }

  private static Map<?, ?> map(Class<?> type, String name, Object of) {
    return (Map<?, ?>) value(type, name, of);
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
