package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** kill -9 in each state of a stream: its session goes on in the same playlists, nothing is doubled, nothing is left running. */
@Tag("campaign")
@Execution(ExecutionMode.CONCURRENT)
class WorkflowKillsIT {
  private static final String STREAM = "{\"name\":\"cam\",\"description\":\"\",\"segment_length\":20}";

  @TempDir Path folder;
  private final int port = FreePort.any();
  private TestStore store;
  private Path film;
  private String id;

  /** In which it is killed. */
  enum State {
    CREATED,
    STARTED,
    ON,
    LIVE,
    STOPPING,
    DELETING
  }

  @BeforeEach
  void start() throws Exception {
    store = TestStore.start(folder.resolve("store"));
    film = folder.resolve("film.flv");
    Ffmpeg.run(List.of(
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=30", "-f", "lavfi", "-i", "sine=duration=30",
        "-c:v", "libx264", "-c:a", "aac", "-preset", "ultrafast", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0", "-bf", "0",
        film.toString()));
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private ChildReelway reelway() {
    return ChildReelway.sidecar(folder, store.endpoint())
        .set("reelway.workflow.listen-port", port).set("reelway.workflow.segment", "1s").startReady();
  }

  private JsonNode call(ChildReelway child, String path) {
    HttpCalls.Answer answer = child.http().post("/streams" + path, "application/json", path.isEmpty() ? STREAM : "{}");
    assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(200);
    return answer.json();
  }

  private JsonNode stream(ChildReelway child) {
    return child.http().get("/streams/" + id).json();
  }

  private RtmpPublisher publish(ChildReelway child) {
    return RtmpPublisher.send(film, List.of("-c", "copy", "-f", "flv", stream(child).path("rtmp1").asText()));
  }

  private String text(String key) {
    return store.has(key) ? new String(store.bytes(key)) : "";
  }

  private static long segments(String playlist) {
    return playlist.lines().filter(line -> line.startsWith("#EXTINF")).count();
  }

  private String archive(ChildReelway child) {
    JsonNode stream = stream(child);
    return stream.path("archives_path").path(stream.path("current_session_id").asText()).asText()
        .substring(("s3://" + TestStore.BUCKET + "/").length());
  }

  private static List<String> hashes(Path file) throws Exception {
    return new String(Ffmpeg.bytes(List.of(
            "-v", "fatal", "-i", file.toString(), "-map", "0:v", "-c", "copy", "-bsf:v", "filter_units=pass_types=1-5", "-f", "framemd5", "-")))
        .lines().filter(line -> !line.startsWith("#")).map(line -> line.split(",")[5].strip()).toList();
  }

  /** Of each run of the publisher. */
  private List<List<String>> runs(String archive) throws Exception {
    List<List<String>> runs = new ArrayList<>();
    Path whole = folder.resolve("whole.ts");
    Files.write(whole, new byte[0]);
    for (String line : text(archive + "index.m3u8").lines().toList()) {
      if (line.equals("#EXT-X-DISCONTINUITY") || line.equals("#EXT-X-ENDLIST")) {
        runs.add(hashes(whole));
        Files.write(whole, new byte[0]);
      } else if (!line.startsWith("#")) {
        Files.write(whole, store.bytes(archive + line), StandardOpenOption.APPEND);
      }
    }
    return runs;
  }

  private static long packagers(Path folder) {
    return ProcessHandle.allProcesses().filter(ProcessHandle::isAlive).filter(process -> {
      try {
        return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).contains(folder + "/state/workflow/runs");
      } catch (IOException gone) {
        return false;
      }
    }).count();
  }

