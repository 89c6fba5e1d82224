package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.CommandLine;
import org.reelway.testkit.ChildReelway.Finished;
import org.reelway.testkit.TestStore;

/** {@code reelway check} says before the first recording what would not work, and leaves nothing behind; CheckCommandTest has the other cases. */
class CheckIT {
  @TempDir static Path storeFolder;
  private static TestStore store;

  @TempDir Path folder;
  private List<String> foreign;

  @BeforeAll
  static void start() {
    store = TestStore.start(storeFolder);
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  @BeforeEach
  void foreignUpload() throws IOException {
    Files.createDirectory(folder.resolve("recordings"));
    store.beginUpload("somebody/elses.mp4");
    foreign = store.uploads();
  }

  private CommandLine check(URI endpoint, String... options) {
    String[] words = new String[options.length + 1];
    words[0] = "check";
    System.arraycopy(options, 0, words, 1, options.length);
    return ChildReelway.command(folder, words)
        .set("reelway.recordings.folder", folder.resolve("recordings"))
        .set("reelway.state.folder", folder.resolve("state"))
        .set("reelway.store.endpoint", endpoint)
        .set("reelway.store.bucket", TestStore.BUCKET)
        .set("reelway.store.access-key", TestStore.ACCESS_KEY)
        .set("reelway.store.secret-key", TestStore.SECRET_KEY);
  }

  private void assertNothingLeft() {
    assertThat(store.keys()).isEmpty();
    assertThat(store.uploads()).containsExactlyInAnyOrderElementsOf(foreign);
    assertThat(folder.resolve("recordings")).isEmptyDirectory();
    assertThat(folder.resolve("state")).doesNotExist();
  }

  @Test
  void aGoodStoreIsTriedCallByCall() {
    Finished check = check(store.endpoint()).finish();

    assertThat(check.code()).as(check.out() + check.err()).isZero();
    assertThat(check.err()).isEmpty();
    assertThat(check.out())
        .startsWith("settings are valid\nroutes are valid\nthis machine, and who it talks to\n")
        .containsPattern("(?m)^recordings folder +ok ")
        .contains("\nstore " + store.endpoint() + ", bucket " + TestStore.BUCKET + "\n")
        .containsPattern("(?m)^what +result +found$")
        .containsPattern("(?m)^bucket +ok +recordings is there$")
        .containsPattern("(?m)^put +ok ")
        .containsPattern("(?m)^head +ok ")
        .containsPattern("(?m)^get +ok ")
        .containsPattern("(?m)^checksum crc64nvme +ok +a wrong value is refused: BadDigest$")
        .containsPattern("(?m)^checksum in use +ok +crc32c ")
        .containsPattern("(?m)^multipart +ok ")
        .containsPattern("(?m)^list parts +ok ")
        .containsPattern("(?m)^put if absent +ok ")
        .containsPattern("(?m)^complete if absent +ok ")
        .containsPattern("(?m)^delete +ok ")
        .endsWith("\nok: recordings would be sent\n")
        .doesNotContain("\u001b", TestStore.SECRET_KEY, TestStore.ACCESS_KEY);
    assertNothingLeft();
  }

  @Test
  void aBrokenRouteIsToldByFileLineAndNodeAndWrongSettingsOfTheMixerByTheirFile() throws IOException {
    Path mixer = Files.writeString(folder.resolve("m.json"), "{\"callbackUrl\": \"ftp://backend/?key=top\"}");
    Path routes = Files.createDirectories(folder.resolve("my-routes"));
    Files.writeString(routes.resolve("10-mine.camel.yaml"), """
        - route:
            id: mine
            description: It uses a setting that is not there.
            from:
              id: tick
              uri: timer:tick
              steps:
                - to:
                    id: nowhere
                    uri: "file:{{reelway.recordings.fodler}}"
        """);

    Finished check = check(store.endpoint()).set("reelway.routes.folder", routes).set("reelway.mixer.settings", mixer).finish();

    assertThat(check.code()).isEqualTo(1);
    assertThat(check.out()).contains("routes: 1 error, 0 warnings")
        .containsPattern("error .*10-mine\\.camel\\.yaml:10.*")
        .containsPattern("nowhere|mine")
        .contains("reelway.recordings.fodler", mixer + ": callbackUrl is no URL")
        .doesNotContain("key=top")
        .containsPattern("(?m)^put +ok ")
        .endsWith("\nnot ok: the start, mixes would not work: see what is marked above\n");
    assertNothingLeft();
  }

  @Test
  void whatTheUserMayNotReadOrMakeIsSaid() throws IOException {
    Path setpriv = Path.of("/usr/bin/setpriv");
    assumeTrue("root".equals(System.getProperty("user.name")) && Files.isExecutable(setpriv), "only root can be another user");
    Path java = Files.writeString(folder.resolve("java"), "#!/bin/sh\nexec " + setpriv
        + " --reuid=65534 --regid=65534 --clear-groups \"" + System.getProperty("java.home") + "/bin/java\" \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(folder.resolve("recordings"), PosixFilePermissions.fromString("rwx------"));
    Path readOnly = Files.createDirectory(folder.resolve("read-only"));

    Finished check = check(store.endpoint()).environment("REELWAY_JAVA", java.toString())
        .set("reelway.recordings.folder", folder.resolve("recordings") + "," + readOnly).finish();

    assertThat(check.code()).as(check.out() + check.err()).isEqualTo(1);
    assertThat(check.out())
        .containsPattern("(?m)^recordings folder +FAILED .*recordings: the user nobody may not look into the folder")
        .containsPattern("(?m)^recordings folder +less .*read-only is there, cannot be written \\(AccessDenied\\): markers are kept")
        .containsPattern("(?m)^reelway.state.folder +FAILED .*state cannot be made: \\S+ cannot be written")
        .endsWith("\nnot ok: recordings, the start would not work: see what is marked above\n");
    assertNothingLeft();
  }
}
