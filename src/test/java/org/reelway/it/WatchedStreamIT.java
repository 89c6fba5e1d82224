package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.Browser;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.Ffmpeg;
import org.reelway.testkit.Ffprobe;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.NginxRtmp;
import org.reelway.testkit.RtmpPublisher;
import org.reelway.testkit.TestStore;

/** A stream's whole life as its viewers have it: by API, RTMP and the addresses that players get. Pictures are told by their hashes. */
class WatchedStreamIT {
  private static final String JSON = "application/json";
  private static final int RATE = 25;
  private static final int ARCHIVE_SECONDS = 2;
  /** What may be missing or come twice where the other publisher took over, in pictures. */
  private static final int TAKE_OVER = 26;

  @TempDir Path folder;
  private TestStore store;
  private ChildReelway child;
  private String stream;

  @BeforeEach
  void start() {
    store = TestStore.start(folder.resolve("store"));
  }

  @AfterEach
  void stop() {
    if (child != null) {
      child.close();
    }
    store.close();
  }

  private JsonNode call(String path, String body) {
    Answer answer = child.http().post(path, JSON, body);
    assertThat(answer.status()).as(answer.body()).isBetween(200, 202);
    return answer.json();
  }

  private JsonNode create() {
    stream = "/streams/" + call("/streams",
        "{\"name\": \"Service\", \"description\": \"Main hall\", \"segment_length\": " + ARCHIVE_SECONDS + "}").path("id").asText();
    return await("stopped");
  }

  private JsonNode await(String state) {
    child.await("it is " + state, () -> child.http().get(stream).json().path("state").asText().equals(state));
    return child.http().get(stream).json();
  }

