package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.Postgres;

/** {@code reelway check} tries this machine and who it talks to as it tries the store. */
class CheckCommandTest {
  @TempDir Path folder;
  private SidecarFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new SidecarFixture(folder);
    fixture.store.createBucket(SidecarFixture.BUCKET);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private void set(String key, Object value) {
    fixture.settings.put(key, value.toString());
  }

  private void assertCheckEndsWith(int code) {
    int ended = fixture.command("check");
    assertThat(ended).as(fixture.said()).isEqualTo(code);
  }

  private void assertRow(String what, String outcome, String found) {
    assertThat(fixture.said()).containsPattern("(?m)^" + what + " +" + outcome + " +.*" + found);
  }

  @Test
  void whatIsThereIsTriedAndLeftAsItWas() throws IOException {
    Path live = Files.createDirectory(folder.resolve("live"));
    Path state = Files.createDirectory(folder.resolve("state"));
    try (ServerSocket peer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + peer.getLocalPort();
      set("reelway.live.folder", live);
      set("reelway.callbacks.url", "http://" + address + "/a-path-never-shown");
      set("reelway.callbacks.allow-private", "127.0.0.1");
      set("reelway.routing.destinations", "rtmp://" + address + "/app/a-key-never-shown,srt://localhost:9000");
      set("reelway.servers.api", "srs:http://" + address);
      set("reelway.workflow.listen-port", peer.getLocalPort());

      assertCheckEndsWith(0);

      assertRow("recordings folder", "ok", "/recordings is there, can be written, watched by events$");
      assertRow("live folder", "ok", "/live is there, can be written, watched by events$");
      assertRow("reelway.state.folder", "ok", "/state can be written$");
      assertRow("reelway.http.port", "ok", "127.0.0.1:0 is free$");
      assertRow("reelway.workflow.listen-port", "less", address + ": Address already in use");
      assertRow("ffmpeg", "ok", "/ffmpeg: ffmpeg version \\S+$");
      assertRow("mixer settings", "ok", "valid$");
      assertRow("callback " + address, "ok", "can be reached$");
      assertRow("destination rtmp://" + address + "/app/\\*\\*\\*", "ok", "can be reached$");
      assertRow("destination srt://localhost:9000", "ok", "can be reached$");
      assertRow("API of srs 127.0.0.1", "ok", "can be reached$");
      assertThat(fixture.said()).endsWith("\nok: recordings would be sent\n").doesNotContain("never-shown");
    }
    for (Path tried : new Path[] {fixture.recordings, live}) {
      assertThat(tried).isEmptyDirectory();
    }
    assertThat(state.resolve("reelway.db")).doesNotExist();
  }

  @Test
  void oneWithoutIngestNeedsNoFolderOfRecordings() throws IOException, InterruptedException {
    Postgres postgres = Postgres.shared();
    Files.delete(fixture.recordings);
    set("reelway.roles", "mixer,callbacks");
    set("reelway.state.url", postgres.address(postgres.newSchema()));
    set("reelway.state.username", Postgres.USER);
    set("reelway.routing.destinations", "rtmp://127.0.0.1:9/app/{stream}");

    assertCheckEndsWith(0);

    assertThat(fixture.said()).doesNotContain("recordings folder", "destination rtmp").contains("mixer settings")
        .endsWith("\nok: this sidecar would do mixer,callbacks\n");
    assertThat(fixture.recordings).doesNotExist();
  }

  @Test
  void routesOfAFarmAreBuiltAndItsBrokerIsAsked() throws IOException, InterruptedException {
    Postgres postgres = Postgres.shared();
    set("reelway.state.url", postgres.address(postgres.newSchema()));
    set("reelway.state.username", Postgres.USER);
    set("reelway.queue.url", "tcp://127.0.0.1:9");

    assertCheckEndsWith(1);

    assertThat(fixture.said()).contains("routes are valid\n")
        .endsWith("\nnot ok: mixes of the farm would not work; recordings would be sent: see what is marked above\n");
    assertRow("broker", "FAILED", "the broker tcp://127.0.0.1:9 does not answer: ");
    assertThat(fixture.command("run", "--dry-run")).as(fixture.said()).isZero();
  }

