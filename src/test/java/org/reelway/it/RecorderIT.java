package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.Recipe;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** Streams of a real media server, recorded by Reelway and sent to a real store; ffprobe judges what arrives. */
class RecorderIT {
  private static final BackgroundFfmpeg FFMPEG = new BackgroundFfmpeg(LiveEncoder.PROGRAMS, Duration.ofMinutes(1));

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
            .set("reelway.relay.retry-max", "500ms")
            .set("reelway.recorder.name", "{streamName}");
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

  private JsonNode probe(String key) throws Exception {
    Path file = Files.write(folder.resolve("probed.mp4"), store.bytes(key));
    return FFMPEG.probe(
        file, "format=duration:stream=codec_type,nb_read_packets", List.of("-count_packets", "-select_streams", "v"));
  }

  private static int frames(JsonNode probe) {
    return probe.at("/streams/0/nb_read_packets").asInt();
  }

  private List<String> keys() {
    return store.keys().stream().filter(key -> !key.startsWith(".reelway-probe/")).sorted().toList();
  }

  @Test
  void everyStreamIsRecordedCutAndSent() throws Exception {
    CallbackReceiver backend = opened(new CallbackReceiver());
    line.set("reelway.recorder.every-stream", "true").set("reelway.recorder.rotation", "3")
        .set("reelway.callbacks.events-url", backend.uri("/app")).set("reelway.callbacks.allow-private", "127.0.0.1");
    ChildReelway child = begin();
    RtmpPublisher publisher = opened(RtmpPublisher.publish(folder, origin, "cam one"));

    child.await("two files are full", () -> keys().size() >= 2);
    publisher.end();
    child.await("the last one is sent", () -> keys().contains("cam one.mp4"));

    assertThat(keys()).startsWith("cam one.mp4", "cam one_1.mp4", "cam one_2.mp4");
    int before = 0;
    for (String key : keys().subList(1, keys().size())) {
      JsonNode probe = probe(key);
      assertThat(probe.at("/format/duration").asDouble()).as(key).isCloseTo(3, within(1.1));
      before += frames(probe);
    }
    assertThat(before).as("frames of full files").isGreaterThanOrEqualTo(2 * 74);
    assertThat(frames(probe("cam one.mp4"))).isPositive();
    child.await("nobody records it", () ->
        child.http().get("/recorders").json().path("recorders").isEmpty());
    assertThat(child.management().get("/observe/metrics").body()).contains("reelway_recorder_bytes_total");
    child.await("the backend heard of each file", () -> backend.received().size() == 2 * keys().size());
    assertThat(backend.received()).extracting(CallbackReceiver.Received::path).containsOnly("/app/StreamEvent");
    assertThat(backend.received().get(0).body()).contains("\"type\":\"startedRecording\"", "\"appKey\":\"live\"");
    assertThat(backend.received().get(1).body())
        .contains("\"type\":\"stoppedRecording\"", "{\"fileName\":\"cam one_1.mp4\"}");
    assertThat(child.err()).doesNotContain("ERROR");
  }

  @Test
  void aRuleOfTheOperatorsRecordsSomeStreamsElsewhereInFilesOfAnotherLength() throws Exception {
    Path routes = Recipe.shippedRoutes(folder.resolve("routes"));
    Recipe.add("vip-recorder.steps.yaml", routes);
    Files.writeString(
        folder.resolve("application.properties"),
        "vip.recordings=" + folder.resolve("recordings/vip") + "\nvip.rotation=2\n");
    line.set("reelway.recorder.every-stream", "true").set("reelway.routes.folder", routes);
    ChildReelway child = begin();
    opened(RtmpPublisher.publish(folder, origin, "cam"));
    RtmpPublisher publisher = opened(RtmpPublisher.publish(folder, origin, "vip-1"));

    child.await("two files of the vip are full", () -> keys().contains("vip/vip-1_2.mp4"));
    assertThat(keys()).noneMatch(key -> key.startsWith("cam"));
    publisher.end();
    child.await("the last one is sent", () -> keys().contains("vip/vip-1.mp4"));

    assertThat(probe("vip/vip-1_1.mp4").at("/format/duration").asDouble()).isCloseTo(2, within(1.1));
    assertThat(child.http().get("/recorders").json().path("recorders")).singleElement()
        .satisfies(each -> assertThat(each.path("stream").asText()).isEqualTo("cam"));
    assertThat(child.err()).doesNotContain("ERROR");
  }

