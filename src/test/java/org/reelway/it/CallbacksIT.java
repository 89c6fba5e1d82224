package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.CallbackReceiver.Received;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.MultiTrackMp4;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** A sidecar that is killed between the steps of a finished recording: its callback arrives, and is one. So does a mix's. */
class CallbacksIT {
  @TempDir Path folder;

  /** The shipped routes, in which a recording is held before the step of this id. */
  private Path heldBefore(String step) throws IOException {
    Path routes = Files.createDirectories(folder.resolve("routes-" + step));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        String text = Files.readString(file);
        Matcher start =
            Pattern.compile("( +)- (?:to|filter):\n +id: " + step + "\n").matcher(text);
        String hold = "$1- delay: {id: hold, expression: {constant: {expression: \"600000\"}}}\n$0";
        String name = file.getFileName().toString();
        Files.writeString(
            routes.resolve(name), name.startsWith("30-") ? start.replaceFirst(hold) : text);
      }
    }
    assertThat(Files.readString(routes.resolve("30-recordings-verified.camel.yaml"))).contains("id: hold");
    return routes;
  }

  @Test
  void killedBeforeAndAfterItsCallbackIsStoredARecordingIsToldOnceUnderOneId() throws Exception {
    try (TestStore store = TestStore.start(folder.resolve("store")); CallbackReceiver backend = new CallbackReceiver()) {
      backend.behave(CallbackReceiver.answering(503));
      Path file = new Recordings(folder.resolve("recordings")).random("cam.mp4", 1000, 1);
      Recordings.mark(file);
      Path room =
          new MultiTrackMp4()
              .take("Ann", "a", 0, 1, 0).video("red", 160, 90, 25).audio(500, 48000, "mono").and()
              .write(folder.resolve("recordings/room.mp4"));
      Files.createSymbolicLink(
          Files.createDirectories(folder.resolve("state")).resolve("ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
      Path mixer =
          Files.writeString(
              folder.resolve("mixer.json"),
              "{\"minAvailableSpace\":\"1M\",\"callbackUrl\":\"" + backend.uri("/multi") + "\"}");
      ChildReelway.CommandLine sidecar =
          ChildReelway.sidecar(folder, store.endpoint())
              .set("reelway.recordings.tidy", "delete")
              .set("reelway.mixer.settings", mixer)
              .set("reelway.callbacks.multi-recorder", "uploaded")
              .set("reelway.callbacks.additions", "true")
              .set("reelway.callbacks.url", "cms=" + backend.uri("/hook"))
              .set("reelway.callbacks.allow-private", "127.0.0.1")
              .set("reelway.callbacks.retry-first", "100ms")
              .set("reelway.callbacks.retry-max", "200ms");
      sidecar.set("reelway.routes.folder", heldBefore("tell-finished"));
      try (ChildReelway child = sidecar.startReady()) {
        child.http().post("/mixes", "application/json", "{\"file\":\"" + room + "\",\"recorderUri\":\"u\"}");
        Recordings.mark(room);
        child.await("all are verified", () -> {
          String verified = child.http().get("/recordings?state=verified").body();
          return verified.contains("cam.mp4") && verified.contains("room.mp4") && verified.contains("room_mixed.mp4");
        });
        child.kill();
      }
      assertThat(backend.received()).isEmpty();
      assertThat(file).exists();

      sidecar.set("reelway.routes.folder", heldBefore("tidy"));
      try (ChildReelway child = sidecar.startReady()) {
        child.await(
            "the backend refused both",
            () -> backend.received().stream().map(Received::path).distinct().count() == 2);
        child.kill();
      }
      assertThat(file).exists();

      backend.behave(CallbackReceiver.answering(200));
      sidecar.set("reelway.routes.folder", Path.of("routes").toAbsolutePath());
      try (ChildReelway child = sidecar.startReady()) {
        child.await(
            "all are tidied",
            () -> Files.notExists(file) && Files.notExists(room) && Files.notExists(room.resolveSibling("room_mixed.mp4")));
        child.await(
            "the callbacks are delivered",
            // The recordings' own, and the multi-recorder's.
            () -> child.http().get("/callbacks?state=delivered").json().path("delivered").asInt() == 4);
        assertThat(child.http().get("/callbacks").json().path("callbacks")).hasSize(4);
        assertThat(child.http().get("/mixes").json().path("awaitingUpload")).isEmpty();
      }
      assertThat(folder.resolve("state/multi-recorder-callbacks")).isEmptyDirectory();
      List<Received> mixed = backend.received().stream().filter(each -> each.path().equals("/multi")).toList();
      assertThat(mixed).extracting(Received::id).containsOnly(mixed.get(0).id());
      assertThat(mixed).extracting(Received::body).containsOnly(mixed.get(0).body());
      JsonNode more = new JsonMapper().readTree(mixed.get(0).body()).path("reelway");
      assertThat(more.at("/recording/key").asText()).isEqualTo("room.mp4");
      assertThat(more.at("/mix/key").asText()).isEqualTo("room_mixed.mp4");
      assertThat(more.at("/mix/evidence").asText()).isNotEmpty();
      List<Received> all =
          backend.received().stream().filter(each -> each.path().equals("/hook") && each.body().contains("cam.mp4")).toList();
      assertThat(all).extracting(Received::id).containsOnly(all.get(0).id());
      assertThat(all).extracting(Received::body).containsOnly(all.get(0).body());
      assertThat(new JsonMapper().readTree(all.get(0).body()).path("data").path("key").asText()).isEqualTo("cam.mp4");
      assertThat(store.has("cam.mp4")).isTrue();
    }
  }

  @Test
  void whatIsToldHasALinkThatOpensTheRecordingAndIsStoredNowhere() throws Exception {
    try (TestStore store = TestStore.start(folder.resolve("store")); CallbackReceiver backend = new CallbackReceiver()) {
      backend.behave(CallbackReceiver.answering(503));
      Path file = new Recordings(folder.resolve("recordings")).random("cam é+\"1\" ${sysenv.HOME}.mp4", 1000, 1);
      try (ChildReelway child =
          ChildReelway.sidecar(folder, store.endpoint())
              .set("reelway.callbacks.url", "cms=" + backend.uri("/hook"))
              .set("reelway.callbacks.allow-private", "127.0.0.1")
              .set("reelway.callbacks.retry-first", "100ms")
              .set("reelway.callbacks.retry-max", "200ms")
              .set("reelway.callbacks.link-expires", "1h")
              .startReady()) {
        Recordings.mark(file);
        child.await("the backend refused it", () -> !backend.received().isEmpty());
        backend.behave(CallbackReceiver.answering(200));
        child.await("it is delivered", () -> child.http().get("/callbacks").json().path("delivered").asInt() == 1);

        Received told = backend.received().get(backend.received().size() - 1);
        URI link = URI.create(new JsonMapper().readTree(told.body()).at("/data/link").asText());
        assertThat(link.getQuery()).contains("X-Amz-Expires=3600");
        assertThat(get(link).body()).isEqualTo(Recordings.bytes(file));
        assertThat(get(URI.create(link.toString().split("\\?")[0])).statusCode()).as("without what signs it").isEqualTo(403);

        String id = child.http().get("/callbacks").json().at("/callbacks/0/id").asText();
        assertThat(child.http().get("/callbacks/" + id).body()).contains("recording.finished").doesNotContain("X-Amz-");
        child.terminate();
        child.awaitExit();
        assertThat(child.out() + child.err()).doesNotContain("X-Amz-");
      }
      try (Stream<Path> all = Files.walk(folder.resolve("state"))) {
        assertThat(all.filter(Files::isRegularFile)).isNotEmpty()
            .allSatisfy(each -> assertThat(Files.readString(each, StandardCharsets.ISO_8859_1)).doesNotContain("X-Amz-Signature"));
      }
    }
  }

  private static HttpResponse<byte[]> get(URI uri) throws Exception {
    return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
