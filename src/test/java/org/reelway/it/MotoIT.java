package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.ChildReelway;

import org.reelway.transfer.store.StoreCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import org.reelway.transfer.store.Role;
import org.reelway.transfer.store.StoreConnection;

/** Against moto_server, AWS's interface written by others; skipped, and says so, where it is not installed. */
class MotoIT {
  @TempDir Path folder;

  private static Optional<Path> onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(entry -> Path.of(entry, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  @FunctionalInterface
  private interface Trial {
    void of(URI moto) throws Exception;
  }

  @Test
  void recordingsReachMotoVerified() throws Exception {
    withMoto(moto -> new OtherStore(moto, "moto", "moto-secret").takesRecordings(folder, "moto"));
  }

  @Test
  void whatIsToldOfObjectsIsWhatMotoKeeps() throws Exception {
    withMoto(moto -> {
      MotoObjects objects = new MotoObjects(moto);
      objects.areKeptAsTold(folder.resolve("s3"), Map.of("reelway.store.encryption", "s3"), head -> {
        assertThat(head.serverSideEncryptionAsString()).isEqualTo("AES256");
        assertThat(head.storageClassAsString()).isEqualTo("STANDARD_IA");
      });
      Map<String, String> kms = Map.of(
          "reelway.store.encryption", "kms",
          "reelway.store.kms-key", "alias/studio",
          "reelway.store.kms-bucket-key", "true");
      objects.areKeptAsTold(folder.resolve("kms"), kms, head -> {
        assertThat(head.serverSideEncryptionAsString()).isEqualTo("aws:kms");
        assertThat(head.ssekmsKeyId()).isEqualTo("alias/studio");
      });
      objects.refuseAnUnknownStorageClass(folder.resolve("refused"));
    });
  }

  private void withMoto(Trial trial) throws Exception {
    Optional<Path> moto = onPath("moto_server");
    assumeTrue(moto.isPresent(), "moto_server is not on PATH (pip install 'moto[server]' brings it)");
    int port = freePort();
    Process server = new ProcessBuilder(moto.get().toString(), "-H", "127.0.0.1", "-p", String.valueOf(port))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("moto.log").toFile())
        .start();
    try {
      Awaitility.await("moto_server listens").atMost(ChildReelway.PATIENCE)
          .until(() -> listens(port) || !server.isAlive());
      assumeTrue(server.isAlive(), () -> "moto_server does not start here: " + log());
      trial.of(URI.create("http://127.0.0.1:" + port));
    } finally {
      server.destroy();
      assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Role credentials of a service written by others, and a store that takes them. */
  @Test
  void aRoleIsAssumedAtMoto() throws Exception {
    Optional<Path> moto = onPath("moto_server");
    assumeTrue(moto.isPresent(), "moto_server is not on PATH (pip install 'moto[server]' brings it)");
    int port = freePort();
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    Process server = new ProcessBuilder(moto.get().toString(), "-H", "127.0.0.1", "-p", String.valueOf(port))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("moto.log").toFile())
        .start();
    try {
      Awaitility.await("moto_server listens").atMost(ChildReelway.PATIENCE)
          .until(() -> listens(port) || !server.isAlive());
      assumeTrue(server.isAlive(), () -> "moto_server does not start here: " + log());
      Role role =
          new Role("arn:aws:iam::123456789012:role/reelway", "studio", "id-1", Duration.ofMinutes(15), endpoint);
      StoreConnection direct =
          new StoreConnection(
              endpoint, "us-east-1", true, Duration.ofSeconds(5), Duration.ofSeconds(20),
              StoreCredentials.fixed("moto", "moto-secret"), null);
      try (StoreCredentials assumed = StoreCredentials.ofRole(role, direct.credentials(), direct)) {
        AwsSessionCredentials given = (AwsSessionCredentials) assumed.resolveCredentials();
        assertThat(given.accessKeyId()).startsWith("ASIA");
        assertThat(given.sessionToken()).isNotBlank();
        assertThat(assumed.resolveCredentials()).as("kept until shortly before its end").isEqualTo(given);
      }
    } finally {
      server.destroy();
      assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("moto.log")).strip();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