  @Test
  void whatAKilledReelwayHadRecordedIsFinishedAndSentUnderANameThatSaysWhenItEnded() throws Exception {
    CallbackReceiver backend = opened(new CallbackReceiver());
    line.set("reelway.recorder.every-stream", "true").set("reelway.callbacks.events-url", backend.uri("/app"))
        .set("reelway.recorder.name", "{streamName}.{startTimeMillis}.{endTimeMillis}.{duration}.{startTime}.{endTime}")
        .set("reelway.callbacks.allow-private", "127.0.0.1").set("reelway.callbacks.retry-first", "200ms").set("reelway.callbacks.retry-max", "1s");
    ChildReelway child = begin();
    int port = child.http().server().getPort();
    opened(RtmpPublisher.publish(folder, origin, "cam"));
    child.await("some seconds are recorded", () ->
        child.http().get("/recorders").json().at("/recorders/0/frames").asInt() > 100);

    child.kill();
    long killed = System.currentTimeMillis();
    // The night that it is down.
    Thread.sleep(4000);
    ChildReelway again = opened(line.set("reelway.http.port", port).startReady());

    again.await("the first part is sent", () -> keys().stream().anyMatch(each -> each.startsWith("cam.")));
    again.await("it goes on", () -> again.http().get("/recorders").json().at("/recorders/0/frames").asInt() > 50);
    again.await("the backend heard", () -> types(backend).size() == 3);
    assertThat(types(backend)).containsExactly("startedRecording", "stoppedRecording", "startedRecording");
    String key = keys().stream().filter(each -> each.startsWith("cam.")).findFirst().orElseThrow();
    assertThat(backend.received()).filteredOn(each -> each.body().contains("stoppedRecording"))
        .allMatch(each -> each.body().contains("{\"fileName\":\"" + key + "\"}"));
    JsonNode probe = probe(key);
    assertThat(frames(probe)).isGreaterThan(75);
    assertThat(FFMPEG.run(List.of("-i", folder.resolve("probed.mp4").toString(), "-f", "null", "-"))).isEmpty();

    String[] parts = key.split("\\.");
    long start = Long.parseLong(parts[1]);
    long end = Long.parseLong(parts[2]);
    long duration = Long.parseLong(parts[3]);
    assertThat(duration / 1000.0).as(key).isCloseTo(probe.at("/format/duration").asDouble(), within(0.1)).isGreaterThan(3);
    assertThat(end).as(key).isGreaterThan(start).isBetween(killed - 3000, killed + 500);
    assertThat(Long.parseLong(parts[5]) - Long.parseLong(parts[4])).as(key).isEqualTo(duration);
  }

  /** Of different callbacks, as they came first. */
  private static List<String> types(CallbackReceiver backend) {
    Map<String, String> types = new LinkedHashMap<>();
    backend.received().forEach(
        each -> types.putIfAbsent(each.id(), each.body().replaceFirst(".*\"type\":\"(\\w+)\".*", "$1")));
    return List.copyOf(types.values());
  }

