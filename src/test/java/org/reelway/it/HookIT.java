package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.Finished;
import org.reelway.testkit.HttpCalls.Answer;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** A media server's script or HTTP call says that a recording is finished: its marker is on disk before the answer. */
class HookIT {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  @TempDir static Path folder;
  private static TestStore store;
  private static ChildReelway child;
  private static Recordings recordings;

  @BeforeAll
  static void start() {
    store = TestStore.start(folder.resolve("store"));
    recordings = new Recordings(folder.resolve("recordings"));
    child = ChildReelway.sidecar(folder, store.endpoint())
        .set("reelway.transfer.key", "{stream}/{name}")
        .startReady();
  }

  @AfterAll
  static void stop() {
    child.close();
    store.close();
  }

  private static Finished hook(Path where, Path recordingFolder, Object... arguments) {
    List<String> words = new ArrayList<>(List.of("hook", "recorded"));
    Arrays.stream(arguments).map(String::valueOf).forEach(words::add);
    return ChildReelway.command(where, words.toArray(String[]::new))
        .set("reelway.recordings.folder", recordingFolder)
        .set("reelway.state.folder", where.resolve("state"))
        .finish();
  }

  private static void assertSent(Path file, String key) {
    child.await(key + " is stored and its marker is gone", () -> !Recordings.isMarked(file) && store.has(key));
    assertThat(store.bytes(key)).isEqualTo(Recordings.bytes(file));
  }

  @Test
  void theCommandMarksARecordingForARunningSidecar() {
    Path file = recordings.random("command.mp4", 1000, 1);

    Finished hook = hook(folder, recordings.folder(), file, "--stream", "studio");

    assertThat(hook).isEqualTo(new Finished(0, Recordings.marker(file) + "\n", ""));
    assertSent(file, "studio/command.mp4");
  }

  @Test
  void theCommandNeedsNoRunningSidecar(@TempDir Path other) {
    Path file = new Recordings(other.resolve("recordings")).random("sub/it's $(x) \"quoted\".mp4", 1000, 2);

    Finished hook = hook(other, other.resolve("recordings"), file);

    assertThat(hook).isEqualTo(new Finished(0, Recordings.marker(file) + "\n", ""));
    assertThat(Recordings.marker(file)).isEmptyFile();
  }

  @Test
  void theCommandTakesAFileOfAFolderThatOnlyARouteNames(@TempDir Path other) throws IOException {
    Path file = new Recordings(other.resolve("elsewhere")).random("a.mp4", 1000, 3);
    Path shipped = Path.of("docs/examples/25-second-folder.camel.yaml").toAbsolutePath();
    Files.copy(shipped, Files.createDirectory(other.resolve("routes")).resolve("25.camel.yaml"));
    Files.writeString(other.resolve("application.properties"), "archive.folder=" + file.getParent() + "\n");

    Finished hook =
        hook(
            other, other.resolve("recordings"), file, "--stream", "studio", "--set", "reelway.routes.folder="
                + other.resolve("routes"));

    assertThat(hook).isEqualTo(new Finished(0, Recordings.marker(file) + "\n", ""));
    assertThat(Recordings.text(Recordings.marker(file)))
        .isEqualTo("{\"reelway\":{\"version\":1,\"state\":\"marked\",\"stream\":\"studio\"}}");
  }

  /** As the call by HTTP does: nobody would ever send it. */
  @Test
  void theCommandRefusesAFileOutsideEveryFolderAndSaysWhichItKnows(@TempDir Path other) throws IOException {
    Path file = new Recordings(other.resolve("elsewhere")).random("a.mp4", 1000, 3);
    Path config = Files.writeString(other.resolve("studio.properties"), "reelway.recordings.folder=/srv/a,/srv/b\n");

    Finished set = hook(other, other.resolve("recordings"), file);
    Finished named =
        ChildReelway.command(other, "hook", "recorded", "-c", config.toString(), file.toString()).finish();

    for (Map.Entry<Finished, String> each : Map.of(set, other.resolve("recordings") + "", named, "/srv/a, /srv/b").entrySet()) {
      assertThat(each.getKey()).isEqualTo(new Finished(2, "", "reelway: " + file + " is in none of the recording folders ["
          + each.getValue() + "]; name a file inside one of them, or add its folder to reelway.recordings.folder\n"));
    }
    assertThat(file.getParent().toFile().list()).containsExactly("a.mp4");
  }

  @Test
  void theCommandRefusesWhatIsNoFinishedRecording(@TempDir Path other) {
    Path temporary = new Recordings(other.resolve("recordings")).random("a.mp4.tmp", 10, 4);
    Path missing = other.resolve("recordings/missing.mp4");

    assertThat(hook(other, other.resolve("recordings"), missing))
        .isEqualTo(new Finished(2, "", "reelway: " + missing
            + " is not there; name the finished recording by its path\n"));
    assertThat(hook(other, other.resolve("recordings"), temporary))
        .isEqualTo(new Finished(2, "", "reelway: " + temporary
            + " is never taken as a recording: temporary file of a media server that is still writing\n"));
    assertThat(Recordings.marker(temporary)).doesNotExist();
  }

