package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.MultiTrackMp4;
import org.reelway.testkit.TestStore;

/** The scripts that WCS calls, called as WCS calls them, beside a running sidecar. */
class WcsHooksIT {
  private static final String URI = "multi-recorder://room 1";

  @TempDir Path folder;
  private int port;

  private record Said(int code, String text) {}

  private Said script(String name, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of("hooks", name).toAbsolutePath().toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("REELWAY_"));
    builder.environment().put("REELWAY", Path.of("reelway").toAbsolutePath().toString());
    builder.environment().put("REELWAY_RECORDINGS_FOLDER", folder.resolve("recordings").toString());
    builder.environment().put("REELWAY_STATE_FOLDER", folder.resolve("state").toString());
    builder.environment().put("REELWAY_HTTP_PORT", String.valueOf(port));
    builder.environment().put("WCS_HOME", folder.resolve("wcs").toString());
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

  @Test
  void whatWcsRecordedIsSentAndMixed() throws Exception {
    Files.createDirectories(folder.resolve("wcs/logs"));
    Path recordings = Files.createDirectories(folder.resolve("recordings"));
    Files.createDirectories(folder.resolve("state"));
    Files.createSymbolicLink(folder.resolve("state/ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(folder.resolve("offline_mixer.json"), "{\"minAvailableSpace\":\"1M\",\"mixerVideoWidth\":320,"
        + "\"mixerVideoHeight\":180}");
    try (TestStore store = TestStore.start(folder.resolve("store"));
        ChildReelway sidecar = ChildReelway.sidecar(folder, store.endpoint()).set("reelway.http.port", port)
            .set("reelway.mixer.settings", folder.resolve("offline_mixer.json")).startReady()) {
      Path one = room(recordings.resolve("stream one.mp4"));
      assertThat(script("on_record_hook.sh", "stream one", one.toString())).extracting(Said::code).isEqualTo(0);
      sidecar.await("it is sent", () -> store.has("stream one.mp4"));

      Path room = room(recordings.resolve("multi-recorder___room.mp4"));
      Said tracks = script("offline_mixer_tool.sh", "--show-tracks-info", room.toString());
      JsonNode told = JsonMapper.builder().build().readTree(tracks.text());
      assertThat(told.findValuesAsText("streamName")).containsExactlyInAnyOrder("Ann", "Ann", "Bob");
      Said mixed = script("on_multiple_record_hook.sh", room.toString(), "3724973476", "1000", URI);
      assertThat(mixed.code()).as(mixed.text()).isZero();
      sidecar.await("both are sent", () ->
          store.has("multi-recorder___room.mp4") && store.has("multi-recorder___room_mixed.mp4"));

      assertThat(script("on_multiple_record_hook.sh", recordings.resolve("gone.mp4").toString()).code()).isEqualTo(64);
      assertThat(script("offline_mixer_tool.sh", recordings.resolve("gone.mp4").toString()).code()).isEqualTo(64);
      assertThat(Files.readAllLines(folder.resolve("wcs/logs/multi-record.log"))).hasSize(2)
          .anyMatch(line -> line.endsWith("multi-recorder___room.mp4: handed over to Reelway, which mixes it"))
          .anyMatch(line -> line.endsWith("gone.mp4: not mixed: the file is not there"));
      assertThat(sidecar.http().post("/mixes", "application/json", "{\"file\":\"/etc/passwd\"}").status()).isEqualTo(422);
    }
  }
}
