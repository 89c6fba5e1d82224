package org.reelway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** moto_server, AWS's interface written by others. Where it is not installed the test that starts it is skipped, and says so. */
public final class Moto implements AutoCloseable {
  private final Process server;
  private final int port;

  private Moto(Process server, int port) {
    this.server = server;
    this.port = port;
  }

  /** @param folder gets its log */
  public static Moto start(Path folder) throws IOException {
    Optional<Path> program = onPath("moto_server");
    assumeTrue(program.isPresent(), "moto_server is not on PATH (pip install 'moto[server]' brings it)");
    Path log = folder.resolve("moto.log");
    int port = FreePort.any();
    Process server = new ProcessBuilder(program.get().toString(), "-H", "127.0.0.1", "-p", String.valueOf(port))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    Awaitility.await("moto_server listens").atMost(ChildReelway.PATIENCE)
        .until(() -> FreePort.isTaken(port) || !server.isAlive());
    assumeTrue(server.isAlive(), "moto_server does not start here: " + Files.readString(log).strip());
    return new Moto(server, port);
  }

  /** A program of that name, where there is one. */
  public static Optional<Path> onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(entry -> Path.of(entry, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() throws InterruptedException {
    server.destroy();
    assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }
}