  /** Two of them, by chance, where the campaign is short; all where it is long ({@code -Dreelway.kills=}). */
  private static List<State> states() {
    List<State> all = new ArrayList<>(List.of(State.values()));
    if (Integer.getInteger("reelway.kills") == null) {
      Collections.shuffle(all);
      return all.subList(0, 2);
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("states")
  void aStreamGoesOnAfterAKillWhileItIs(State state) throws Exception {
    try (ChildReelway child = reelway()) {
      id = call(child, "").path("id").asText();
      if (state != State.CREATED) {
        call(child, "/" + id + "/start");
      }
      if (state.compareTo(State.STARTED) > 0) {
        try (RtmpPublisher publisher = publish(child)) {
          if (state == State.LIVE) {
            call(child, "/" + id + "/live");
          }
          child.await("viewers have some", () -> segments(text("viewer/" + id + "/index.m3u8")) >= 4);
          assertThat(processesWith(stream(child).path("rtmp1").asText())).as("ffmpegs that show the key").isLessThanOrEqualTo(1);
          if (state == State.ON || state == State.LIVE) {
            child.kill();
          }
        }
      }
      if (state == State.STOPPING || state == State.DELETING) {
        call(child, "/" + id + "/stop");
      }
      if (state == State.DELETING) {
        child.await("it is stopped", () -> stream(child).path("state").asText().equals("stopped"));
        child.http().delete("/streams/" + id);
      }
      child.kill();
      assertThat(child.err()).doesNotContain("ERROR");
    }
    try (ChildReelway child = reelway()) {
      if (state == State.DELETING) {
        child.await("it is gone", () -> child.http().get("/streams/" + id).status() == 404);
        child.await("nothing but its archive is left", () -> store.keys().stream().noneMatch(key -> key.startsWith("viewer/")));
        assertThat(store.keys()).isNotEmpty().anyMatch(key -> key.endsWith("/index.m3u8"));
        return;
      }
      if (state == State.CREATED) {
        call(child, "/" + id + "/start");
      }
      child.await("it is as wanted", () -> stream(child).path("state").asText().equals(state == State.STOPPING ? "stopped" : "started"));
      String archive = archive(child);
      if (state != State.STOPPING) {
        child.await("publishers are taken", () -> FreePort.isTaken(port));
        long old = segments(text("viewer/" + id + "/index.m3u8"));
        try (RtmpPublisher publisher = publish(child)) {
          child.await("it goes on", () -> segments(text("viewer/" + id + "/index.m3u8")) >= old + 3);
          assertThat(packagers(folder)).as("ffmpegs").isEqualTo(1);
          if (state == State.LIVE) {
            child.await("on the public address too", () -> segments(text("viewer/live/" + id + "/index.m3u8")) >= old + 3);
          }
        }
        call(child, "/" + id + "/stop");
        child.await("it is stopped", () -> stream(child).path("state").asText().equals("stopped"));
      }
      String playlist = text(archive + "index.m3u8");
      assertThat(playlist).endsWith("#EXT-X-ENDLIST\n");
      assertThat(playlist.lines().filter(line -> !line.startsWith("#")).toList()).doesNotHaveDuplicates()
          .allMatch(name -> store.has(archive + name));
      List<String> sent = hashes(film);
      List<List<String>> runs = runs(archive);
      assertThat(runs).hasSize(state == State.ON || state == State.LIVE ? 2 : 1);
      for (List<String> run : runs) {
        assertThat(run).as("pictures in their order, none missing, none twice").isEqualTo(sent.subList(0, run.size()));
        assertThat(run.size()).isGreaterThan(50);
      }
      try (var left = Files.walk(folder.resolve("state/workflow"))) {
        assertThat(left.filter(Files::isRegularFile)).isEmpty();
      }
      assertThat(child.err()).doesNotContain("ERROR").doesNotContain(key(stream(child)));
    }
  }

  private static String key(JsonNode stream) {
    String address = stream.path("rtmp1").asText();
    return address.substring(address.lastIndexOf('/') + 1);
  }

  /** Beside the publisher itself. */
  private static long processesWith(String address) {
    String key = address.substring(address.lastIndexOf('/') + 1);
    return ProcessHandle.allProcesses().filter(process -> {
      try {
        return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).contains(key);
      } catch (IOException gone) {
        return false;
      }
    }).count();
  }
}
