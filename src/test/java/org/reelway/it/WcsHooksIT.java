package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.CallbackReceiver.Received;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.MultiTrackMp4;
import org.reelway.testkit.TestStore;
import org.reelway.testkit.WcsForm;

/** The scripts that WCS calls, called as WCS calls them, beside a running sidecar. */
class WcsHooksIT {
  private static final String URI = "multi-recorder://room 1";

  private static final long FROM_1904 = 2_082_844_800L;

  @TempDir Path folder;
  private int port;

  private record Said(int code, String text) {}

  private Said script(String name, String... arguments) throws IOException, InterruptedException {
    return script(Map.of(), name, arguments);
  }

  private Said script(Map<String, String> more, String name, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of("hooks", name).toAbsolutePath().toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("REELWAY_"));
    builder.environment().put("REELWAY", Path.of("reelway").toAbsolutePath().toString());
    builder.environment().put("REELWAY_CONFIG", config().toString());
    builder.environment().put("WCS_HOME", folder.resolve("wcs").toString());
    builder.environment().putAll(more);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), text);
  }

  private Path config() throws IOException {
    return Files.writeString(
        Files.createDirectories(folder.resolve("etc")).resolve("reelway.properties"),
        "reelway.recordings.folder=" + folder.resolve("recordings") + "\nreelway.state.folder=" + folder.resolve("state")
            + "\nreelway.http.port=" + port + "\nreelway.mixer.settings=" + folder.resolve("offline_mixer.json") + "\n");
  }

  private static Path room(Path file) throws Exception {
    return new MultiTrackMp4()
        .take("Ann", "a", 0, 1, 0).video("red", 160, 90, 25).audio(500, 48000, "mono").and()
        .take("Bob", "b", 0.4, 0.6, 0).video("blue", 160, 90, 25).and()
        .write(file);
  }

  private Path mixerSettings(String json) throws IOException {
    return Files.writeString(folder.resolve("offline_mixer.json"), json);
  }

  /** The job was ordered while nobody ran, with settings that are wrong; it is mixed once they are mended. */
  private void assertWaitsForItsSettings(ChildReelway sidecar, CallbackReceiver backend, Path early) throws Exception {
    sidecar.await("it waits", () -> sidecar.http().get("/mixes").body().contains("callbackUrl is no URL"));
    assertThat(sidecar.management().get("/observe/health/ready").body())
        .contains("{\"name\":\"mixes\",\"status\":\"DOWN\"", "offline_mixer.json: callbackUrl is no URL");
    mixerSettings(
        "{\"minAvailableSpace\":\"1M\",\"mixerVideoWidth\":320,\"mixerVideoHeight\":180,\"callbackUrl\":\""
            + backend.uri("/callback") + "\"}");
    sidecar.await("it is told of, and both are sent", () -> backend.received().size() == 2);
    JsonNode told = WcsForm.MULTI_RECORDER_CALLBACK.assertIsTheForm(backend.received().get(0).body());
    assertThat(told.path("multiRecorderFilePath").asText()).isEqualTo(early.toString());
    assertThat(told.path("multiRecorderDurationInMS").asLong()).isEqualTo(44061);
    assertThat(told.path("recorderUri").asText()).isEqualTo(URI);
    assertThat(sidecar.http().get("/mixes").body()).doesNotContain("callbackUrl");
  }

  private static void assertIsTold(Received received, Path recording) {
    JsonNode told = WcsForm.MULTI_RECORDER_CALLBACK.assertIsTheForm(received.body());
    assertThat(received.method()).isEqualTo("POST");
    assertThat(received.headers().get("content-type")).isEqualTo("application/json");
    assertThat(told.path("multiRecorderCreationModificationTime").asLong()).isEqualTo(3724973476L);
    assertThat(told.path("multiRecorderDurationInMS").asLong()).isEqualTo(1000);
    assertThat(told.path("multiRecorderFilePath").asText()).isEqualTo(recording.toString());
    assertThat(told.path("recorderUri").asText()).isEqualTo(URI);
    assertThat(told.at("/mixerParams/0/path").asText()).isEqualTo(recording.toString().replace(".mp4", "_mixed.mp4"));
    assertThat(told.at("/mixerParams/0/durationInMs").asLong()).isBetween(950L, 1100L);
    assertThat(told.at("/mixerParams/0/creationModificationTime").asLong() - FROM_1904)
        .isCloseTo(Instant.now().getEpochSecond(), within(600L));
  }

  @Test
  void whatWcsRecordedIsSentAndMixed() throws Exception {
    Files.createDirectories(folder.resolve("wcs/logs"));
    Path recordings = Files.createDirectories(folder.resolve("recordings"));
    Files.createDirectories(folder.resolve("state"));
    Files.createSymbolicLink(folder.resolve("state/ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path early = room(recordings.resolve("early.mp4"));
    assertThat(script("on_multiple_record_hook.sh", early.toString(), "", "44061", URI)).as("while no sidecar runs")
        .extracting(Said::code).isEqualTo(0);
    try (CallbackReceiver backend = new CallbackReceiver();
        TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway sidecar = ChildReelway.sidecar(folder, store.endpoint()).set("reelway.http.port", port)
            .set("reelway.callbacks.multi-recorder", "both").set("reelway.callbacks.allow-private", "127.0.0.1")
            .set("reelway.mixer.settings", mixerSettings("{\"callbackUrl\":\"not/one\"}")).startReady()) {
      assertWaitsForItsSettings(sidecar, backend, early);
      Path one = room(recordings.resolve("stream one.mp4"));
      assertThat(script("on_record_hook.sh", "stream one", one.toString())).extracting(Said::code).isEqualTo(0);
      sidecar.await("it is sent", () -> store.has("stream one.mp4"));

      Path room = room(recordings.resolve("multi-recorder___room 1.mp4"));
      Said tracks = script("offline_mixer_tool.sh", "--show-tracks-info", room.toString());
      JsonNode told = JsonMapper.builder().build().readTree(tracks.text());
      assertThat(told.findValuesAsText("streamName")).containsExactlyInAnyOrder("Ann", "Ann", "Bob");
      Said mixed =
          script(
              Map.of("LOGGER_ENABLED", "true"), "on_multiple_record_hook.sh", room.toString(), "3724973476", "1000", URI);
      assertThat(mixed.code()).as(mixed.text()).isZero();
      sidecar.await("both are sent", () ->
          store.has("multi-recorder___room 1.mp4") && store.has("multi-recorder___room 1_mixed.mp4"));
      sidecar.await("it is told of the mix, and of both uploads", () -> backend.received().size() == 4);
      Path byHand = room(Files.createDirectories(folder.resolve("by hand")).resolve("room.mp4"));
      Said now = script("offline_mixer_tool.sh", byHand.toString(), "3724973476", "1000", URI);
      assertThat(now).isEqualTo(new Said(0, byHand.resolveSibling("room_mixed.mp4") + "\n"));
      sidecar.await("it is told of the mix that was made by hand", () -> backend.received().size() == 5);
      List<Received> all = backend.received().subList(2, 5);
      assertIsTold(all.get(0), room);
      assertIsTold(all.get(2), byHand);
      assertThat(all.get(1).body()).isEqualTo(all.get(0).body());
      assertThat(all).extracting(Received::id).doesNotHaveDuplicates();

      script(Map.of("LOGGER_ENABLED", "true"), "on_multiple_record_hook.sh", room.toString(), "3724973476", "1000", URI);
      List<String> ids =
          Files.readAllLines(folder.resolve("wcs/logs/multi-record.log")).stream()
              .filter(line -> line.matches("[0-9a-f]{20}")).toList();
      assertThat(ids).as("once more").hasSize(2).containsOnly(ids.get(0));
      assertThat(sidecar.http().delete("/mixes/" + ids.get(0)).status()).isEqualTo(200);
      assertThat(sidecar.http().delete("/mixes/" + ids.get(0)).status()).isEqualTo(404);
      String gone = recordings.resolve("gone.mp4").toString();
      assertThat(script("on_multiple_record_hook.sh", gone, "", "", "").code()).isEqualTo(64);
      assertThat(script("offline_mixer_tool.sh", gone, "").code()).isEqualTo(64);
      assertThat(Files.readAllLines(folder.resolve("wcs/logs/multi-record.log"))).hasSize(6)
          .anyMatch(line -> line.endsWith("multi-recorder___room 1.mp4: handed over to Reelway, which mixes it"))
          .anyMatch(line -> line.endsWith("gone.mp4: not mixed: the file is not there"));
      assertThat(sidecar.http().post("/mixes", "application/json", "{\"file\":\"/etc/passwd\"}").status()).isEqualTo(422);
      assertThat(sidecar.http().post("/rest-api/multipleRecorder/startup", "application/json", "{\"uri\":5}").error())
          .isEqualTo("\"uri\" is no text but number; put it in quotes");
      // As `curl -d` sends it.
      assertThat(
              sidecar.http().post(
                  "/rest-api/multipleRecorder/startup", "application/x-www-form-urlencoded", "{\"uri\":\"u\"}").status())
          .isEqualTo(200);
    }
  }
}
