package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.Sha256;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.CommandLine;
import org.reelway.testkit.ChildReelway.Finished;
import org.reelway.testkit.FreePort;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestCa;
import org.reelway.testkit.TestStore;

/** The commands of a machine ask a sidecar that has certificates and accounts; secrets of its store change while it runs. */
class AccessIT {
  private static final String OPERATOR = "operator-secret-0001";

  @TempDir Path folder;
  private int http;
  private int management;
  private TestCa.Pem pem;
  private Path access;

  private CommandLine with(CommandLine command) {
    command.set("reelway.http.port", http).set("reelway.management.port", management)
        .set("reelway.http.access-file", access);
    for (String server : new String[] {"reelway.http", "reelway.management"}) {
      command.set(server + ".tls-certificate", pem.certificate()).set(server + ".tls-key", pem.key());
    }
    return command;
  }

  private Finished run(Map<String, String> environment, String... words) {
    CommandLine command = with(ChildReelway.command(folder.resolve("commands"), words));
    environment.forEach(command::environment);
    return command.finish();
  }

  @Test
  void commandsLogInOverTlsAndTheStoresKeysAreReplacedInTheirFiles() throws IOException {
    http = FreePort.any();
    management = FreePort.any();
    pem = TestCa.make(folder, "ca").pem("dns:media.example");
    access = Files.writeString(folder.resolve("access"), "vera read viewer-secret-00002\nolga operate " + OPERATOR + "\n");
    Path secret = Files.writeString(folder.resolve("store-secret"), "not-the-secret-of-the-store\n");
    Path audit = folder.resolve("audit.log");
    try (TestStore store = TestStore.start(folder.resolve("store"))) {
      CommandLine sidecar = with(ChildReelway.sidecar(folder, store.endpoint()))
          .set("reelway.store.secret-key", "")
          .set("reelway.log.audit-file", audit)
          .environment("REELWAY_STORE_SECRET_KEY_FILE", secret.toString());
      try (ChildReelway child = sidecar.startReady()) {
        Path recording = new Recordings(folder.resolve("recordings")).random("one.mp4", 1000, 1);
        Finished hook = ChildReelway.command(folder.resolve("commands"), "hook", "recorded", recording.toString())
            .set("reelway.recordings.folder", folder.resolve("recordings"))
            .environment("REELWAY_STORE_SECRET_KEY_FILE", folder.resolve("not-there").toString())
            .finish();
        assertThat(hook.code()).as(hook.err()).isZero();
        child.await("the store refuses the wrong key", () -> child.err().contains("SignatureDoesNotMatch")
            || child.err().contains("403"));

        Files.writeString(secret, TestStore.SECRET_KEY);
        child.await("the recording is sent with the right one", () -> !Recordings.isMarked(recording));
        assertThat(store.has("one.mp4")).isTrue();

        Finished health = run(Map.of(), "health", "--live");
        assertThat(health.code()).as(health.err()).isZero();
        Finished release = run(Map.of(), "release", "none");
        assertThat(release.err()).contains("no recording has the id \"none\"");
        child.await("the action is noted", () -> Files.readString(audit).contains(
            "olga (operate) from 127.0.0.1: POST /recordings/none/release -> 404"));
        assertThat(child.err()).contains("olga (operate) from 127.0.0.1");

        Files.writeString(access, "olga operate sha256:" + Sha256.hex(OPERATOR, 64) + "\n");
        Finished hashed = run(Map.of(), "health", "--live");
        assertThat(hashed.code()).isEqualTo(2);
        assertThat(hashed.err()).contains("no account of the role operate in reelway.http.access-file has its secret as such there; "
            + "set reelway.management.username and its password");

        pem = new TestCa.Pem(folder.resolve("ca.pem"), pem.key());
        Files.writeString(access, "olga operate " + OPERATOR + "\n");
        Finished other = run(Map.of(), "health", "--live");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("it shows another certificate than that of reelway.management.tls-certificate");
        assertThat(child.err()).doesNotContain(OPERATOR, TestStore.SECRET_KEY, "not-the-secret");
      }
    }
  }
}
