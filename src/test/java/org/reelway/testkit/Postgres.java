package org.reelway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.tukaani.xz.XZInputStream;

/**
 * A real PostgreSQL in a folder of its own: the machine's where one is installed, else that of a test library. It can be away and come
 * back.
 */
public final class Postgres implements AutoCloseable {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final String PACKED = "/postgres-linux-x86_64.txz";
  /** Whom root lets it run as. */
  private static final String NOBODY = "nobody";
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
    // Not JUnit's: its folders are their owner's alone, and PostgreSQL does not run as root.
    Path folder = Files.createTempDirectory("reelway-postgres");
    Path programs = programs(folder);
    if (isRoot()) {
      Files.setOwner(folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
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

  private static Path programs(Path folder) throws IOException {
    if (Files.isDirectory(INSTALLED) && !Boolean.getBoolean("reelway.test.postgres.packaged")) {
      try (Stream<Path> versions = Files.list(INSTALLED)) {
        return versions.max(Comparator.naturalOrder()).orElseThrow().resolve("bin");
      }
    }
    InputStream packed = Postgres.class.getResourceAsStream(PACKED);
    Assumptions.assumeTrue(packed != null && System.getProperty("os.arch").equals("amd64"), "no PostgreSQL is there for this machine");
    Path unpacked = folder.resolve("programs");
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(tar, entry, unpacked.resolve(entry.getName()));
      }
    }
    return unpacked.resolve("bin");
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path to) throws IOException {
    Files.createDirectories(entry.isDirectory() ? to : to.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(to, Path.of(entry.getLinkName()));
    } else if (!entry.isDirectory()) {
      Files.copy(tar, to);
      boolean isProgram = (entry.getMode() & 0100) != 0;
      Files.setPosixFilePermissions(to, PosixFilePermissions.fromString(isProgram ? "rwxr-xr-x" : "rw-r--r--"));
    }
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
      words.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=65534", "--clear-groups"));
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

  public int port() {
    return port;
  }

  /** User and system time of the server, of its processes that are there, and of those that have ended. */
  public double cpuSeconds() throws IOException {
    double ticks = 0;
    List<Long> pids = new ArrayList<>(server.children().map(ProcessHandle::pid).toList());
    pids.add(server.pid());
    for (long pid : pids) {
      try {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        // utime and stime, and of the server also those of children that it has waited for (proc(5)).
        for (int field = 11; field < (pid == server.pid() ? 15 : 13); field++) {
          ticks += Long.parseLong(fields[field]);
        }
      } catch (NoSuchFileException ended) {
        // Counted by the server from now on.
      }
    }
    return ticks / 100;
  }

  /** As an operator writes it: without a user. */
  public String address(String schema) {
    return address(schema, port);
  }

  /** @param port of a way to it that can be cut */
  public static String address(String schema, int port) {
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
