package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.CallbackReceiver.Received;
import org.reelway.testkit.HttpCalls;

/** With a real sidecar, a real store and a real backend. */
class CallbacksCommandTest {
  private static final String SECRET = "a plain secret of ours".replace(' ', '-');

  @TempDir Path folder;
  private final CallbackReceiver backend = new CallbackReceiver();
  private SidecarFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new SidecarFixture(folder);
    fixture.store.createBucket(SidecarFixture.BUCKET);
    fixture.settings.put("reelway.callbacks.url", "cms=" + backend.uri("/hook?token=topsecret"));
    fixture.settings.put("reelway.callbacks.secret", SECRET);
    fixture.settings.put("reelway.callbacks.allow-private", "127.0.0.1");
    fixture.settings.put("reelway.callbacks.retry-first", "100ms");
    fixture.settings.put("reelway.callbacks.retry-max", "200ms");
    fixture.settings.put("reelway.recordings.tidy", "delete");
    fixture.settings.put("reelway.recordings.settle-time", "0s");
  }

  @AfterEach
  void stop() {
    fixture.close();
    backend.close();
  }

  private void mark(String name, String content) throws Exception {
    fixture.file(name, content);
    Files.createFile(fixture.recordings.resolve(name + ".upload"));
  }

  private static JsonNode body(Received received) throws Exception {
    return JsonMapper.builder().build().readTree(received.body());
  }

  @Test
  void aFinishedRecordingIsToldSignedAndCanBeToldOnceMore() throws Exception {
    try (Sidecar sidecar = fixture.started()) {
      assertThat(fixture.command("callbacks")).as(fixture.said()).isZero();
      assertThat(fixture.said()).contains("0 wait, 0 are delivered, 0 were given up");
      mark("cam.mp4", "a recording");
      await().atMost(Duration.ofSeconds(60)).until(() -> backend.received().size() == 1);
      Received received = backend.received().get(0);

      JsonNode body = body(received);
      assertThat(body.path("type").asText()).isEqualTo("recording.finished");
      JsonNode data = body.path("data");
      assertThat(data.path("id").asText())
          .isEqualTo(sidecar.history().list(Optional.empty(), 1).get(0).id());
      assertThat(List.of("file", "path", "bucket", "key", "place", "size"))
          .extracting(name -> data.path(name).asText())
          .containsExactly(
              fixture.recordings.resolve("cam.mp4").toString(), "cam.mp4", SidecarFixture.BUCKET, "cam.mp4", "store", "11");
      assertThat(data.path("evidence").asText()).matches("(crc|md5).*");
      assertThat(received.path()).isEqualTo("/hook?token=topsecret");
      String signed = received.id() + "." + received.headers().get("webhook-timestamp") + "." + received.body();
      assertThat(received.headers().get("webhook-signature")).isEqualTo("v1," + hmac(signed));

      await().until(() -> fixture.command("callbacks") == 0 && fixture.said().contains("1 are delivered"));
      assertThat(fixture.said()).contains(received.id(), "delivered", "recording.finished", "cms", "cam.mp4");
      assertThat(fixture.command("callbacks", "replay", received.id())).as(fixture.said()).isZero();
      await().until(() -> backend.received().size() == 2);
      assertThat(backend.received().get(1).id()).isEqualTo(received.id());
      assertThat(backend.received().get(1).body()).isEqualTo(received.body());
      assertThat(fixture.command("callbacks", "replay", "cb_none")).isEqualTo(2);
      assertTakesTheFileOfTheCommandBefore(received.id());
      assertThat(fixture.said()).contains("no callback has the id");
      assertNothingSecretIsShown(sidecar, received.id());
    }
  }

  private void assertTakesTheFileOfTheCommandBefore(String id) throws Exception {
    StringBuilder text = new StringBuilder();
    fixture.settings.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    Path file = Files.writeString(folder.resolve("mine.properties"), text);
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said, true);
    int code = CommandLineProgram.commandLine().setOut(writer).setErr(writer)
        .execute("callbacks", "-c", file.toString(), "-s", "reelway.log.level=info", "replay", id);
    assertThat(code).as(said.toString()).isZero();
    await().until(() -> backend.received().size() == 3);
  }

  private static String hmac(String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void assertNothingSecretIsShown(Sidecar sidecar, String id) {
    HttpCalls api = new HttpCalls(sidecar.http());
    HttpCalls management = new HttpCalls(sidecar.management());
    String all =
        api.get("/callbacks").body() + api.get("/callbacks/" + id).body()
            + management.get("/observe/health").body() + management.get("/observe/metrics").body();
    assertThat(all)
        .contains("\"type\" : \"recording.finished\"", "reelway_callbacks_delivered_total{receiver=\"cms\"}",
            "{\"name\":\"callbacks\",\"status\":\"UP\"}")
        .doesNotContain("topsecret", SECRET);
    assertThat(api.get("/callbacks?state=lost").status()).isEqualTo(422);
    assertThat(api.get("/callbacks?limit=0").status()).isEqualTo(422);
    assertThat(api.get("/callbacks/cb_none").status()).isEqualTo(404);
  }

  @Test
  void aRecordingThatIsSetAsideIsToldOnceEachTime() throws Exception {
    fixture.settings.put("reelway.recordings.settle-time", "1s");
    fixture.settings.put("reelway.recordings.rescan-every", "1s");
    try (Sidecar sidecar = fixture.started()) {
      Files.createFile(fixture.recordings.resolve("gone.mp4.upload"));
      await().atMost(Duration.ofSeconds(60)).until(() -> backend.received().size() == 1);
      JsonNode body = body(backend.received().get(0));
      assertThat(body.path("type").asText()).isEqualTo("recording.set-aside");
      assertThat(body.path("data").path("reason").asText()).contains("gone.mp4");

      fixture.file("gone.mp4", "it is back");
      await().atMost(Duration.ofSeconds(60)).until(() -> backend.received().size() == 2);
      assertThat(body(backend.received().get(1)).path("type").asText()).isEqualTo("recording.finished");
    }
  }

  @Test
  void aBackendThatTakesNothingIsSeenInHealthAndCostsNoRecordingItsWay() throws Exception {
    backend.behave(CallbackReceiver.answering(410));
    try (Sidecar sidecar = fixture.started()) {
      mark("cam.mp4", "a recording");
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.notExists(fixture.recordings.resolve("cam.mp4")));
      await().until(() -> fixture.command("callbacks", "--state", "dead") == 0 && fixture.said().contains("410"));
      String health = new HttpCalls(sidecar.management()).get("/observe/health").body();
      assertThat(health).contains("0 callbacks wait, 1 were given up");

      backend.behave(CallbackReceiver.answering(200));
      assertThat(fixture.command("callbacks", "replay", "--dead")).as(fixture.said()).isZero();
      await().until(() -> fixture.command("callbacks") == 0 && fixture.said().contains("1 are delivered"));
    }
  }
}
