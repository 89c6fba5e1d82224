package org.reelway.camel.reload;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDynamicDefinition;

/** Which routes call which, by {@code direct:}: as the definitions say. */
final class RouteOrder {
  private final Model model;
  private final Map<String, Set<String>> callers = new TreeMap<>();

  RouteOrder(Model model) {
    this.model = model;
    Map<String, Set<String>> called = new TreeMap<>();
    List<RouteDefinition> all = List.copyOf(model.getRouteDefinitions());
    all.forEach(route -> called.put(route.getRouteId(), called(route)));
    for (RouteDefinition route : all) {
      Set<String> by = new TreeSet<>();
      String from = address(route.getInput().getEndpointUri());
      called.forEach((id, names) -> {
        if (names.contains(from)) {
          by.add(id);
        }
      });
      callers.put(route.getRouteId(), by);
    }
  }

  private static Set<String> called(RouteDefinition route) {
    Set<String> all = new TreeSet<>();
    for (ProcessorDefinition<?> step : ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)) {
      if (step instanceof ToDynamicDefinition to) {
        all.add(address(to.getUri()));
      } else if (step instanceof EndpointRequiredDefinition to) {
        all.add(address(to.getEndpointUri()));
      }
    }
    return all;
  }

  private static String address(String uri) {
    return uri == null ? "" : uri.replaceFirst("^(\\w+):(//)?", "$1:").replaceFirst("\\?.*", "");
  }

  /** Callers before those that they call; those that only error policies call are the last. */
  List<Route> callersFirst(Collection<Route> routes) {
    List<Route> left = new ArrayList<>(routes);
    left.sort((one, other) -> Boolean.compare(isCalled(one), isCalled(other)));
    List<Route> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      Set<String> ids = new TreeSet<>();
      left.forEach(route -> ids.add(route.getRouteId()));
      Route next = left.stream().filter(route -> isNotCalledBy(route, ids)).findFirst().orElse(left.get(0));
      left.remove(next);
      ordered.add(next);
    }
    return ordered;
  }

  private boolean isNotCalledBy(Route route, Set<String> ids) {
    return callers.getOrDefault(route.getRouteId(), Set.of()).stream()
        .noneMatch(caller -> !caller.equals(route.getRouteId()) && ids.contains(caller));
  }

  /** Whether it begins with what other routes call. */
  static boolean isCalled(Route route) {
    return route.getEndpoint().getEndpointBaseUri().startsWith("direct:");
  }

  /** Whether recordings may travel through one of them. */
  boolean carryRecordings(Collection<Route> routes, Collection<Route> all) {
    Set<String> carrying = new LinkedHashSet<>();
    all.stream().filter(this::beginsWithMarkers).forEach(route -> carrying.add(route.getRouteId()));
    boolean more = true;
    while (more) {
      more = carrying.addAll(
          callers.entrySet().stream().filter(route -> route.getValue().stream().anyMatch(carrying::contains))
              .map(Map.Entry::getKey).toList());
    }
    // Who only knows while running where he sends to may send a recording anywhere.
    boolean anywhere = carrying.stream().map(model::getRouteDefinition)
        .flatMap(route -> called(route).stream()).anyMatch(address -> address.contains("${"));
    return anywhere || routes.stream().anyMatch(route -> carrying.contains(route.getRouteId()));
  }

  private boolean beginsWithMarkers(Route route) {
    if (!(route.getEndpoint() instanceof KameletEndpoint kamelet)) {
      return false;
    }
    RouteDefinition inner = model.getRouteDefinition(kamelet.getRouteId());
    return inner != null && address(inner.getInput().getEndpointUri()).equals("reelway:markers");
  }
}
