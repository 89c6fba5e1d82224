package org.reelway.app.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.rest.VerbDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

/**
 * A Camel context that builds routes and runs none: it is initialised, which resolves endpoints, beans, expressions
 * and kamelets, and never started, so that no consumer, scheduler or thread comes to life.
 */
final class TrialContext implements AutoCloseable {
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final Map<RouteDefinition, SourceRoute> sources = new HashMap<>();

  TrialContext(Path kameletsFolder, Map<String, String> properties, Consumer<CamelContext> prepare) {
    camel.disableJMX();
    camel.setAutoStartup(false);
    Properties settings = new Properties();
    settings.putAll(properties);
    camel.getPropertiesComponent().setInitialProperties(settings);
    camel.getComponent("kamelet", KameletComponent.class)
        .setLocation("file:" + kameletsFolder.toAbsolutePath());
    prepare.accept(camel);
  }

  /** Parses a file and keeps those of its routes that are to be built; kamelets are built when a route uses them. */
  void add(RouteFile file, Set<SourceRoute> excluded) throws Exception {
    Map<Boolean, List<SourceRoute>> written =
        file.routes().stream().collect(Collectors.partitioningBy(SourceRoute::isCall));
    List<RouteDefinition> routes = new ArrayList<>();
    List<VerbDefinition> calls = new ArrayList<>();
    for (RoutesBuilder builder : load(file)) {
      if (builder instanceof RouteBuilder built) {
        routes.addAll(built.getRouteCollection().getRoutes());
        built.getRestCollection().getRests().forEach(rest -> calls.addAll(rest.getVerbs()));
      }
    }
    for (int i = 0; i < routes.size() && i < written.get(false).size(); i++) {
      keep(routes.get(i), written.get(false).get(i), excluded);
    }
    for (int i = 0; i < calls.size() && i < written.get(true).size(); i++) {
      VerbDefinition call = calls.get(i);
      for (RouteDefinition route : List.copyOf(camel.getRouteDefinitions())) {
        if (route.getOutputs().contains(call.getTo())) {
          keep(route, written.get(true).get(i), excluded);
        }
      }
    }
  }

  private void keep(RouteDefinition route, SourceRoute source, Set<SourceRoute> excluded) throws Exception {
    sources.put(route, source);
    if (excluded.contains(source)) {
      camel.removeRouteDefinition(route);
    }
  }

  private List<RoutesBuilder> load(RouteFile file) throws Exception {
    Resource resource = PluginHelper.getResourceLoader(camel)
        .resolveResource("file:" + file.path().toAbsolutePath());
    List<RoutesBuilder> builders =
        List.copyOf(PluginHelper.getRoutesLoader(camel).findRoutesBuilders(List.of(resource)));
    for (RoutesBuilder builder : builders) {
      camel.addRoutes(builder);
    }
    return builders;
  }

  void build() {
    camel.init();
  }

  CamelContext camel() {
    return camel;
  }

  /** As they were parsed, in the order of the files. */
  List<RouteDefinition> routes() {
    return camel.getRouteDefinitions();
  }

  Optional<SourceRoute> source(String routeId) {
    return sources.entrySet().stream().filter(e -> routeId.equals(e.getKey().getRouteId()))
        .map(Map.Entry::getValue).findFirst();
  }

  /** Id of the outermost step whose text Camel names in a failure. */
  Optional<String> stepId(SourceRoute route, String text) {
    return sources.entrySet().stream().filter(e -> e.getValue() == route)
        .flatMap(e -> e.getKey().getOutputs().stream()).filter(step -> text.equals(step.toString()))
        .map(ProcessorDefinition::getId).filter(Objects::nonNull).findFirst();
  }

  /** Names of a bean's own public methods; none when it is not known. */
  Set<String> methods(String bean) {
    Object found = camel.getRegistry().lookupByName(bean);
    return found == null ? Set.of() : Arrays.stream(found.getClass().getMethods())
        .filter(method -> method.getDeclaringClass() != Object.class).map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  DynamicUriRule dynamic(Map<String, String> properties) {
    return new DynamicUriRule(camel, properties);
  }

  StartRule start() {
    return new StartRule(camel);
  }

  /** Names of a component's endpoint options; none when it is not known. */
  List<String> options(String component) {
    try {
      String schema = camel.getComponentParameterJsonSchema(component);
      List<String> names = new ArrayList<>();
      if (schema != null) {
        new ObjectMapper().readTree(schema).path("properties").fieldNames().forEachRemaining(names::add);
      }
      return names;
    } catch (IOException e) {
      // No suggestion is made then.
      return List.of();
    }
  }

  @Override
  public void close() {
    camel.stop();
  }
}
