package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.Finished;

/** What is wrong is said on standard error in these words, with exit code 2, before anything was opened or written. */
class SettingsErrorsIT {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

  @TempDir Path folder;

  @Test
  void aSettingsFileThatIsWrongStopsTheStart() throws IOException {
    Files.writeString(folder.resolve("application.properties"), """
        reelway.store.bucket=a-bucket
        reelway.transfer.part-size=1MiB
        reelway.http.host=0.0.0.0
        """);

    Finished run = ChildReelway.command(folder, "run").finish();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("""
        reelway: application.properties:2: reelway.transfer.part-size: "1MiB" is out of range; allowed: 5MiB to 5GiB
        application.properties:3: reelway.http.host: \
        """);
    assertThat(run.out()).isEmpty();
    assertThat(folder.resolve("state")).doesNotExist();
  }

  @Test
  void wrongVariablesAndOptionsStopTheStartAndNoSecretIsShown() {
    Finished run = ChildReelway.command(folder, "run")
        .set("reelway.store.bucket", "a-bucket")
        .set("reelway.store.secret-key", "a secret with blanks")
        .set("reelway.store.acces-key", "shown-nowhere")
        .environment("REELWAY_HTTP_PROT", "8090")
        .finish();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("environment REELWAY_HTTP_PROT: is not a setting; the nearest is REELWAY_HTTP_PORT")
        .contains("--set: reelway.store.acces-key: is not a setting; the nearest is reelway.store.access-key")
        .contains("environment REELWAY_STORE_SECRET_KEY: reelway.store.secret-key: ")
        .doesNotContain("secret with blanks", "shown-nowhere", "Exception");
  }

  @Test
  void aSecretIsNotTakenAsAnArgument() {
    String key = "reelway.store.secret-key";
    Finished run = ChildReelway.command(folder, "check", "--set", key + "=seen-by-all").finish();

    assertThat(run).isEqualTo(new Finished(
        2, "",
        "reelway: " + key + " is a secret, and every user of this machine sees what --set is given; set it in the settings"
            + " file, or as the environment variable REELWAY_STORE_SECRET_KEY\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"run --help", "--version"})
  void helpIsGivenOnStandardOutput(String words) {
    Finished help = ChildReelway.command(folder, words.split(" ")).finish();

    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).containsPattern(words.equals("--version") ? "0\\.1\\.0" : "Usage: reelway").doesNotContain("\u001b");
  }

  @Test
  void anUnknownCommandLineIsAUsageError() {
    Finished run = ChildReelway.command(folder, "run", "--fodler", "x").finish();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).containsPattern("Usage: reelway|Did you mean: reelway").doesNotContain("Exception");
  }

  @Test
  void aRoutesFolderWithoutRoutesCarriesNothingAndSaysSo() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));

    Finished run = ChildReelway.sidecar(folder, NOWHERE).set("reelway.routes.folder", empty).finish();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("reelway: the routes cannot run:\n  " + empty + ": holds no route: no file is named *.camel.yaml; "
            + "fix: put routes there, or set the folder that holds them\n");
  }

  @Test
  void aBrokenRouteIsNamedByFileAndLine() throws IOException {
    Path routes = Files.createDirectories(folder.resolve("routes"));
    Files.writeString(routes.resolve("10-mine.camel.yaml"), """
        - route:
            id: mine
            description: A route with a kamelet that is not there.
            from:
              id: markers
              uri: kamelet:recording-makers
              parameters:
                folder: recordings
              steps:
                - to:
                    id: skip
                    uri: kamelet:recording-skip
        """);

    Finished run = ChildReelway.sidecar(folder, NOWHERE).set("reelway.routes.folder", routes).finish();

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("reelway: the routes cannot run:\n")
        .containsPattern("10-mine\\.camel\\.yaml:6[: ].*recording-makers")
        .contains("recording-markers")
        .doesNotContain("\tat ");
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Finished run = ChildReelway.sidecar(folder, NOWHERE).set("reelway.http.port", taken.getLocalPort()).finish();

      assertThat(run).isEqualTo(new Finished(2, "", "reelway: reelway.http.port is " + taken.getLocalPort()
          + " and reelway.http.host is \"127.0.0.1\": nothing can listen there (Address already in use);"
          + " end the program that does, or set another port\n"));
    }
  }

  @Test
  void aStateFolderThatAnotherSidecarHasIsNamedAndFreeOnceThatIsKilled() {
    Path state = folder.resolve("state");
    try (ChildReelway first = ChildReelway.sidecar(folder, NOWHERE).set("reelway.state.folder", state).startReady()) {
      Finished second = ChildReelway.sidecar(folder.resolve("second"), NOWHERE).set("reelway.state.folder", state).finish();

      assertThat(second).isEqualTo(new Finished(2, "", "reelway: reelway.state.folder: " + state
          + " is in use by another Reelway (process " + first.pid() + "); end that one, or name a folder of its own for each\n"));
      first.kill();
    }
    ChildReelway.sidecar(folder, NOWHERE).set("reelway.state.folder", state).startReady().close();
  }

  @Test
  void tooFewFilesAreNamedBeforeTheyAreMissing() {
    Finished run = ChildReelway.sidecar(folder, NOWHERE).files(256).finish();

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("reelway: this process may have 256 files open (ulimit -n); Reelway needs 512").doesNotContain("\tat ");
  }

  @Test
  void aRouteThatCannotStartIsNamedWithoutAStackTrace() throws IOException {
    Path routes = Files.createDirectory(folder.resolve("routes"));
    Files.writeString(routes.resolve("10-mine.camel.yaml"), """
        - route:
            id: mine
            description: Its count is no number, which only a start finds.
            from:
              id: tick
              uri: quartz:tick
              parameters:
                trigger.repeatInterval: 1000
                trigger.repeatCount: often
              steps:
                - stop: {id: enough}
        """);

    Finished run = ChildReelway.sidecar(folder, NOWHERE).set("reelway.routes.folder", routes).finish();

    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("reelway: the route mine (10-mine.camel.yaml:6) cannot start: ", "correct it in " + routes).doesNotContain("\tat ");
  }
}
