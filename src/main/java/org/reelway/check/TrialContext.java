package org.reelway.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
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

  /** Parses a kamelet; its template is built when a route uses it. */
  void add(Kamelet kamelet) throws Exception {
    load(kamelet.file());
  }

  /** Parses a file and keeps those of its routes that are to be built. */
  void add(SourceFile file, java.util.Set<SourceRoute> excluded) throws Exception {
    List<RouteDefinition> definitions = new ArrayList<>();
    for (RoutesBuilder builder : load(file)) {
      if (builder instanceof RouteBuilder routes) {
        definitions.addAll(routes.getRouteCollection().getRoutes());
      }
    }
    for (int i = 0; i < definitions.size() && i < file.routes().size(); i++) {
      SourceRoute source = file.routes().get(i);
      sources.put(definitions.get(i), source);
      if (excluded.contains(source)) {
        camel.removeRouteDefinition(definitions.get(i));
      }
    }
  }

  private List<RoutesBuilder> load(SourceFile file) throws Exception {
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

  Optional<SourceRoute> source(String routeId) {
    return sources.entrySet().stream().filter(e -> routeId.equals(e.getKey().getRouteId()))
        .map(Map.Entry::getValue).findFirst();
  }

  /** Id of the outermost step whose text Camel names in a failure. */
  Optional<String> stepId(SourceRoute route, String text) {
    return sources.entrySet().stream().filter(e -> e.getValue() == route)
        .flatMap(e -> e.getKey().getOutputs().stream()).filter(step -> text.equals(step.toString()))
        .map(ProcessorDefinition::getId).filter(java.util.Objects::nonNull).findFirst();
  }

  /** Names of a component's endpoint options; none when it is not known. */
  List<String> options(String component) {
    List<String> names = new ArrayList<>();
    try {
      String schema = camel.getComponentParameterJsonSchema(component);
      JsonNode options = schema == null ? null : new ObjectMapper().readTree(schema).path("properties");
      if (options != null) {
        options.fieldNames().forEachRemaining(names::add);
      }
    } catch (IOException e) {
      // No suggestion is made then.
      return List.of();
    }
    return names;
  }

  @Override
  public void close() {
    camel.stop();
  }
}
