package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** The walk of docs/start.md through the life of a live stream, each line of it as it stands there, but for its publisher. */
class LiveWalkIT {
  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");
  private static final Pattern VARIABLE = Pattern.compile("([a-z]+)=(\\S+).*");

  @TempDir Path folder;
  private final Map<String, String> variables = new LinkedHashMap<>();

  private static List<String> lines() throws IOException {
    String section = Files.readString(Path.of("docs", "start.md")).split("\n## A stream that plays\n")[1].split("\n## ")[0];
    return BLOCK.matcher(section).results().flatMap(block -> block.group(1).lines())
        .filter(line -> !line.startsWith("ffmpeg ")).toList();
  }

  /** As whoever reads it types it in; the answer's status is told in a line of its own. */
  private JsonNode run(String line) throws IOException, InterruptedException {
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", line.replaceFirst("^curl", "curl -sS -w '\\\\n%{http_code}'")).redirectErrorStream(true);
    shell.environment().putAll(variables);
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", line, said).isZero();
    int status = said.lastIndexOf('\n');
    assertThat(said.substring(status + 1)).as("%s: %s", line, said).startsWith("20");
    return new JsonMapper().readTree(said.substring(0, status));
  }

  @Test
  void everyLineDoesWhatItSays() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
    try (TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway child =
            ChildReelway.sidecar(folder, store.endpoint()).set("reelway.workflow.listen-port", FreePort.any()).startReady()) {
      Map<String, String> answered = new LinkedHashMap<>(Map.of("api", child.http().server().toString()));
      RtmpPublisher publisher = null;
      String archive = "";
      int calls = 0;
      for (String line : lines()) {
        Matcher variable = VARIABLE.matcher(line);
        if (variable.matches()) {
          variables.put(variable.group(1), answered.get(variable.group(1)));
          continue;
        }
        if (line.endsWith("/split")) {
          String index = archive + "index.m3u8";
          child.await("the archive is long enough",
              () -> store.has(index) && new String(store.bytes(index), StandardCharsets.UTF_8).split("#EXTINF").length > 2);
        }
        JsonNode answer = run(line);
        calls++;
        if (line.endsWith("$api/streams")) {
          answered.put("id", answer.path("id").asText());
          assertThat(answer.path("rtmp1").asText()).matches("rtmp://[^/]+/\\w+/[0-9A-Za-z_-]{16,}");
        } else if (line.endsWith("/start")) {
          answered.put("session", answer.path("current_session_id").asText());
          archive = answer.path("archives_path").path(answered.get("session")).asText().replaceFirst("^s3://[^/]+/", "");
          publisher = RtmpPublisher.publish(folder, answer.path("rtmp1").asText());
        } else if (line.endsWith("/split")) {
          assertThat(new String(store.bytes(answer.path("indexes").path(0).asText()), StandardCharsets.UTF_8))
              .contains("#EXTINF").endsWith("#EXT-X-ENDLIST\n");
        } else if (line.endsWith("/stop")) {
          publisher.close();
        }
      }
      assertThat(calls).isEqualTo(6);
      String stream = "/streams/" + answered.get("id");
      child.await("nothing is left of it", () -> child.http().get(stream).status() == 404);
      assertThat(store.has(archive + "index.m3u8")).isTrue();
    }
  }
}
