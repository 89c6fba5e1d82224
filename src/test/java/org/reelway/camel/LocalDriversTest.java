package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.TestState;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.HttpCalls.Answer;

class LocalDriversTest {
  @TempDir Path folder;

  @Test
  void aDriverThatCannotBeMadeLeavesNothingBehindHoweverOftenItIsTried() throws Exception {
    Files.createDirectories(folder.resolve("state/workflow"));
    Path inTheWay = Files.writeString(folder.resolve("state/workflow/viewer"), "a file, where a folder is wanted");
    Map<String, String> settings = Map.of(
        "reelway.recordings.folder", Files.createDirectories(folder.resolve("recordings")).toString(),
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.store.endpoint", "http://127.0.0.1:1", "reelway.store.bucket", "recordings",
        "reelway.store.access-key", "a", "reelway.store.secret-key", "b",
        "reelway.http.port", "0", "reelway.management.port", "0");
    try (Sidecar sidecar = new Sidecar(TestState.load(settings), Path.of("."))) {
      sidecar.start();
      long before = publishers();
      HttpCalls http = new HttpCalls(sidecar.http());
      String id = http.post("/streams", "application/json", "{\"name\": \"x\", \"description\": \"\"}").json().path("id").asText();
      for (int i = 0; i < 5; i++) {
        Answer answer = http.post("/streams/" + id, "application/json", "{\"description\": \"" + i + "\"}");
        assertThat(answer.json().path("trouble").asText()).contains(inTheWay.toString());
      }
      assertThat(publishers()).isEqualTo(before);

      Files.delete(inTheWay);
      assertThat(http.post("/streams/" + id, "application/json", "{}").json().path("state").asText()).isEqualTo("stopped");
      assertThat(publishers()).isEqualTo(before + 2);
    }
  }

  private static long publishers() {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("live-removal")).count();
  }
}
