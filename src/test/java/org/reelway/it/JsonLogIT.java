package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** {@code reelway.log.format=json}, of the whole program. */
class JsonLogIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  private static List<JsonNode> lines(ChildReelway child) {
    return child.err().lines().map(JsonLogIT::parsed).toList();
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  private static JsonNode line(ChildReelway child, String what, Predicate<JsonNode> wanted) {
    child.await(what, () -> lines(child).stream().anyMatch(wanted));
    return lines(child).stream().filter(wanted).findFirst().orElseThrow();
  }

  private static boolean says(JsonNode line, String text) {
    return line.path("message").asText().contains(text);
  }

  private Path routes() throws IOException {
    Path routes = Files.createDirectories(folder.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
    Files.writeString(routes.resolve("99-own.camel.yaml"), """
        - route:
            id: own-tick
            from:
              uri: timer:own-tick
              parameters: {delay: 0, repeatCount: 1}
              steps:
                - to: direct:own-part
        - route:
            id: own-part
            from:
              uri: direct:own-part
              steps:
                - log: {message: "a line\\nof a route", loggingLevel: WARN, logName: own}
        """);
    return routes;
  }

  @Test
  void eachLineIsAnObjectThatNamesItsRecordingStreamAndRoute() throws IOException {
    Files.createDirectories(folder.resolve("state"));
    Files.createSymbolicLink(folder.resolve("state/ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    try (TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway child = ChildReelway.sidecar(folder, store.endpoint())
            .set("reelway.log.format", "json")
            .set("reelway.routes.folder", routes())
            .set("reelway.routing.source", "rtmp://127.0.0.1:9/{app}/{stream}")
            .set("reelway.routing.destinations", "rtmp://127.0.0.1:9/elsewhere/{stream}")
            .startReady()) {
      Path file = new Recordings(folder.resolve("recordings")).random("cam 1\n.mp4", 6 << 20, 1);
      Recordings.mark(file);
      Path missing = folder.resolve("recordings/missing.mp4");
      Recordings.mark(missing);
      child.http().post("/hooks/nginx-rtmp", "application/x-www-form-urlencoded", "call=publish&app=live&name=cam1&addr=127.0.0.1&clientid=1");

      JsonNode sent = line(child, "it is sent", each -> says(each, file + " → "));
      child.await("its story is written", () -> child.http().get("/recordings?state=done").json().at("/recordings/0").has("id"));
      assertThat(sent.path("recording").asText())
          .isEqualTo(child.http().get("/recordings?state=done").json().at("/recordings/0/id").asText());
      assertThat(sent.path("file").asText()).isEqualTo(file.toString());
      assertThat(sent.path("route").asText()).isEqualTo("recordings-verified");
      assertThat(sent.path("level").asText()).isEqualTo("INFO");
      JsonNode aside = line(child, "one is set aside", each -> says(each, "set aside (input)"));
      assertThat(aside.path("file").asText()).isEqualTo(missing.toString());
      assertThat(aside.path("level").asText()).isEqualTo("ERROR");
      JsonNode relay = line(child, "the relay has no source", each -> says(each, "it is tried again"));
      assertThat(relay.path("stream").asText()).isEqualTo("cam1");
      JsonNode own = line(child, "a step logs", each -> each.path("logger").asText().equals("own"));
      assertThat(own.path("route").asText()).isEqualTo("own-part");
      assertThat(own.path("message").asText()).isEqualTo("a line\nof a route");
      assertThat(line(child, "it is ready", each -> says(each, "ready: ")).has("recording")).isFalse();
      child.terminate();
      child.awaitExit();
      assertThat(lines(child)).allSatisfy(each -> assertThat(each.has("time") && each.has("message")).isTrue());
    }
  }

  @Test
  void aStartThatFailsIsToldInJsonToo() {
    try (ChildReelway child = ChildReelway.sidecar(folder, java.net.URI.create("http://127.0.0.1:9"))
        .set("reelway.log.format", "json").set("reelway.routes.folder", folder).start()) {
      assertThat(child.awaitExit()).isEqualTo(2);
      JsonNode last = lines(child).get(lines(child).size() - 1);
      assertThat(last.path("level").asText()).isEqualTo("ERROR");
      assertThat(last.path("message").asText()).contains("holds no route");
    }
  }
}