  private Path film(int seconds) throws Exception {
    Path film = folder.resolve("film.flv");
    Ffmpeg.run(List.of(
        "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=" + RATE + ":duration=" + seconds,
        "-f", "lavfi", "-i", "sine=frequency=440:duration=" + seconds, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt",
        "yuv420p", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0", "-bf", "0", "-c:a", "aac", film.toString()));
    return film;
  }

  private static RtmpPublisher send(Path film, JsonNode record, String ingest) {
    return RtmpPublisher.send(film, List.of("-c", "copy", "-f", "flv", record.path(ingest).asText()));
  }

  /** Of pictures as they are coded. */
  private static List<String> hashes(String from, String... limit) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-v", "fatal", "-i", from));
    arguments.addAll(List.of(limit));
    arguments.addAll(List.of("-map", "0:v", "-c", "copy", "-bsf:v", "filter_units=pass_types=1-5", "-f", "framemd5", "-"));
    return new String(Ffmpeg.bytes(arguments)).lines()
        .filter(line -> !line.startsWith("#")).map(line -> line.split(",")[5].strip()).toList();
  }

  private String text(String key) {
    return store.has(key) ? new String(store.bytes(key), StandardCharsets.UTF_8) : "";
  }

  private double seconds(String playlist) {
    return text(playlist).lines().filter(line -> line.startsWith("#EXTINF:"))
        .mapToDouble(line -> Double.parseDouble(line.substring(8, line.indexOf(',')))).sum();
  }

  /** Which pictures of the film a playlist in the store plays, in its order. */
  private List<Integer> pictures(String playlist, List<String> sent) throws Exception {
    Path whole = folder.resolve("whole.ts");
    Files.write(whole, new byte[0]);
    String prefix = playlist.substring(0, playlist.lastIndexOf('/') + 1);
    for (String line : text(playlist).lines().filter(line -> !line.isEmpty() && !line.startsWith("#")).toList()) {
      Files.write(whole, store.bytes(prefix + line), StandardOpenOption.APPEND);
    }
    return hashes(whole.toString()).stream().map(sent::indexOf).toList();
  }

  private static boolean areInARow(List<Integer> pictures) {
    return IntStream.range(1, pictures.size()).allMatch(i -> pictures.get(i) == pictures.get(i - 1) + 1);
  }

  private String split(String session, int from, int to, String name) {
    return call(stream + "/split", "{\"session_id\": \"" + session + "\", \"name_modifier\": \"" + name
        + "\", \"timestamp_list\": [{\"start\": " + from + ", \"end\": " + to + "}]}").path("indexes").path(0).asText();
  }

  /** Where the section begins and ends in the film, by the archive's first picture. */
  private static void requireSection(List<Integer> pictures, int origin, int from, int to, int tolerance) {
    int least = origin + from * RATE;
    int most = origin + to * RATE - 1;
    assertThat(pictures.get(0)).isBetween(least - ARCHIVE_SECONDS * RATE - tolerance + 1, least + tolerance);
    assertThat(pictures.get(pictures.size() - 1)).isBetween(most - tolerance, most + ARCHIVE_SECONDS * RATE + tolerance - 1);
  }

  @Test
  void twoPublishersOfAMediaServerAreOneStreamForItsViewers() throws Exception {
    int port = FreePort.any();
    try (NginxRtmp nginx = NginxRtmp.start(
        folder.resolve("nginx"), "on_publish http://127.0.0.1:" + port + "/hooks/nginx-rtmp;",
        "on_publish_done http://127.0.0.1:" + port + "/hooks/nginx-rtmp;")) {
      child = ChildReelway.sidecar(folder, store.endpoint())
          .set("reelway.http.port", port)
          .set("reelway.workflow.ingest", "rtmp://" + nginx.address() + "/live")
          .set("reelway.workflow.segment", "1s")
          .startReady();
      Path film = film(60);
      List<String> sent = hashes(film.toString());
      assertThat(sent).doesNotHaveDuplicates().hasSize(60 * RATE);
      JsonNode record = create();
      record = call(stream + "/start", "{}");
      String session = record.path("current_session_id").asText();
      String archive = record.path("archives_path").path(session).asText().replaceFirst("^s3://[^/]+/", "");
      await("started");
      String own = URI.create(record.path("viewer_endpoint").asText()).getPath();
      URI open = URI.create(record.path("viewer_endpoint_cloudfront").asText());
      try (RtmpPublisher first = send(film, record, "rtmp1");
          RtmpPublisher second = send(film, record, "rtmp2")) {
        child.await("it plays", () -> child.http().get(own).body().contains("#EXTINF"));
        assertThat(child.http().get(open.getPath()).status()).as("not live yet").isEqualTo(404);
        call(stream + "/live", "{}");
        child.await("it is public", () -> child.http().get(open.getPath()).body().split("#EXTINF").length > 3);

        assertThat(Ffprobe.codecs(open.toString())).contains("h264", "aac");
        List<Integer> seen = hashes(open.toString(), "-t", "4").stream().map(sent::indexOf).toList();
        assertThat(seen).hasSizeGreaterThan(3 * RATE).doesNotContain(-1);
        assertThat(areInARow(seen)).as("%s", seen).isTrue();

        child.await("6 s are archived", () -> seconds(archive + "index.m3u8") >= 6);
        List<Integer> whole = pictures(split(session, 1, 5, "early"), sent);
        int origin = pictures(archive + "index.m3u8", sent).get(0);
        assertThat(areInARow(whole)).as("%s", whole).isTrue();
        requireSection(whole, origin, 1, 5, 0);

        double before = seconds(archive + "index.m3u8");
        first.kill();
        child.await("the archive goes on", () -> seconds(archive + "index.m3u8") >= before + 6);
        assertThat(hashes(open.toString(), "-t", "2").stream().map(sent::indexOf)).isNotEmpty().doesNotContain(-1);
        child.http().delete(stream + "/live");
        child.await("it is not public", () -> child.http().get(open.getPath()).status() == 404);
        assertThat(child.http().get(own).status()).isEqualTo(200);
        assertThat(second.isAlive()).isTrue();
      }
      call(stream + "/stop", "{}");
      await("stopped");

      assertThat(child.http().get(own).body()).contains("#EXT-X-ENDLIST");
      List<Integer> all = pictures(archive + "index.m3u8", sent);
      assertThat(all).doesNotContain(-1);
      int length = (int) seconds(archive + "index.m3u8");
      List<Integer> late = pictures(split(session, 5, length - 1, "late"), sent);
      requireSection(late, all.get(0), 5, length - 1, TAKE_OVER);
      assertThat(late.size()).as("all but what a take-over costs")
          .isBetween((length - 6) * RATE - TAKE_OVER, (length - 6 + 2 * ARCHIVE_SECONDS) * RATE + TAKE_OVER);

      child.http().delete(stream);
      child.await("nothing is left of it", () -> child.http().get(stream).status() == 404);
      assertThat(child.http().get(own).status()).isEqualTo(404);
      assertThat(store.keys()).allMatch(key -> key.startsWith(archive));
    }
  }

  private static void awaitState(Page page, String state) {
    page.waitForFunction("wanted => document.body.dataset.state === wanted", state);
  }

  private static void awaitWords(Page page, String words) {
    page.waitForFunction("wanted => document.getElementById('status').textContent.startsWith(wanted)", words);
  }

  @Test
  void thePageFollowsAStreamFromBeforeItsStartToItsEnd() throws IOException {
    try (Browser browser = Browser.start()) {
      child = ChildReelway.sidecar(folder, store.endpoint())
          .set("reelway.workflow.listen-port", FreePort.any())
          .set("reelway.workflow.segment", "1s")
          .set("reelway.workflow.encrypt", true)
          .startReady();
      JsonNode record = create();
      String own = URI.create(record.path("viewer_endpoint").asText()).getPath();
      try (Page page = browser.open(child.http().server() + "/player?stream=" + record.path("id").asText())) {
        awaitWords(page, "The stream has not been started.");
        assertThat(page.locator("h1").textContent()).isEqualTo("Service");
        call(stream + "/start", "{}");
        await("started");
        awaitWords(page, "Waiting for the stream.");
        try (RtmpPublisher publisher = RtmpPublisher.publish(folder, record.path("rtmp1").asText())) {
          awaitWords(page, "Live. Not on the public live address.");
          page.waitForFunction("() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames > 50");
          assertThat(child.http().get(own).body()).contains("#EXT-X-KEY:METHOD=AES-128");
          call(stream + "/live", "{}");
          page.waitForFunction("() => document.getElementById('status').textContent === 'Live.'");
          publisher.end();
        }
        call(stream + "/stop", "{}");
        awaitState(page, "ended");
        await("stopped");
        call(stream + "/start", "{}");
        awaitWords(page, "Waiting for the stream.");
        try (RtmpPublisher again = RtmpPublisher.publish(folder, record.path("rtmp1").asText())) {
          page.waitForFunction("() => document.getElementById('status').textContent === 'Live.'");
          page.waitForFunction("() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames > 25");
          assertThat(again.isAlive()).isTrue();
        }
        assertThat(browser.errors()).isEmpty();
        assertThat(browser.requests()).allMatch(
            address -> address.startsWith(child.http().server() + "/") || address.startsWith("blob:") || address.startsWith("data:"));
      }
    }
  }
}