  @Test
  void aJsonCallMarksTheRecordingBeforeItIsAnswered() {
    Path file = recordings.random("sub/json.mp4", 1000, 5);

    Answer answer = child.http().post("/hooks/recorded", JSON, """
        {"file": "%s", "stream": "studio 2"}""".formatted(file));

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().path("file").asText()).isEqualTo(file.toString());
    assertThat(answer.json().path("marker").asText()).isEqualTo(Recordings.marker(file).toString());
    assertSent(file, "studio 2/json.mp4");
    String id = answer.json().path("id").asText();
    JsonNode story = child.http().get("/recordings/" + id).json().path("recording");
    assertThat(story.path("file").asText()).isEqualTo(file.toString());
    assertThat(story.path("foundBy").asText()).isEqualTo("hook");
  }

  @Test
  void aFormAsNginxRtmpSendsItMarksTheRecording() {
    Path file = recordings.random("form ü+.flv", 1000, 6);
    String path = java.net.URLEncoder.encode(file.toString(), java.nio.charset.StandardCharsets.UTF_8);

    Answer answer = child.http().post("/hooks/recorded", FORM,
        "app=live&addr=127.0.0.1&call=record_done&name=cam%2B1&recorder=all&path=" + path);

    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    assertSent(file, "cam+1/form ü+.flv");
  }

  @Test
  void aRelativeNameIsTakenFromTheRecordingsFolder() {
    Path file = recordings.random("relative/a.mp4", 1000, 7);

    Answer answer = child.http().post("/hooks/recorded", JSON, """
        {"file": "relative/a.mp4", "stream": "s"}""");

    assertThat(answer.status()).isEqualTo(202);
    assertSent(file, "s/a.mp4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"file\": | the body is not JSON: ",
        "{\"stream\": \"a\"} | no file is named; send JSON {\"file\": \"/recordings/a.mp4\", \"stream\": \"a\"} or a form with file=…",
        "{} | no file is named; send JSON ",
        "{\"file\": \"/etc/passwd\"} | /etc/passwd is in none of the recording folders [FOLDER]; name a file inside one of them, or add its folder to reelway.recordings.folder",
        "{\"file\": \"../secret.mp4\"} | ../secret.mp4 is in none of the recording folders [FOLDER]",
        "{\"file\": \"FOLDER/missing.mp4\"} | FOLDER/missing.mp4 is not there; name the finished recording by its path",
        "{\"file\": \"FOLDER/still.mp4.tmp\"} | FOLDER/still.mp4.tmp is never taken as a recording: temporary file of a media server that is still writing",
        "{\"file\": \"a\\u0000b\"} | \"a",
        "[] | no file is named; "
      })
  void aCallThatNamesNoRecordingIsRefusedWithTheReason(String body, String error) throws IOException {
    String recordingFolder = recordings.folder().toString();
    Files.writeString(folder.resolve("secret.mp4"), "x");
    recordings.random("still.mp4.tmp", 10, 8);

    Answer answer = child.http().post("/hooks/recorded", JSON, body.replace("FOLDER", recordingFolder));

    assertThat(answer.status()).as(answer.body()).isEqualTo(422);
    assertThat(answer.error()).startsWith(error.replace("FOLDER", recordingFolder));
    assertThat(answer.json().path("class").asText()).isEqualTo("input");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    Answer answer = child.http().post("/hooks/recorded", JSON, "{\"file\": \"" + "a".repeat(70_000) + "\"}");

    assertThat(answer.status()).isEqualTo(413);
  }

  @Test
  void onlyPostIsTaken() {
    assertThat(child.http().get("/hooks/recorded").status()).isEqualTo(405);
    assertThat(child.http().post("/recordings", JSON, "{}").status()).isEqualTo(405);
  }

  @Test
  void webPagesFromElsewhereAreRefused() {
    Path file = recordings.random("foreign.mp4", 1000, 9);
    String body = "{\"file\": \"" + file + "\"}";

    Answer origin = child.http().post("/hooks/recorded", "text/plain", body, "Origin", "https://evil.example");
    Answer site = child.http().post("/hooks/recorded", "text/plain", body, "Sec-Fetch-Site", "cross-site");
    Answer host = child.http().post("/hooks/recorded", JSON, body, "Host", "evil.example");

    assertThat(List.of(origin.status(), site.status(), host.status())).containsOnly(403);
    assertThat(origin.error()).isEqualTo("requests of web pages from elsewhere are not taken");
    assertThat(host.error()).isEqualTo(
        "the Host header is not this machine's loopback name; set a username and a password to allow others");
    assertThat(Recordings.isMarked(file)).isFalse();
  }
}
