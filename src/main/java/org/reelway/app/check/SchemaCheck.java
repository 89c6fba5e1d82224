package org.reelway.app.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Validates routes against the schema that Camel ships, {@code schema/camelYamlDsl.json} in camel-yaml-dsl. Its unions
 * answer a slip with up to a hundred findings; one problem per place is made of them.
 */
final class SchemaCheck {
  private static final String SCHEMA = "/schema/camelYamlDsl.json";

  private final JsonSchema schema;

  SchemaCheck() {
    this.schema = load();
  }

  private static JsonSchema load() {
    try (InputStream in = SchemaCheck.class.getResourceAsStream(SCHEMA)) {
      JsonNode tree = new ObjectMapper().readTree(in);
      dropTexts(tree);
      // Parts of the schema are compiled when a route first needs them: all of it takes a second longer.
      SchemaValidatorsConfig config =
          SchemaValidatorsConfig.builder().preloadJsonSchema(false).cacheRefs(true).locale(Locale.ENGLISH).build();
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(tree, config);
    } catch (IOException e) {
      throw new UncheckedIOException("The schema of Camel's YAML routes cannot be read: " + SCHEMA, e);
    }
  }

  /** Texts for editors are two thirds of the schema and are compiled like rules. */
  private static void dropTexts(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      for (String text : List.of("title", "description", "deprecated", "default")) {
        // A property may be called "description" too: then it holds a schema.
        if (object.has(text) && object.get(text).isValueNode()) {
          object.remove(text);
        }
      }
    }
    schema.forEach(SchemaCheck::dropTexts);
  }

  List<RouteProblem> problemsOfRoutes(RouteFile file) {
    return problems(file, file.root().json(), file.root());
  }

  /** Checks the template of a kamelet: a route, or the implicit {@code from}, as it may stand in a routes file. */
  List<RouteProblem> problemsOfKamelet(RouteFile file) {
    Optional<YamlTree> template = file.root().get("spec", "template");
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    for (String kind : List.of("route", "from")) {
      template.flatMap(t -> t.get(kind)).ifPresent(t -> entry.set(kind, t.json()));
    }
    if (entry.size() != 1) {
      int line = template.map(YamlTree::line).orElse(1);
      return List.of(file.error(line, "has " + (entry.isEmpty() ? "neither" : "both") + " 'from' "
          + (entry.isEmpty() ? "nor" : "and") + " 'route' in spec.template", "give one of them"));
    }
    ArrayNode routes = JsonNodeFactory.instance.arrayNode().add(entry);
    return problems(file, routes, template.orElseThrow());
  }

  private List<RouteProblem> problems(RouteFile file, JsonNode json, YamlTree root) {
    Map<String, List<ValidationMessage>> places = new LinkedHashMap<>();
    for (ValidationMessage message : schema.validate(json)) {
      if (isSwitch(json, message)) {
        continue;
      }
      places.computeIfAbsent(message.getInstanceLocation().toString(), p -> new ArrayList<>()).add(message);
    }
    return places.entrySet().stream().filter(place -> isDeepest(place.getKey(), places.keySet()))
        .map(place -> new SchemaFindings(schema.getSchemaNode(), place.getValue())
            .problem(file, locate(root, place.getKey()))).toList();
  }

  /** Of {@code disabled} the schema knows true and false only; Camel takes a placeholder as well. */
  private static boolean isSwitch(JsonNode json, ValidationMessage message) {
    String place = message.getInstanceLocation().toString();
    return place.endsWith("/disabled") && json.at(place).asText().matches("\\{\\{[^}]+}}");
  }

  /** A slip also fails every union around it: only the innermost place is told. */
  private static boolean isDeepest(String place, Collection<String> places) {
    return places.stream().noneMatch(other -> other.startsWith(place + "/"));
  }

  /** Follows an instance path, for example {@code /0/route/from}; from a map, a leading index stands for the map. */
  private static YamlTree locate(YamlTree root, String pointer) {
    YamlTree at = root;
    for (String step : pointer.split("/")) {
      YamlTree here = at;
      if (here.isList() && !step.isEmpty()) {
        at = here.items().get(Integer.parseInt(step));
      } else if (here.isMap()) {
        at = here.get(step.replace("~1", "/").replace("~0", "~")).orElse(here);
      }
    }
    return at;
  }
}