  @Test
  void nginxRecordsItselfAndEachFileIsSentOnceAlsoWhenReelwayIsKilledMeanwhile() throws Exception {
    CallbackReceiver backend = opened(new CallbackReceiver());
    line.set("reelway.callbacks.events-url", backend.uri("/app")).set("reelway.callbacks.allow-private", "127.0.0.1")
        .set("reelway.callbacks.retry-first", "200ms").set("reelway.callbacks.retry-max", "1s");
    line.set("reelway.recorder.every-stream", "true").set("reelway.recorder.rotation", "3")
        .set("reelway.servers.api", "nginx-rtmp-control:" + origin.http().resolve("/control"));
    ChildReelway child = opened(line.startReady());
    int port = child.http().server().getPort();
    String hook = child.http().server() + "/hooks/nginx-rtmp";
    Path recordings = folder.resolve("recordings");
    origin.start(
        "on_publish " + hook + ";", "on_publish_done " + hook + ";", "on_record_done " + hook + ";",
        "recorder reelway { record all manual; record_path " + recordings + "; record_unique on; record_suffix .flv; }");
    RtmpPublisher publisher = opened(RtmpPublisher.publish(folder, origin, "cam"));
    child.await("a file is full", () -> !keys().isEmpty());
    assertThat(child.http().get("/recorders").json().at("/recorders/0/by").asText()).isEqualTo("nginx-rtmp");
    child.await("the next one grows", () ->
        child.http().get("/recorders").json().at("/recorders/0/bytes").asLong() > 400_000);

    child.kill();
    ChildReelway again = opened(line.set("reelway.http.port", port).startReady());
    int before = keys().size();
    again.await("what was left is sent, and a file after it", () -> keys().size() >= before + 2);
    publisher.end();
    again.await("nobody records it", () -> again.http().get("/recorders").json().path("recorders").isEmpty());
    again.await("all is sent", () -> keys().equals(flv(recordings)));

    again.await("the backend heard of each file", () -> types(backend).size() == 2 * keys().size());
    for (int i = 0; i < keys().size(); i++) {
      assertThat(types(backend).subList(2 * i, 2 * i + 2)).containsExactly("startedRecording", "stoppedRecording");
    }
    String log = child.err() + again.err();
    for (String key : keys()) {
      assertThat(log.split("/" + key + " → ", -1)).as("verified once: " + key).hasSize(2);
    }
    assertThat(frames(probe(keys().get(0)))).as("of about 3 s").isBetween(40, 110);
    assertThat(again.management().get("/observe/metrics").body()).contains("reelway_recorders{by=\"nginx-rtmp\"");
    assertThat(log).doesNotContain("ERROR");
  }

  private static List<String> flv(Path recordings) {
    try (Stream<Path> files = Files.list(recordings)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".flv")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void recordingsBeginAndEndByTheCallsOfWcs() throws Exception {
    ChildReelway child = begin();
    opened(RtmpPublisher.publish(folder, origin, "cam"));
    child.await("the stream is known", () -> child.http().get("/streams/registry").body().contains("\"cam\""));

    HttpCalls http = child.http();
    assertThat(post(http, "stream/startRecording", "{\"mediaSessionId\":\"nobody\"}").status()).isEqualTo(404);
    assertThat(post(http, "stream/startRecording", "{\"mediaSessionId\":\"cam\",\"config\":{\"fileTemplate\":\"{bad}\"}}").status())
        .isEqualTo(422);
    assertThat(post(http, "recorder/find_all", "{}").status()).isEqualTo(404);
    HttpCalls.Answer begun =
        post(http, "stream/startRecording",
            "{\"mediaSessionId\":\"cam\",\"config\":{\"fileTemplate\":\"../{streamName}-{videoCodec}-{endTimeMillis}\"}}");
    assertThat(begun.status()).isEqualTo(200);
    assertThat(begun.body()).isEmpty();
    child.await("it is recorded", () -> http.get("/recorders").json().at("/recorders/0/frames").asInt() > 50);
    assertThat(post(http, "recorder/find_all", "{}").json().get(0).path("fileName").asText()).endsWith("cam-H264-{endTimeMillis}.mp4");
    String session = post(http, "recorder/find_all", "{}").json().get(0).path("mediaSessionId").asText();

    assertThat(post(http, "recorder/terminate", "{\"mediaSessionId\":\"" + session + "\"}").status()).isEqualTo(200);
    assertThat(post(http, "stream/stopRecording", "{\"mediaSessionId\":\"cam\"}").status()).isEqualTo(404);
    child.await("it is sent", () -> keys().stream().anyMatch(key -> key.matches(".*cam-H264-\\d{13}\\.mp4")));
    assertThat(keys()).allMatch(key -> !key.contains("/"));
  }

  private static HttpCalls.Answer post(HttpCalls http, String call, String body) {
    return http.post("/rest-api/" + call, "application/json", body);
  }
}
