package org.reelway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A real PostgreSQL of the machine's, in a folder of its own; a test is skipped where there is none. */
public final class Postgres implements AutoCloseable {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final String USER = "postgres";

  private final Path folder;
  private final Process server;
  private final int port;

  private Postgres(Path folder, Process server, int port) {
    this.folder = folder;
    this.server = server;
    this.port = port;
  }

  public static Postgres start() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Files.isDirectory(INSTALLED), "no PostgreSQL is installed");
    Path programs;
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      programs = versions.max(Comparator.naturalOrder()).orElseThrow().resolve("bin");
    }
    // Not JUnit's: its folders are their owner's alone, and PostgreSQL does not run as root.
    Path folder = Files.createTempDirectory("reelway-postgres");
    if (isRoot()) {
      Files.setOwner(folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
    }
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path data = folder.resolve("data");
    Process made =
        begin(
            folder, programs.resolve("initdb").toString(), "-D", data.toString(), "-U", USER, "-A", "trust", "-N",
            "--locale=C", "-E", "UTF8");
    assertThat(made.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(made.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    Process server =
        begin(
            folder, programs.resolve("postgres").toString(), "-D", data.toString(), "-F", "-p", String.valueOf(port), "-c",
            "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=");
    Postgres postgres = new Postgres(folder, server, port);
    Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).until(postgres::answers);
    return postgres;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static Process begin(Path folder, String... command) throws IOException {
    List<String> words = new ArrayList<>();
    if (isRoot()) {
      words.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
    }
    words.addAll(List.of(command));
    return new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())).start();
  }

  private boolean answers() {
    try {
      DriverManager.getConnection(url()).close();
      return true;
    } catch (SQLException notYet) {
      assertThat(server.isAlive()).isTrue();
      return false;
    }
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER;
  }

  /** Fast shutdown. */
  @Override
  public void close() throws IOException {
    server.toHandle().destroy();
    try {
      if (!server.waitFor(20, TimeUnit.SECONDS)) {
        server.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
