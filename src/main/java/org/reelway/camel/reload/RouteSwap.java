package org.reelway.camel.reload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Route;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;

/** Takes routes out of the running context and puts others in. Who calls it has brought their messages to rest. */
public final class RouteSwap {
  private static final long STOP_SECONDS = 2;

  private final SwappableContext camel;
  private final Model model;

  RouteSwap(SwappableContext camel) {
    this.camel = camel;
    this.model = camel.getCamelContextExtension().getContextPlugin(Model.class);
  }

  /** That run, of these files; a kamelet's own are none of them. */
  List<Route> running(Set<String> files) {
    return definitions(files).stream().map(each -> camel.getRoute(each.getRouteId())).filter(route -> route != null).toList();
  }

  private List<RouteDefinition> definitions(Set<String> files) {
    return List.copyOf(model.getRouteDefinitions()).stream()
        .filter(each -> !Boolean.TRUE.equals(each.isKamelet()) && files.contains(file(each.getResource()))).toList();
  }

  public static String file(Resource resource) {
    String location = resource == null ? "" : resource.getLocation();
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /**
   * The new routes, or as before.
   *
   * @throws Exception why the new ones do not run; the old ones do
   * @throws NothingRuns the old ones do not either
   */
  void swap(ReloadPlan plan, FlowFiles before, FlowFiles now) throws Exception {
    Set<KameletEndpoint> left = kamelets();
    try {
      remove(plan);
      left.retainAll(kamelets());
      add(plan, now);
    } catch (Exception | LinkageError e) {
      try {
        remove(plan);
        kamelets().stream().filter(kamelet -> !left.contains(kamelet)).forEach(this::remove);
        add(plan, before);
      } catch (Exception | LinkageError again) {
        again.addSuppressed(e);
        throw new NothingRuns(again);
      }
      throw e;
    } finally {
      camel.keepNone();
    }
  }

  /** Neither the new routes nor the old ones run. */
  static final class NothingRuns extends Exception {
    NothingRuns(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  private Set<KameletEndpoint> kamelets() {
    Set<KameletEndpoint> all = new LinkedHashSet<>();
    camel.getEndpoints().stream().filter(KameletEndpoint.class::isInstance).map(KameletEndpoint.class::cast)
        .filter(SwappableContext::isPlaced).forEach(all::add);
    return all;
  }

  private void remove(ReloadPlan plan) throws Exception {
    Set<KameletEndpoint> kept = new LinkedHashSet<>();
    for (Route route : running(plan.files())) {
      if (route.getEndpoint() instanceof KameletEndpoint source && plan.sources().contains(route.getRouteId())) {
        kept.add(source);
      }
    }
    camel.unusedKamelets();
    for (RouteDefinition route : definitions(plan.files())) {
      remove(route);
    }
    model.getRestDefinitions().removeIf(rest -> plan.files().contains(file(rest.getResource())));
    plan.files().forEach(camel::removeServicesOf);
    if (plan.shared()) {
      model.getRouteConfigurationDefinitions().clear();
    }
    removeKamelets(plan, kept);
  }

  /** Those that nobody uses any more, with what they are made of, and those that changed. */
  private void removeKamelets(ReloadPlan plan, Set<KameletEndpoint> kept) {
    Set<KameletEndpoint> unused = camel.unusedKamelets();
    kamelets().stream().filter(kamelet -> plan.kamelets().contains(kamelet.getTemplateId())).forEach(unused::add);
    unused.removeAll(kept);
    while (!unused.isEmpty()) {
      unused.forEach(this::remove);
      unused = camel.unusedKamelets();
    }
    plan.kamelets().forEach(name -> {
      RouteTemplateDefinition template = model.getRouteTemplateDefinition(name);
      if (template != null) {
        removeTemplate(template);
      }
    });
  }

  private void removeTemplate(RouteTemplateDefinition template) {
    try {
      model.removeRouteTemplateDefinition(template);
    } catch (Exception e) {
      throw new IllegalStateException("the kamelet " + template.getId() + " cannot be removed: " + e, e);
    }
  }

  private void remove(KameletEndpoint kamelet) {
    try {
      RouteDefinition inner = model.getRouteDefinition(kamelet.getRouteId());
      if (inner != null) {
        remove(inner);
      }
      camel.remove(kamelet);
    } catch (Exception e) {
      throw new IllegalStateException("the kamelet " + kamelet.getTemplateId() + " cannot be removed: " + e, e);
    }
  }

  private void remove(RouteDefinition route) throws Exception {
    String id = route.getRouteId();
    if (camel.getRoute(id) != null) {
      camel.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
    }
    model.removeRouteDefinition(route);
  }

  private void add(ReloadPlan plan, FlowFiles files) throws Exception {
    addTemplates(plan, files);
    Collection<RoutesBuilder> builders = PluginHelper.getRoutesLoader(camel).findRoutesBuilders(resources(
        files.routes().entrySet().stream().filter(file -> plan.files().contains(file.getKey())).map(Map.Entry::getValue)));
    if (plan.shared()) {
      for (RoutesBuilder builder : builders) {
        if (builder instanceof RouteConfigurationsBuilder configurations) {
          configurations.addRouteConfigurationsToCamelContext(camel);
        }
      }
    }
    for (RoutesBuilder builder : builders) {
      camel.adds(builder instanceof RouteBuilder of ? file(of.getResource()) : null);
      camel.addRoutes(builder);
    }
    camel.adds(null);
    for (Route route : running(plan.files())) {
      requireRunning(route);
    }
  }

  private void addTemplates(ReloadPlan plan, FlowFiles files) throws Exception {
    // From their text: what is in the folder may be newer by now, or older once this is undone.
    PluginHelper.getRoutesLoader(camel).loadRoutes(resources(
        files.kamelets().entrySet().stream().filter(file -> plan.kamelets().contains(file.getKey())).map(Map.Entry::getValue)));
  }

  private void requireRunning(Route route) {
    boolean starts = Boolean.parseBoolean(camel.resolvePropertyPlaceholders(autoStartup(route)));
    if (starts && !camel.getRouteController().getRouteStatus(route.getRouteId()).isStarted()) {
      throw new IllegalStateException("the route " + route.getRouteId() + " did not start");
    }
  }

  private String autoStartup(Route route) {
    String given = model.getRouteDefinition(route.getRouteId()).getAutoStartup();
    return given == null ? "true" : given;
  }

  private static List<Resource> resources(Stream<FlowFile> files) {
    List<Resource> all = new ArrayList<>();
    files.forEach(file -> all.add(ResourceHelper.fromString("file:" + file.path().toAbsolutePath(), file.text())));
    return all;
  }

  /** Nothing more comes in by it; a message that is in it goes on. */
  static void close(Route route) {
    ServiceHelper.suspendService(route.getConsumer());
  }

  /** As it was before {@link #close}. */
  static void open(Route route) {
    ServiceHelper.resumeService(route.getConsumer());
  }

  /** @return whether no message is in it within the time */
  boolean isEmpty(Route route, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (camel.getInflightRepository().size(route.getRouteId()) > 0) {
      if (System.nanoTime() > end) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return true;
  }
}
