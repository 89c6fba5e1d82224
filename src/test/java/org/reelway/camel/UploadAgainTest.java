package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.state.TestState;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;
import software.amazon.awssdk.core.sync.RequestBody;

/** {@code POST /recordings/{id}/upload}, of a real sidecar and a real store. */
class UploadAgainTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;
  private TestStore store;
  private SlowWire wire;
  private CallbackReceiver backend;
  private Recordings recordings;
  private Sidecar sidecar;
  private HttpCalls http;

  @BeforeEach
  void startStore() throws IOException {
    store = TestStore.start(folder.resolve("store"));
    wire = SlowWire.to(store.endpoint(), 1L << 40);
    backend = new CallbackReceiver();
    recordings = new Recordings(Files.createDirectories(folder.resolve("recordings")).toRealPath());
  }

  private void start(Map<String, String> more) {
    Map<String, String> settings = new LinkedHashMap<>(Map.of(
        "reelway.recordings.folder", recordings.folder().toString(),
        "reelway.state.folder", folder.resolve("state").toString(),
        "reelway.store.endpoint", wire.endpoint().toString(),
        "reelway.store.bucket", TestStore.BUCKET,
        "reelway.store.access-key", TestStore.ACCESS_KEY,
        "reelway.store.secret-key", TestStore.SECRET_KEY,
        "reelway.callbacks.url", "cms=" + backend.uri("/hook"),
        "reelway.callbacks.allow-private", "127.0.0.1",
        "reelway.http.port", "0",
        "reelway.management.port", "0"));
    settings.putAll(more);
    sidecar = new Sidecar(TestState.load(settings), Path.of("."));
    sidecar.start();
    http = new HttpCalls(sidecar.http());
  }

  @AfterEach
  void stop() {
    sidecar.close();
    backend.close();
    wire.close();
    store.close();
  }

  /** @return its id */
  private String sent(Path file) {
    Recordings.mark(file);
    return awaitDone(file.getFileName().toString());
  }

  private String awaitDone(String name) {
    String query = "/recordings?state=done&search=" + name;
    await().atMost(SOON).until(() -> http.get(query).json().path("recordings").size() == 1);
    return http.get(query).json().path("recordings").get(0).path("id").asText();
  }

  private HttpCalls.Answer again(String id) {
    return http.post("/recordings/" + id + "/upload", "application/json", "");
  }

  private List<String> story(String id) {
    List<String> all = new ArrayList<>();
    JsonNode events = http.get("/recordings/" + id).json().path("recording").path("events");
    events.forEach(event -> all.add(event.path("what").asText()));
    return all;
  }

  private void awaitDoneAgain(String id, String name) {
    await().atMost(SOON).untilAsserted(() -> assertThat(story(id)).filteredOn(what -> what.startsWith("tidied")).hasSize(2));
    awaitDone(name);
  }

  @Test
  void aRecordingWhoseObjectIsGoneIsSentFromItsFileUnderTheSameKey() {
    start(Map.of());
    Path file = recordings.random("lost.mp4", 200_000, 1);
    String id = sent(file);
    List<String> keys = store.keys();
    store.client().deleteObject(request -> request.bucket(TestStore.BUCKET).key("lost.mp4"));

    HttpCalls.Answer answer = again(id);

    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    assertThat(answer.json().path("id").asText()).isEqualTo(id);
    awaitDoneAgain(id, "lost.mp4");
    assertThat(store.bytes("lost.mp4")).isEqualTo(Recordings.bytes(file));
    assertThat(store.keys()).isEqualTo(keys);
    assertThat(story(id)).contains("found (upload again)");
    assertThat(Recordings.isMarked(file)).isFalse();
    assertThat(backend.received()).as("told of once: it is the same recording in the same place").hasSize(1);
  }

  @Test
  void whatTheStoreHoldsUnalteredIsNotSentAndWhatWasAlteredIs() {
    start(Map.of());
    Path file = recordings.random("kept.mp4", 200_000, 2);
    String id = sent(file);
    again(id);
    awaitDoneAgain(id, "kept.mp4");
    assertThat(story(id)).anyMatch(what -> what.startsWith("the store had it already"));

    store.client().putObject(
        request -> request.bucket(TestStore.BUCKET).key("kept.mp4"), RequestBody.fromString("somebody's"));
    again(id);

    await().atMost(SOON).untilAsserted(() -> assertThat(store.bytes("kept.mp4")).isEqualTo(Recordings.bytes(file)));
  }

  @Test
  void oneThatIsOnItsWayIsLeftToIt() {
    start(Map.of());
    wire.stall();
    Path file = recordings.random("slow.mp4", 200_000, 3);
    Recordings.mark(file);
    await().atMost(SOON).until(() -> http.get("/recordings?search=slow.mp4").json().path("recordings").size() == 1);
    String id = http.get("/recordings?search=slow.mp4").json().path("recordings").get(0).path("id").asText();

    assertThat(again(id).status()).isEqualTo(422);
    assertThat(again(id).error()).contains("it is on its way already");
    wire.allowAll();
    awaitDone("slow.mp4");
  }

  @Test
  void withoutThatVeryFileNothingIsSentAndTheAnswerSaysWhereItIs() throws IOException {
    start(Map.of());
    Path gone = recordings.random("gone.mp4", 1000, 4);
    String goneId = sent(gone);
    Files.delete(gone);
    Path other = recordings.random("other.mp4", 1000, 5);
    String otherId = sent(other);
    Files.write(other, new byte[] {1, 2, 3});
    byte[] stored = store.bytes("other.mp4");

    assertThat(again(goneId).status()).isEqualTo(422);
    assertThat(again(goneId).error()).contains(gone + " is not there any more: only its object is left, ", "gone.mp4");
    assertThat(again(otherId).error())
        .contains(other + " is another file now than the recording " + otherId + " was", "POST /hooks/recorded");
    assertThat(again("0").status()).isEqualTo(404);
    assertThat(store.bytes("other.mp4")).isEqualTo(stored);
    assertThat(Recordings.isMarked(other)).isFalse();
  }

  @Test
  void aFileThatWasMovedAwayIsSentOnceItIsBack() throws IOException {
    Path archive = Files.createDirectories(folder.resolve("archive")).toRealPath();
    start(Map.of("reelway.recordings.tidy", "move", "reelway.recordings.move-to", archive.toString()));
    Path file = recordings.random("moved.mp4", 1000, 6);
    String id = sent(file);
    store.client().deleteObject(request -> request.bucket(TestStore.BUCKET).key("moved.mp4"));

    assertThat(again(id).error()).endsWith(
        "it was moved to " + archive.resolve("moved.mp4") + "; move it back and ask again");
    Files.move(archive.resolve("moved.mp4"), file);
    assertThat(again(id).status()).isEqualTo(202);

    awaitDoneAgain(id, "moved.mp4");
    assertThat(store.has("moved.mp4")).isTrue();
  }

  @Test
  void oneThatWaitsInTheBackupIsBroughtBackFromThere() {
    TestStore second = TestStore.start(folder.resolve("second"));
    try {
      start(Map.of(
          "reelway.backup.endpoint", second.endpoint().toString(),
          "reelway.backup.bucket", TestStore.BUCKET,
          "reelway.backup.access-key", TestStore.ACCESS_KEY,
          "reelway.backup.secret-key", TestStore.SECRET_KEY,
          "reelway.backup.after", "1s"));
      store.close();
      String id = sent(recordings.random("sheltered.mp4", 1000, 7));

      assertThat(again(id).error()).contains("is in the backup store", "POST /backup/bring-back");
    } finally {
      second.close();
    }
  }
}
