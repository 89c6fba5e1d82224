package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.Ffprobe;
import org.reelway.testkit.LiveEncoder;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/**
 * Streams whose pictures or sounds come seconds after whoever reads them, by a real media server that keeps no key picture for
 * who comes late: relays, recorders and multi-recorders have all their tracks.
 */
class FarKeyPicturesIT {
  private static final int SECONDS = 36;
  private static final int FAR = 8;
  private static final String ROOM = "multi-recorder://far";
  /** What they have; {@code later} has pictures once sixteen seconds have gone. */
  private static final List<String> STREAMS = List.of("far", "eye", "ear", "late", "later");
  private static final List<String> WITH_PICTURES = List.of("far", "eye", "late", "later");

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private ChildReelway child;

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

  private Path encoded(String name, double pictures, double sounds) throws Exception {
    Path file = folder.resolve(name + ".flv");
    List<String> command = new ArrayList<>(List.of("-v", "error", "-y"));
    if (pictures >= 0) {
      command.addAll(List.of("-itsoffset", "" + pictures, "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25"));
    }
    if (sounds >= 0) {
      command.addAll(List.of("-itsoffset", "" + sounds, "-f", "lavfi", "-i", "sine=frequency=440"));
    }
    command.addAll(List.of(
        "-t", "" + SECONDS, "-c:v", "libx264", "-preset", "ultrafast", "-g", "" + FAR * 25, "-keyint_min", "" + FAR * 25,
        "-sc_threshold", "0", "-bf", "0", "-c:a", "aac", file.toString()));
    Ffmpeg.run(command);
    return file;
  }

  private static List<JsonNode> list(JsonNode all) {
    return StreamSupport.stream(all.spliterator(), false).toList();
  }

  private long frames(String path, String pointer, String stream) {
    ToLongFunction<JsonNode> frames = each -> each.path("frames").asLong();
    return list(child.http().get(path).json().at(pointer)).stream()
        .filter(each -> each.path("stream").asText().equals(stream)).mapToLong(frames).sum();
  }

  private boolean allHavePictures(String path, String pointer) {
    WITH_PICTURES.stream().filter(stream -> frames(path, pointer, stream) > 25)
        .forEach(stream -> seen.add(path + " " + stream));
    return WITH_PICTURES.stream().allMatch(stream -> seen.contains(path + " " + stream));
  }

  private int post(String call, String more) {
    return child.http()
        .post("/rest-api/multipleRecorder/" + call, "application/json", "{\"uri\":\"" + ROOM + "\"" + more + "}").status();
  }

  @Test
  void tracksThatComeLateAreSentAndRecorded() throws Exception {
    NginxRtmp.assumeInstalled();
    TestStore store = opened(TestStore.start(folder.resolve("store")));
    NginxRtmp origin = opened(NginxRtmp.at(folder.resolve("origin")));
    NginxRtmp destination = opened(NginxRtmp.start(folder.resolve("destination")));
    Files.createDirectories(folder.resolve("state"));
    Files.createDirectories(folder.resolve("recordings"));
    Files.createSymbolicLink(folder.resolve("state/ffmpeg"), Path.of("target/ffmpeg").toAbsolutePath());
    assertThat(LiveEncoder.PROGRAMS.ffmpeg()).exists();
    child =
        opened(ChildReelway.sidecar(folder, store.endpoint())
            .set("reelway.routing.source", "rtmp://" + origin.address() + "/{app}/{stream}")
            .set("reelway.routing.destinations", "rtmp://" + destination.address() + "/live/{stream}")
            .set("reelway.relay.retry-max", "500ms")
            .set("reelway.multirecorder.name", "{streamName}").set("reelway.mixer.every-recording", "false")
            .set("reelway.recorder.every-stream", "true").set("reelway.recorder.name", "{streamName}").startReady());
    String hook = child.http().server() + "/hooks/nginx-rtmp";
    origin.start("on_publish " + hook + ";", "on_publish_done " + hook + ";");
    List<Path> files =
        List.of(
            encoded("far", 0, 0), encoded("eye", 0, -1), encoded("ear", -1, 0), encoded("late", 0, FAR),
            encoded("later", 2 * FAR, 0));
    assertThat(post("startup", "")).isEqualTo(200);

    List<RtmpPublisher> publishers = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      publishers.add(opened(RtmpPublisher.send(files.get(i), List.of("-c", "copy", "-f", "flv", origin.rtmp(STREAMS.get(i))))));
    }
    for (String stream : STREAMS) {
      child.await("it is added", () -> post("add", ",\"mediaSessionId\":\"" + stream + "\"") == 200);
    }

    child.await("all have pictures", () ->
        allHavePictures("/relays", "/relays") & allHavePictures("/recorders", "/recorders")
            & allHavePictures("/multirecorders", "/multirecorders/0/streams"));
    child.await("sound alone goes through", () -> destination.published().containsKey("ear"));
    child.await("they end", () -> publishers.stream().noneMatch(RtmpPublisher::isAlive));
    assertThat(post("terminate", "")).isEqualTo(200);
    child.await("all is sent", () ->
        child.http().get("/recorders").json().path("recorders").isEmpty()
            && child.http().get("/multirecorders").json().path("ending").isEmpty()
            && keys(store).size() >= STREAMS.size() + 2);

    assertThat(codecs(store, "far.mp4")).containsExactlyInAnyOrder("h264", "aac");
    assertThat(codecs(store, "eye.mp4")).containsExactly("h264");
    assertThat(codecs(store, "ear.mp4")).containsExactly("aac");
    assertThat(codecs(store, "late.mp4")).containsExactlyInAnyOrder("h264", "aac");
    List<List<String>> later = new ArrayList<>();
    for (String key : keys(store).stream().filter(each -> each.startsWith("later")).toList()) {
      later.add(codecs(store, key).stream().sorted().toList());
    }
    // How the pieces are called, and how many hold sound alone, follows from whether a run went on or another one began.
    assertThat(later).as("since its pictures came").filteredOn(codecs -> codecs.contains("h264"))
        .containsExactly(List.of("aac", "h264"));
    assertThat(later).as("before").contains(List.of("aac")).allMatch(codecs -> codecs.contains("aac"));
    assertThat(codecs(store, keys(store).stream().filter(key -> key.startsWith("multi")).findFirst().orElseThrow()).stream().filter("h264"::equals)).hasSize(WITH_PICTURES.size());
    assertThat(child.err()).doesNotContain("ERROR");
  }

  /** Of five streams, one in two pieces, and of the conference. */
  private static List<String> keys(TestStore store) {
    return store.keys().stream().filter(key -> key.endsWith(".mp4")).toList();
  }

  private List<String> codecs(TestStore store, String key) throws Exception {
    return Ffprobe.codecs(Files.write(folder.resolve("probed-" + key), store.bytes(key)));
  }
}
