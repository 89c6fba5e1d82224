package org.reelway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A real PostgreSQL of the machine's, in a folder of its own; a test is skipped where there is none. It can be away and come back. */
public final class Postgres implements AutoCloseable {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  public static final String USER = "postgres";
  private static Postgres shared;

  private final Path programs;
  private final Path folder;
  private final int port;
  private final AtomicInteger schemas = new AtomicInteger();
  private Process server;

  private Postgres(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /** One for all tests of the JVM; whoever uses it makes a schema. */
  public static synchronized Postgres shared() throws IOException, InterruptedException {
    if (shared == null) {
      shared = start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        try {
          shared.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }));
    }
    return shared;
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
    Postgres postgres = new Postgres(programs, folder, port);
    postgres.comeBack();
    return postgres;
  }

  /** As a crash of the machine that it runs on: nothing is said to anybody. */
  public void goAway() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-QUIT", String.valueOf(server.pid())).start().waitFor();
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  public void comeBack() throws IOException {
    server =
        begin(
            folder, programs.resolve("postgres").toString(), "-D", folder.resolve("data").toString(), "-F", "-p", String.valueOf(port),
            "-c", "max_connections=300", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=");
    Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).until(this::answers);
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

  /** As an operator writes it: without a user. */
  public String address(String schema) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?currentSchema=" + schema;
  }

  public String newSchema() {
    String name = "s" + schemas.incrementAndGet();
    execute("CREATE SCHEMA " + name);
    return name;
  }

  public void execute(String sql) {
    try (Connection connection = DriverManager.getConnection(url()); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One column of text or numbers. */
  public List<String> query(String sql) {
    List<String> all = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url()); Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
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
