package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/** The whole program beside a media server, while its routes are edited. */
class ReloadIT {
  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path routes;

  @BeforeEach
  void copyRoutes() throws IOException {
    NginxRtmp.assumeInstalled();
    assertThat(LiveEncoder.PROGRAMS.ffmpeg()).exists();
    routes = Files.createDirectories(folder.resolve("r/routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T each) {
    open.add(each);
    return each;
  }

  private void edit(ChildReelway child, String file, String from, String to) throws IOException {
    String before = newest(child).path("at").asText();
    String text = Files.readString(routes.resolve(file));
    assertThat(text).contains(from);
    Files.writeString(routes.resolve(file), text.replaceFirst(java.util.regex.Pattern.quote(from), to));
    child.await("the edit of " + file + " is in force", () ->
        !newest(child).path("at").asText().equals(before) && newest(child).path("state").asText().equals("current"));
  }

  private static JsonNode newest(ChildReelway child) {
    return child.http().get("/dashboard/now").json().path("routes").path("newest");
  }

  private static List<ProcessHandle> ffmpegs(ChildReelway child) {
    return ProcessHandle.of(child.pid()).map(ProcessHandle::descendants).orElse(Stream.empty())
        .filter(each -> each.info().command().orElse("").endsWith("ffmpeg")).toList();
  }

  @Test
  void aRelayARecorderAndAnUploadGoOnAcrossEdits() throws Exception {
    NginxRtmp origin = opened(NginxRtmp.at(folder.resolve("origin")));
    NginxRtmp destination = opened(NginxRtmp.start(folder.resolve("destination")));
    TestStore store = opened(TestStore.start(folder.resolve("store")));
    SlowWire wire = opened(SlowWire.to(store.endpoint(), 1 << 20));
    Path own = folder.resolve("r");
    Files.createDirectories(own.resolve("state"));
    Recordings recordings = new Recordings(Files.createDirectories(own.resolve("recordings")));
    Files.createSymbolicLink(own.resolve("state/ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    ChildReelway child = opened(ChildReelway.sidecar(own, wire.endpoint())
        .set("reelway.routes.folder", routes)
        .set("reelway.routes.reload", "true")
        .set("reelway.transfer.part-size", "5MiB")
        .set("reelway.transfer.multipart-threshold", "5MiB")
        .set("reelway.routing.source", "rtmp://" + origin.address() + "/{app}/{stream}")
        .set("reelway.routing.destinations", destination.rtmp("{stream}"))
        .set("reelway.recorder.folder", own.resolve("recordings"))
        .set("reelway.recorder.every-stream", "true")
        .set("reelway.recorder.by", "reelway")
        .startReady());
    String hook = child.http().server() + "/hooks/nginx-rtmp";
    origin.start("on_publish " + hook + ";", "on_publish_done " + hook + ";");
    RtmpPublisher publisher = opened(RtmpPublisher.publish(folder, origin.rtmp("cam")));
    child.await("the stream arrives", () -> destination.published().containsKey("cam"));
    child.await("it is recorded", () -> child.http().get("/recorders").body().contains("\"recording\"")
        || child.http().get("/recorders").body().contains("\"running\""));
    Recordings.mark(recordings.random("long.mp4", 30 << 20, 1));
    child.await("the upload is under way", () -> child.http().get("/recordings").body().contains("long.mp4"));
    List<ProcessHandle> before = ffmpegs(child);

    wire.allow(4 << 20);
    edit(child, "35-relays.camel.yaml", "description: A stream that is on", "description: Each stream that is on");
    edit(child, "36-recorder.camel.yaml", "description: ", "description: Edited. ");
    wire.allow(40 << 20);
    edit(child, "00-errors.camel.yaml", "maximumRedeliveries: 2", "maximumRedeliveries: 1");

    assertThat(ffmpegs(child)).containsAll(before);
    JsonNode relay = child.http().get("/relays").json().path("relays").path(0);
    assertThat(relay.path("runs").asInt()).isEqualTo(1);
    long sent = destination.published().get("cam");
    child.await("the relay goes on", () -> destination.published().get("cam") > sent + 50_000);
    wire.allowAll();
    child.await("the upload has ended", () -> child.http().get("/recordings?state=done").body().contains("long.mp4"));
    assertThat(store.bytes("long.mp4")).isEqualTo(Recordings.bytes(recordings.folder().resolve("long.mp4")));
    assertThat(wire.passed()).as("bytes to the store").isLessThan(50 << 20);

    publisher.end();
    child.await("its end ends the relay", () -> child.http().get("/relays").json().path("relays").isEmpty());
    opened(RtmpPublisher.publish(folder, origin.rtmp("next")));
    child.await("the next one is sent, too", () -> destination.published().containsKey("next"));
  }
}