  @Test
  void eachMistakeIsSaidWithWhatWouldNotWorkAndNothingIsMade() throws IOException {
    Path file = Files.writeString(folder.resolve("a-file"), "");
    set("reelway.recordings.folder", file + "," + folder.resolve("misspelt") + "," + Files.writeString(folder.resolve("c-file"), "").resolve("below"));
    set("reelway.live.folder", folder.resolve("not-mounted"));
    set("reelway.state.folder", Files.writeString(folder.resolve("b-file"), "").resolve("state"));
    set("reelway.recordings.tidy", "move");
    set("reelway.recordings.move-to", folder.resolve("b-file"));
    set("reelway.recorder.folder", file.resolve("recorded"));
    set("reelway.workflow.folder", folder.resolve("b-file").resolve("streams"));
    set("reelway.http.host", "host.invalid");
    set("reelway.http.username", "somebody");
    set("reelway.http.password", "a-password-never-shown");
    set("reelway.mixer.settings", Files.writeString(folder.resolve("mixer.json"), "{\"hasVideos\": true}"));
    set("reelway.callbacks.url", "https://host.invalid/hook");
    set("reelway.routing.destinations", "rtmp://127.0.0.1:9/app/{stream}");
    set("reelway.servers.api", "srs:http://127.0.0.1:9");

    assertCheckEndsWith(1);

    assertRow("recordings folder", "FAILED", "/a-file: what is there is no folder; name a folder$");
    assertRow("recordings folder", "FAILED", "/c-file/below: it cannot be there: .*/c-file is a file; name a folder$");
    assertRow("recordings folder", "FAILED", "/misspelt: the folder is not there; make it ");
    assertRow("live folder", "FAILED", "/not-mounted: the folder is not there; ");
    assertRow("reelway.state.folder", "FAILED", "/b-file/state cannot be a folder: .*/b-file is a file; ");
    assertRow("reelway.recordings.move-to", "FAILED", "/b-file cannot be a folder: ");
    assertRow("reelway.recorder.folder", "FAILED", "/a-file/recorded cannot be a folder: ");
    assertRow("reelway.workflow.folder", "FAILED", "/b-file/streams cannot be a folder: ");
    assertRow("reelway.http.port", "FAILED", "reelway.http.host is no address of this machine: host.invalid$");
    assertRow("ffmpeg", "less", "not tried: ");
    assertRow("mixer settings", "FAILED", "there is no key hasVideos; the nearest is hasVideo");
    assertRow("callback host.invalid", "FAILED", "the host host.invalid is not known$");
    assertRow("destination rtmp://127.0.0.1:9/app/\\{stream\\}", "FAILED", "no connection to 127.0.0.1:9: ");
    assertRow("API of srs 127.0.0.1", "FAILED", "no connection to 127.0.0.1:9: ");
    assertThat(fixture.said()).endsWith(
        "\nnot ok: recordings, live streams, the start, tidying, recorders, mixes, callbacks, the live workflow, relays, questions to media"
            + " servers would not work: see what is marked above\n");
    assertThat(folder.resolve("misspelt")).doesNotExist();
    assertThat(folder.resolve("not-mounted")).doesNotExist();
  }

  @Test
  void foldersThatAreToBeMadeAreNoFailureAndWhatFailsBesideRecordingsIsToldApart() {
    set("reelway.recordings.folder", folder.resolve("new"));
    set("reelway.recordings.create-folders", true);
    set("reelway.callbacks.url", "https://host.invalid/hook");

    assertCheckEndsWith(1);

    assertRow("recordings folder", "less", "/new: the folder is not there, and is made at start$");
    assertThat(fixture.said())
        .endsWith("\nnot ok: callbacks would not work; recordings would be sent: see what is marked above\n");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void theFoldersOfTheRoutesCountWhateverTheSettingsSay() throws IOException {
    Path routes = Files.createDirectory(folder.resolve("routes"));
    Files.writeString(routes.resolve("10-mine.camel.yaml"), """
        - route:
            id: mine
            description: It watches a folder of its own.
            from:
              id: markers
              uri: kamelet:recording-markers
              parameters:
                folder: "%s"
              steps:
                - to: {id: tidy, uri: "kamelet:recording-tidy"}
        """.formatted(folder.resolve("not-there")));
    set("reelway.routes.folder", routes);

    assertCheckEndsWith(1);

    assertRow("recordings folder", "FAILED", "/not-there: the folder is not there; ");
    assertThat(fixture.said()).doesNotContain(fixture.recordings.toString());
  }

  @Test
  void theSettingsInForceAreShownWithoutSecrets() {
    set("reelway.http.username", "operator");
    set("reelway.http.password", "a-password-never-shown");

    assertThat(fixture.command("check", "--settings", "--set", "reelway.store.prefix=archive")).as(fixture.said()).isZero();

    assertThat(fixture.said())
        .containsPattern("(?m)^reelway\\.http\\.username +operator +\\S*application\\.properties:\\d+$")
        .containsPattern("(?m)^reelway\\.store\\.secret-key +\\*\\*\\*\\*\\* ")
        .containsPattern("(?m)^reelway\\.store\\.checksum +auto +default$")
        .contains("store " + fixture.store.endpoint() + ", bucket " + SidecarFixture.BUCKET + "\n")
        .containsPattern("(?m)^reelway\\.store\\.prefix +archive +--set$")
        .doesNotContain("secret-of-the-store", "a-password-never-shown");
  }

  @Test
  void aWrongSecretIsToldAsTheStoreToldIt() {
    set("reelway.store.secret-key", "wrong-and-never-shown");

    assertCheckEndsWith(1);

    assertRow("put", "FAILED", "403 SignatureDoesNotMatch");
    assertThat(fixture.said()).endsWith("\nnot ok: recordings would not work: see what is marked above\n").doesNotContain("never-shown");
  }

  @Test
  void aMissingBucketIsTold() {
    set("reelway.store.bucket", "not-there");

    assertCheckEndsWith(1);

    assertRow("bucket", "FAILED", "not-there");
  }

  @Test
  void aStoreThatIsAwayIsTold() {
    set("reelway.store.endpoint", "http://127.0.0.1:9");

    assertCheckEndsWith(1);

    assertRow("bucket", "FAILED", "127\\.0\\.0\\.1:9");
    assertThat(fixture.said()).endsWith("\nnot ok: recordings would not work: see what is marked above\n");
  }
}
