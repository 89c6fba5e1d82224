package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.it.ConferenceFilm.EYE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.tracks.MovieTime;
import org.reelway.media.tracks.MovieTracks;
import org.reelway.media.tracks.Track;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Conference;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.MixedFilm;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** Streams of a real media server that join and leave a conference; what arrives in a real store is judged by ffprobe. */
class MultiRecorderIT {
  private static final BackgroundFfmpeg FFMPEG = new BackgroundFfmpeg(LiveEncoder.PROGRAMS, Duration.ofMinutes(1));
  private static final String ROOM = "multi-recorder://room-1";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private TestStore store;
  private NginxRtmp origin;
  private ChildReelway.CommandLine line;

  @BeforeEach
  void startServers() throws Exception {
    NginxRtmp.assumeInstalled();
    store = opened(TestStore.start(folder.resolve("store")));
    origin = opened(NginxRtmp.at(folder.resolve("origin")));
    Files.createDirectories(folder.resolve("state"));
    Files.createDirectories(folder.resolve("recordings"));
    // Unpacked already: 90 MB would be the longest part of the test.
    Files.createSymbolicLink(folder.resolve("state/ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    line =
        ChildReelway.sidecar(folder, store.endpoint())
            .set("reelway.routing.source", "rtmp://" + origin.address() + "/{app}/{stream}")
            .set("reelway.servers.api", "nginx-rtmp:" + origin.http().resolve("/stat"))
            .set("reelway.servers.ask-every", "1s")
            .set("reelway.relay.retry-max", "500ms");
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

  private ChildReelway begin() {
    ChildReelway child = opened(line.startReady());
    String hook = child.http().server() + "/hooks/nginx-rtmp";
    origin.start("on_publish " + hook + ";", "on_publish_done " + hook + ";");
    return child;
  }

  /** One encoder, so that the same picture is in both streams at the same moment. */
  private void publishTwins() {
    String url = "rtmp://" + origin.address() + "/";
    opened(
        RtmpPublisher.publish(
            folder, url, "-rtmp_app", "live", "-rtmp_playpath", "left", "-f", "flv", url, "-c", "copy", "-rtmp_app", "live",
            "-rtmp_playpath", "right"));
  }

  private static int post(ChildReelway child, String call, String body) {
    return child.http().post("/rest-api/multipleRecorder/" + call, "application/json", body).status();
  }

  private static String of(String stream) {
    return "{\"uri\":\"" + ROOM + "\",\"mediaSessionId\":\"" + stream + "\"}";
  }

  private static long frames(ChildReelway child, int stream) {
    return child.http().get("/multirecorders").json().at("/multirecorders/0/streams/" + stream + "/frames").asLong();
  }

  /** Whole ones: while the store takes an object, it lists it under a name of its own. */
  private List<String> keys() {
    return store.keys().stream().filter(key -> key.endsWith(".mp4")).sorted().toList();
  }

  private static long bytes(ChildReelway child, int stream) {
    return child.http().get("/multirecorders").json().at("/multirecorders/0/streams/" + stream + "/bytes").asLong();
  }

  private Conference conference() throws Exception {
    return Conference.encode(
        folder.resolve("conference.mkv"), 120,
        new Conference.Of("left", "color=c=red:s=160x90:r=25", 500, 44100, "stereo"),
        new Conference.Of("right", "color=c=blue:s=120x160:r=15", 1000, 48000, "mono"),
        new Conference.Of("ear", "", 2000, 32000, "mono"),
        new Conference.Of(EYE, "color=c=yellow:s=160x120:r=10", 0, 0, ""));
  }

  @Test
  void streamsJoinAndLeaveAndBecomeOneFileOnTheTrueTimeline() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    line.set("reelway.mixer.settings", mixerCalling(backend(told))).set("reelway.callbacks.allow-private", "127.0.0.1")
        .set("reelway.callbacks.additions", "true");
    Conference conference = conference();
    ChildReelway child = begin();
    opened(conference.publish(origin));
    child.await("the streams are known", () -> {
      String known = child.http().get("/streams/registry").body();
      return Stream.of("left", "right", "ear", EYE).allMatch(name -> known.contains("\"" + name + "\""));
    });

    assertThat(post(child, "add", of("left"))).isEqualTo(404);
    assertThat(post(child, "startup", "{}")).isEqualTo(422);
    assertThat(post(child, "find_all", "{}")).isEqualTo(404);
    assertThat(post(child, "startup", "{\"name\":\"" + ROOM + "\"}")).isEqualTo(200);
    assertThat(post(child, "startup", "{\"uri\":\"" + ROOM + "\"}")).isEqualTo(409);
    assertThat(post(child, "add", of("nobody"))).isEqualTo(404);
    assertThat(post(child, "add", of("left"))).isEqualTo(200);
    assertThat(post(child, "add", of("left"))).isEqualTo(409);
    child.await("one is recorded", () -> frames(child, 0) > 60);
    assertThat(post(child, "add", of("right"))).isEqualTo(200);
    JsonNode found = child.http().post("/rest-api/multipleRecorder/find_all", "application/json", "{}").json();
    assertThat(found.at("/0/uri").asText()).isEqualTo(ROOM);
    assertThat(found.at("/0/mediaSessionsId")).hasSize(2);
    assertThat(found.at("/0/fileName").asText())
        .matches("multi-recorder___room-1--1-\\d{13}--1-\\{endTimeMillis}\\.mp4");
    assertThat(post(child, "add", of("ear"))).isEqualTo(200);
    assertThat(post(child, "add", of(EYE))).isEqualTo(200);
    // Of a stream without sound the first seconds are held back: ffmpeg waits whether there will be any.
    child.await("all are recorded", () -> frames(child, 1) > 45 && bytes(child, 2) > 5_000 && frames(child, 3) > 70);
    assertThat(post(child, "remove", of("left"))).isEqualTo(200);
    assertThat(post(child, "remove", of("left"))).isEqualTo(404);
    assertThat(post(child, "add", of("left"))).isEqualTo(200);
    child.await("it is back", () -> frames(child, 3) > 60);
    assertThat(post(child, "terminate", "{\"uri\":\"" + ROOM + "\"}")).isEqualTo(200);
    assertThat(post(child, "terminate", "{\"uri\":\"" + ROOM + "\"}")).isEqualTo(404);
    child.await("it and its mix are sent", () -> keys().size() == 2);

    assertThat(keys().get(0)).matches("multi-recorder___room-1--1-\\d{13}--1-\\d{13}\\.mp4");
    assertThat(keys().get(1)).isEqualTo(keys().get(0).replace(".mp4", "_mixed.mp4"));
    Path file = Files.write(folder.resolve("all.mp4"), store.bytes(keys().get(0)));
    List<Track> tracks = MovieTracks.of(file);
    assertThat(tracks.stream().map(track -> track.metadata().streamName() + " " + track.kind()))
        .containsExactlyInAnyOrder(
            "left VIDEO", "left AUDIO", "left VIDEO", "left AUDIO", "right VIDEO", "right AUDIO", "ear AUDIO", EYE + " VIDEO");
    assertThat(FFMPEG.run(List.of("-i", file.toString(), "-map", "0", "-f", "null", "-"))).isEmpty();
    Path mixed = Files.write(folder.resolve("mixed.mp4"), store.bytes(keys().get(1)));
    assertThat(MovieTracks.of(mixed)).hasSize(2);
    assertThat(FFMPEG.run(List.of("-i", mixed.toString(), "-f", "null", "-"))).isEmpty();
    new ConferenceFilm(tracks, MixedFilm.of(mixed)).assertInStep();
    JsonNode callback = JsonMapper.builder().build().readTree(told.poll(60, TimeUnit.SECONDS));
    assertThat(callback.fieldNames()).toIterable().containsExactly(
        "multiRecorderCreationModificationTime", "multiRecorderDurationInMS", "multiRecorderFilePath", "recorderUri",
        "mixerParams", "reelway");
    assertThat(callback.at("/reelway/step").asText()).isEqualTo("mixed");
    assertThat(callback.at("/reelway/streams")).extracting(JsonNode::asText).containsExactly("left", "right", "ear", EYE);
    assertThat(callback.path("multiRecorderFilePath").asText()).endsWith(keys().get(0));
    assertThat(callback.path("recorderUri").asText()).isEqualTo(ROOM);
    assertThat(MovieTime.at(callback.path("multiRecorderCreationModificationTime").asLong()))
        .isEqualTo(MovieTracks.created(file).orElseThrow()).isEqualTo(MovieTracks.created(mixed).orElseThrow());
    assertThat(callback.at("/mixerParams/0/path").asText()).endsWith(keys().get(1));
    child.await("nothing is left", () -> child.http().get("/mixes").json().path("mixes").isEmpty());
    assertThat(folder.resolve("recordings/.reelway-multirecorder/mixes").toFile().list()).singleElement()
        .satisfies(name -> assertThat(name).as("that it was done").startsWith("done-"));
    assertThat(folder.resolve("recordings/.reelway-multirecorder").toFile().list()).containsExactly("mixes");
    assertThat(child.err()).doesNotContain("ERROR");
  }

  /** Hears callbacks. */
  private URI backend(BlockingQueue<String> told) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    server.start();
    open.add(() -> server.stop(0));
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/callback");
  }

  private Path mixerCalling(URI backend) throws IOException {
    return Files.writeString(
        folder.resolve("offline_mixer.json"),
        "{\"callbackUrl\":\"" + backend + "\",\"minAvailableSpace\":\"1M\",\"mixerVideoWidth\":\"320\","
            + "\"mixerVideoHeight\":\"180\",\"mixerVideoFps\":25,\"mixerDisplayStreamName\":false}");
  }
}
