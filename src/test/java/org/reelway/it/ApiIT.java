package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.RawHttp;
import org.reelway.testkit.TestStore;

/** The HTTP API is what {@code GET /openapi.json} says of it. */
class ApiIT {
  private static final String JSON = "application/json";

  @TempDir static Path folder;
  private static TestStore store;
  private static ChildReelway child;
  private static JsonNode api;

  @BeforeAll
  static void start() {
    store = TestStore.start(folder.resolve("store"));
    child = ChildReelway.sidecar(folder, store.endpoint()).startReady();
    api = child.http().get("/openapi.json").json();
  }

  @AfterAll
  static void stop() {
    child.close();
    store.close();
  }

  private record Call(String method, String path, JsonNode described) {
    /** Of a thing that is not there. */
    String request() {
      return path.replaceAll("\\{[^}]*}", "none");
    }

    Answer answer() {
      return switch (method) {
        case "GET" -> child.http().get(request());
        case "DELETE" -> child.http().delete(request());
        case "PUT" -> child.http().put(request());
        default -> child.http().post(request(), JSON, described.has("requestBody") ? "{}" : "");
      };
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private static List<Call> calls() {
    List<Call> all = new ArrayList<>();
    api.path("paths").properties().forEach(path -> path.getValue().properties().forEach(call ->
        all.add(new Call(call.getKey().toUpperCase(Locale.ROOT), path.getKey(), call.getValue()))));
    return all;
  }

  @Test
  void everyCallAnswersAsItIsDescribed() {
    assertThat(calls()).hasSizeGreaterThan(30).allSatisfy(call -> {
      Answer answer = call.answer();
      List<String> described = new ArrayList<>(List.of("422"));
      call.described().path("responses").fieldNames().forEachRemaining(described::add);
      assertThat(String.valueOf(answer.status())).as(answer.body()).isIn(described);
      if (answer.status() >= 400) {
        assertThat(answer.json().fieldNames()).toIterable().containsExactly("error", "class");
        assertThat(answer.json().path("class").asText()).isEqualTo("input");
      }
      assertThat(call.described().path("summary").asText()).isNotBlank();
    });
  }

  @Test
  void anAnswerHasTheMembersOfItsDescription() {
    List<Call> lists = calls().stream()
        .filter(call -> call.method().equals("GET") && !call.path().contains("{")).toList();

    assertThat(lists).hasSizeGreaterThan(12).allSatisfy(call -> {
      Answer answer = call.answer();
      assertThat(answer.status()).isEqualTo(200);
      JsonNode properties = schema(call.described().at("/responses/200/content/application~1json/schema")).path("properties");
      assertThat(properties).isNotEmpty();
      answer.json().fieldNames().forEachRemaining(member -> assertThat(properties.has(member)).as(member).isTrue());
    });
  }

  private static JsonNode schema(JsonNode schema) {
    if (schema.has("items")) {
      return schema(schema.path("items"));
    }
    String reference = schema.path("$ref").asText("");
    return reference.isEmpty() ? schema : api.at(reference.substring(1));
  }

  @Test
  void theDescriptionSaysWhatAQueryTakesAndWhatABodyIs() {
    JsonNode limit = StreamSupport.stream(api.at("/paths/~1recordings/get/parameters").spliterator(), false)
        .filter(parameter -> parameter.path("name").asText().equals("limit")).findFirst().orElseThrow();
    JsonNode start = schema(
        api.at("/paths/~1rest-api~1stream~1startRecording/post/requestBody/content/application~1json/schema"));

    assertThat(api.at("/info/title").asText()).isEqualTo("Reelway");
    assertThat(limit.at("/schema/type").asText()).isEqualTo("integer");
    assertThat(limit.at("/schema/default").asText()).isEqualTo("100");
    assertThat(start.path("properties").fieldNames()).toIterable().contains("mediaSessionId", "fileName", "config");
  }

  @Test
  void anAnswerIsJsonHoweverItWasAskedForAndHasNoHeaderOfTheRequest() {
    for (Map.Entry<String, String> sent : Map.of(
        "Accept", "text/html,application/xml", "Content-Type", "text/plain", "Cookie", "session=secret").entrySet()) {
      String whole = RawHttp.to(child.http().server()).send("GET /folders?limit=5 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
          + sent.getKey() + ": " + sent.getValue() + "\r\nX-Mine: mine\r\n\r\n").rest();
      assertThat(whole).startsWith("HTTP/1.1 200 ").containsIgnoringCase("\r\nContent-Type: application/json\r\n")
          .containsIgnoringCase("\r\nCache-Control: no-store\r\n").containsIgnoringCase("\r\nX-Content-Type-Options: nosniff\r\n")
          .contains("\"folders\"").doesNotContain("mine", "secret", "limit").endsWith("}\n\r\n0\r\n\r\n");
    }
  }

  @Test
  void aBodyThatACallDoesNotTakeIsPassedOver() {
    Answer form = child.http().post("/recordings/none/release", "application/x-www-form-urlencoded", "a=b");
    Answer list = child.http().post("/rest-api/multipleRecorder/find_all", JSON, "[1");

    assertThat(form.status()).as(form.body()).isEqualTo(404);
    assertThat(list.error()).isEqualTo("no multi-recording goes on");
  }

  @Test
  void aWrongBodyIsNamedWithoutOurClasses() {
    for (Map.Entry<String, String> row : Map.of(
        "[1]", "the body is no JSON object",
        "x", "the body is not JSON: Unrecognized token 'x': was expecting",
        "{\"file\":5}", "\"file\" is no text but number; put it in quotes",
        "{\"file\":{}}", "\"file\" is no text but object; put it in quotes",
        "{\"file\":\"/none.mp4\",\"creationTime\":{}}", "\"creationTime\" is no text",
        "{\"file\":\"/none.mp4\",\"durationMs\":\"1.5\"}", "\"durationMs\" is \"1.5\"; it is a whole number",
        "", "\"file\" is \"\"; name a recording by its whole path").entrySet()) {
      Answer answer = child.http().post("/mixes", JSON, row.getKey());
      assertThat(answer.status()).as(row.getKey()).isEqualTo(422);
      assertThat(answer.error()).as(row.getKey()).startsWith(row.getValue()).doesNotContain("org.reelway", "jackson");
    }
  }
}
