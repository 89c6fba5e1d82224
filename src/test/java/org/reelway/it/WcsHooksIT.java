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
    builder.environment().put("REELWAY_RECORDINGS_FOLDER", folder.resolve("recordings").toString());
    builder.environment().put("REELWAY_STATE_FOLDER", folder.resolve("state").toString());
    builder.environment().put("REELWAY_HTTP_PORT", String.valueOf(port));
    builder.environment().put("WCS_HOME", folder.resolve("wcs").toString());
    builder.environment().put("REELWAY_MIXER_SETTINGS", folder.resolve("offline_mixer.json").toString());
    builder.environment().putAll(more);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), text);
  }

  private static Path room(Path file) throws Exception {
    return new MultiTrackMp4()
        .take("Ann", "a", 0, 1, 0).video("red", 160, 90, 25).audio(500, 48000, "mono").and()
        .take("Bob", "b", 0.4, 0.6, 0).video("blue", 160, 90, 25).and()
        .write(file);
  }

  private Path mixerCalling(java.net.URI backend) throws IOException {
    return Files.writeString(
        folder.resolve("offline_mixer.json"),
        "{\"minAvailableSpace\":\"1M\",\"mixerVideoWidth\":320,\"mixerVideoHeight\":180,\"callbackUrl\":\"" + backend
            + "\"}");
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
    try (CallbackReceiver backend = new CallbackReceiver();
        TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway sidecar = ChildReelway.sidecar(folder, store.endpoint()).set("reelway.http.port", port)
            .set("reelway.callbacks.multi-recorder", "both").set("reelway.callbacks.allow-private", "127.0.0.1")
            .set("reelway.mixer.settings", mixerCalling(backend.uri("/callback"))).startReady()) {
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
      sidecar.await("it is told of the mix, and of both uploads", () -> backend.received().size() == 2);
      Path byHand = room(Files.createDirectories(folder.resolve("by hand")).resolve("room.mp4"));
      Said now = script("offline_mixer_tool.sh", byHand.toString(), "3724973476", "1000", URI);
      assertThat(now).isEqualTo(new Said(0, byHand.resolveSibling("room_mixed.mp4") + "\n"));
      sidecar.await("it is told of the mix that was made by hand", () -> backend.received().size() == 3);
      List<Received> all = backend.received();
      assertIsTold(all.get(0), room);
      assertIsTold(all.get(2), byHand);
      assertThat(all.get(1).body()).isEqualTo(all.get(0).body());
      assertThat(all).extracting(Received::id).doesNotHaveDuplicates();

      String gone = recordings.resolve("gone.mp4").toString();
      assertThat(script("on_multiple_record_hook.sh", gone, "", "", "").code()).isEqualTo(64);
      assertThat(script("offline_mixer_tool.sh", gone, "").code()).isEqualTo(64);
      assertThat(Files.readAllLines(folder.resolve("wcs/logs/multi-record.log"))).hasSize(3)
          .anyMatch(line -> line.equals(mixed.text().strip()) || line.matches("[0-9a-f-]{36}"))
          .anyMatch(line -> line.endsWith("multi-recorder___room 1.mp4: handed over to Reelway, which mixes it"))
          .anyMatch(line -> line.endsWith("gone.mp4: not mixed: the file is not there"));
      assertThat(sidecar.http().post("/mixes", "application/json", "{\"file\":\"/etc/passwd\"}").status()).isEqualTo(422);
    }
  }
}
