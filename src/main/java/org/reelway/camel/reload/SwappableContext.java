package org.reelway.camel.reload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Service;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.RoutePolicy;

/**
 * Leaves the endpoints of kamelets to whoever removes routes. Camel would remove those that no route uses any more, and leave
 * their own routes running; an endpoint that is made anew makes another route.
 */
public final class SwappableContext extends DefaultCamelContext {
  private Set<KameletEndpoint> unused;
  private String adding;
  private final Map<String, List<Service>> services = new HashMap<>();

  public SwappableContext() {
    super(false);
  }

  /** @return kamelets that a route used that was removed since the last call, and no other one uses */
  Set<KameletEndpoint> unusedKamelets() {
    Set<KameletEndpoint> all = unused == null ? Set.of() : unused;
    unused = new LinkedHashSet<>();
    return all;
  }

  /** What is added from now on for REST calls is those of this file. @param file null for what nobody will ask for */
  void adds(String file) {
    adding = file;
  }

  /** Readers and writers of calls' bodies are services of the whole context, and Camel leaves them where their routes go. */
  void removeServicesOf(String file) {
    services.getOrDefault(file, List.of()).forEach(service -> {
      try {
        removeService(service);
      } catch (Exception e) {
        throw new IllegalStateException("a service of " + file + " cannot be removed: " + e, e);
      }
    });
    services.remove(file);
  }

  @Override
  public void addService(Object service, boolean stopOnShutdown, boolean forceStart) throws Exception {
    super.addService(service, stopOnShutdown, forceStart);
    if (adding != null && (service instanceof DataFormat || service instanceof RoutePolicy)) {
      services.computeIfAbsent(adding, name -> new ArrayList<>()).add((Service) service);
    }
  }

  /** From now on those that get unused are removed at once, as Camel does. */
  void keepNone() {
    unused = null;
  }

  /** The route of a kamelet and its endpoint go, and are made anew when a route names it. */
  void remove(KameletEndpoint kamelet) {
    super.removeEndpoint(kamelet);
  }

  /** A source that runs on has its route: Camel stops its endpoint with the route that is removed, and begins it again. */
  @Override
  public String addRouteFromKamelet(
      String routeId, String routeTemplateId, String prefixId, String parentRouteId, String parentProcessorId,
      Map<String, Object> parameters) throws Exception {
    boolean runs = unused != null && getRoute(routeId) != null;
    return runs
        ? routeId : super.addRouteFromKamelet(routeId, routeTemplateId, prefixId, parentRouteId, parentProcessorId, parameters);
  }

  /** Camel removes one of that name before it adds a route, and lists all routes' endpoints before it looks whether there is one. */
  @Override
  public boolean removeRoute(String routeId) throws Exception {
    return getRouteStatus(routeId) != null && super.removeRoute(routeId);
  }

  @Override
  public void removeEndpoint(Endpoint endpoint) {
    if (unused != null && endpoint instanceof KameletEndpoint kamelet && isPlaced(kamelet)) {
      unused.add(kamelet);
    } else {
      super.removeEndpoint(endpoint);
    }
  }

  /** Not the way in or out inside of one. */
  static boolean isPlaced(KameletEndpoint kamelet) {
    String key = kamelet.getEndpointKey();
    return !key.startsWith("kamelet://source") && !key.startsWith("kamelet://sink");
  }
}
