package org.reelway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.app.check.RoutesCheck;
import org.reelway.camel.CallbackFeature;
import org.reelway.camel.CamelProperties;
import org.reelway.camel.TrialBeans;
import org.reelway.settings.Settings;
import org.reelway.testkit.Recipe;
import org.reelway.testkit.RoutesPage;
import org.yaml.snakeyaml.Yaml;

/** The routes and kamelets that Reelway ships are what it asks of an operator's. */
class ShippedRoutesTest {
  private static final Path ROUTES = Path.of("routes");
  private static final Path KAMELETS = Path.of("kamelets");
  private static final List<String> KINDS = List.of("source", "action", "sink");
  private static JsonSchema camel;

  /** Once: it is large, and makes itself ready part by part where it is used. */
  @BeforeAll
  static void readCamelsOwnSchema() throws IOException {
    try (InputStream schema = ShippedRoutesTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
      camel = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(schema);
    }
  }

  static Stream<Path> routes() throws IOException {
    return files(ROUTES);
  }

  static Stream<Path> kamelets() throws IOException {
    return files(KAMELETS);
  }

  private static Stream<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList().stream();
    }
  }

  @Test
  void theCheckFindsNothing() {
    Settings settings = Settings.load(null, Map.of(), Map.of("reelway.store.bucket", "a-bucket"), Set.of());

    RoutesCheck check = new RoutesCheck(ROUTES, KAMELETS, List.of(), CallbackFeature.receiverNames(settings), List.of());
    assertThat(check.problems(camel -> TrialBeans.bind(camel, List.of()), CamelProperties.placeholders(settings))).isEmpty();
  }

  static Stream<Path> examples() throws IOException {
    return files(Path.of("docs", "examples"));
  }

  @BeforeAll
  static void makeThePageAnewWhenAsked() throws IOException {
    if (Boolean.getBoolean("reelway.docs.write")) {
      Files.writeString(RoutesPage.FILE, RoutesPage.made());
    }
  }

  @Test
  void theDocsShowTheVeryFilesThatAreShippedAndTested() throws IOException {
    assertThat(RoutesPage.FILE)
        .as("run mvn -q test -Dtest=ShippedRoutesTest -Dreelway.docs.write=true to make it anew")
        .hasContent(RoutesPage.made());
    String page = Files.readString(RoutesPage.FILE);
    assertThat(examples()).allSatisfy(file -> assertThat(page).contains("<!-- recipe " + file.getFileName() + " -->"));
    assertThat(routes()).allSatisfy(file -> assertThat(page).contains("`" + file + "`"));
  }

  /** What an example leaves out of the shipped routes, an operator who copies it loses. */
  @ParameterizedTest
  @MethodSource("examples")
  void anExampleLeavesOutNoStepOfTheShippedRoutes(Path example, @TempDir Path folder) throws IOException {
    Path routes = Recipe.shippedRoutes(folder.resolve("routes"));

    Recipe.add(example.getFileName().toString(), routes);

    for (Path shipped : routes().toList()) {
      assertThat(endpoints(new Yaml().load(Files.readString(routes.resolve(shipped.getFileName())))))
          .containsAll(endpoints(new Yaml().load(Files.readString(shipped))));
    }
  }

  @Test
  void theDocsListEveryCommand() throws IOException {
    String page = Files.readString(Path.of("docs", "operate.md"));
    String program = Files.readString(Path.of("src/main/java/org/reelway/app/CommandLineProgram.java"));
    assertThat(java.util.regex.Pattern.compile("COMMANDS.put\\(\"([a-z]+)\"").matcher(program).results().map(found -> found.group(1)))
        .hasSizeGreaterThan(10).allSatisfy(command -> assertThat(page).contains("| `reelway " + command));
  }

  /** Each as its URI with its parameters. */
  private static List<String> endpoints(Object node) {
    List<String> found = new ArrayList<>();
    if (node instanceof Map<?, ?> map) {
      if (map.get("uri") != null) {
        found.add(map.get("uri") + " " + map.get("parameters"));
      }
      map.values().forEach(value -> found.addAll(endpoints(value)));
    } else if (node instanceof List<?> list) {
      list.forEach(value -> found.addAll(endpoints(value)));
    }
    return found;
  }

  /** Of {@code disabled} the schema knows no placeholder, which Camel resolves. */
  @ParameterizedTest
  @MethodSource("routes")
  void aRouteIsValidByCamelsOwnSchema(Path file) throws IOException {
    assertThat(camel.validate(Files.readString(file), InputFormat.YAML))
        .filteredOn(found -> !found.getMessage().contains(".rest.disabled: string found")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void everyRouteAndStepHasAnIdAndEveryRouteADescription(Path file) throws IOException {
    List<?> entries = new Yaml().load(Files.readString(file));
    List<String> nameless = new ArrayList<>();
    for (Object entry : entries) {
      if (((Map<?, ?>) entry).get("route") instanceof Map<?, ?> route) {
        assertThat(route.get("id")).as("id of a route in %s", file).isNotNull();
        assertThat(String.valueOf(route.get("description"))).as("description of %s", route.get("id")).endsWith(".");
        collectNameless(route.get("from"), "from of " + route.get("id"), nameless);
      }
    }
    assertThat(nameless).as(file.toString()).isEmpty();
  }

  /** One bean hides what a flow does, and leaves nothing to edit. */
  @Test
  void aRouteOutsideTheApiShowsMoreThanOneBean() throws IOException {
    List<String> hidden = new ArrayList<>();
    for (Path file : routes().toList()) {
      for (Object entry : (List<?>) new Yaml().load(Files.readString(file))) {
        if (((Map<?, ?>) entry).get("route") instanceof Map<?, ?> route
            && ((Map<?, ?>) route.get("from")).get("steps") instanceof List<?> steps && steps.size() == 1
            && ((Map<?, ?>) steps.get(0)).containsKey("bean")) {
          hidden.add(String.valueOf(route.get("id")));
        }
      }
    }
    assertThat(hidden).isEmpty();
  }

  @Test
  void everyCallOfTheApiIsNamedDescribedAndAnswered() throws IOException {
    JsonNode entries = new com.fasterxml.jackson.databind.ObjectMapper()
        .valueToTree(new Yaml().load(Files.readString(ROUTES.resolve("80-api.camel.yaml"))));
    List<JsonNode> calls = new ArrayList<>();
    entries.findValues("rest").forEach(rest -> rest.forEach(verb -> verb.forEach(calls::add)));
    assertThat(calls).hasSizeGreaterThan(30).allSatisfy(call -> {
      assertThat(call.path("routeId").asText()).isNotBlank().isEqualTo(call.path("id").asText());
      assertThat(call.path("description").asText()).endsWith(".");
      assertThat(call.at("/responseMessage/0/code").asText()).startsWith("20");
      assertThat(call.at("/to/id").asText()).isNotBlank();
      assertThat(call.has("outType") || call.path("path").asText().startsWith("/rest-api/")).isTrue();
    });
  }

  private static void collectNameless(Object node, String where, List<String> nameless) {
    Map<?, ?> map = (Map<?, ?>) node;
    if (map.get("id") == null) {
      nameless.add(where);
    }
    if (map.get("steps") instanceof List<?> steps) {
      for (Object step : steps) {
        ((Map<?, ?>) step).forEach((kind, inner) -> collectNameless(inner, where + " > " + kind, nameless));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kamelets")
  void aKameletIsDocumentedByItself(Path file) throws IOException {
    JsonNode kamelet = new com.fasterxml.jackson.databind.ObjectMapper()
        .valueToTree(new Yaml().load(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
    JsonNode definition = kamelet.at("/spec/definition");

    assertThat(file).hasFileName(kamelet.at("/metadata/name").asText() + ".kamelet.yaml");
    assertThat(KINDS).contains(kamelet.at("/metadata/labels/camel.apache.org~1kamelet.type").asText());
    assertThat(definition.path("title").asText()).isNotBlank();
    assertThat(definition.path("description").asText()).isNotBlank();
    definition.path("required").forEach(name -> assertThat(definition.path("properties").has(name.asText())).isTrue());
    definition.path("properties").properties().forEach(parameter -> {
      JsonNode said = parameter.getValue();
      assertThat(said.path("title").asText()).as("title of %s", parameter.getKey()).isNotBlank();
      assertThat(said.path("description").asText()).as("description of %s", parameter.getKey()).isNotBlank();
      assertThat(said.path("type").asText()).as("type of %s", parameter.getKey()).isIn("string", "integer", "boolean");
    });
  }
}
