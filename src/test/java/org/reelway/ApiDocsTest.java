package org.reelway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The table of calls in docs/api.md is made of {@code routes/80-api} and {@code 85-dashboard}; run with {@code -Dreelway.docs.write=true} to write it. */
class ApiDocsTest {
  private static final Path PAGE = Path.of("docs", "api.md");
  private static final String BEGIN = "| call | what it does | answers |";

  @Test
  void theDocsListEveryCallOfTheApi() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf("\n\n", begin);
    String made = page.substring(0, begin) + table() + page.substring(end);
    if (Boolean.getBoolean("reelway.docs.write")) {
      Files.writeString(PAGE, made);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(made);
  }

  private static String table() throws IOException {
    TreeMap<String, String> rows = new TreeMap<>();
    for (String file : new String[] {"80-api.camel.yaml", "85-dashboard.camel.yaml"}) {
      add(new ObjectMapper().valueToTree(new Yaml().load(Files.readString(Path.of("routes", file)))), rows);
    }
    return BEGIN + "\n|---|---|---|\n" + String.join("\n", rows.values());
  }

  private static void add(JsonNode entries, TreeMap<String, String> rows) {
    entries.findValues("rest").forEach(rest -> rest.properties().forEach(verb -> {
      if (verb.getValue().isArray()) {
        verb.getValue().forEach(call -> rows.put(
            call.path("path").asText() + " " + verb.getKey(), row(verb.getKey().toUpperCase(Locale.ROOT), call)));
      }
    }));
  }

  private static String row(String method, JsonNode call) {
    String query =
        each(call.path("param")).filter(param -> param.path("type").asText().equals("query"))
            .map(param -> " `?" + param.path("name").asText() + "=` " + param.path("description").asText()
                + (param.has("defaultValue") ? " (" + param.path("defaultValue").asText() + ")" : ""))
            .collect(Collectors.joining());
    String answers =
        each(call.path("responseMessage"))
            .map(answer -> answer.path("code").asText() + " " + answer.path("message").asText())
            .collect(Collectors.joining(" "));
    return "| `" + method + " " + call.path("path").asText() + "` | " + call.path("description").asText() + query + " | "
        + answers + " |";
  }

  private static Stream<JsonNode> each(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
