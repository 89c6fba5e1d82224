package org.reelway.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.reelway.failure.Failure;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.RecordingFolder;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteJDBCLoader;

/**
 * The state: SQLite in the state folder, every commit on disk before it counts, or a PostgreSQL server where
 * {@code reelway.state.url} names one.
 */
public final class StateDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StateDatabase.class);

  /** SQLITE_PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL (https://sqlite.org/rescode.html). */
  private static final Set<Integer> AWAY = Set.of(3, 5, 6, 7, 8, 10, 13, 14, 15);

  /**
   * Classes of what a server says, or a driver without its server: connections, operator's doing, too few resources; and a
   * server that takes no writes (https://www.postgresql.org/docs/current/errcodes-appendix.html).
   */
  private static final List<String> GONE = List.of("08", "57P", "53", "25006");

  private final Jdbi jdbi;
  private final String node;
  private final AutoCloseable pool;
  /** Null where the state is embedded, and where it is not owned. */
  private final PostgresLock lock;

  private StateDatabase(Jdbi jdbi) {
    this(jdbi, "", () -> {}, null);
  }

  StateDatabase(Jdbi jdbi, String node, AutoCloseable pool, PostgresLock lock) {
    this.jdbi = jdbi;
    this.node = node;
    this.pool = pool;
    this.lock = lock;
  }

  /**
   * For a sidecar: no other has it until this is closed. Waits while a database server is away.
   *
   * @throws InputFailure another sidecar has it
   */
  public static StateDatabase own(Settings settings, Clock clock) {
    if (isShared(settings)) {
      return PostgresState.of(settings).own(OwnNode.of(settings), clock);
    }
    StateDatabase database = open(folder(settings), clock);
    OwnNode node = OwnNode.of(settings);
    database.jdbi.useTransaction(handle -> {
      NodeRows.adoptAll(handle, node.id());
      handle.execute("DELETE FROM node WHERE id <> ?", node.id());
      node.sign(handle, clock.millis(), 0);
    });
    return new StateDatabase(database.jdbi, node.id(), database.pool, null);
  }

  /** As {@link #own}, for a command: it does not wait for a server that is away. */
  static StateDatabase ownNow(Settings settings, Clock clock) {
    return PostgresState.of(settings).ownNow(OwnNode.of(settings), clock);
  }

  /**
   * For a command, also beside running sidecars. One that they may share is not brought to a newer schema.
   *
   * @throws OurFailure when it cannot be used
   */
  public static StateDatabase open(Settings settings, Clock clock) {
    return isShared(settings) ? PostgresState.of(settings).open(clock) : open(folder(settings), clock);
  }

  /** As {@link #openToRead(Path)}. */
  public static Optional<StateDatabase> openToRead(Settings settings) {
    return isShared(settings) ? PostgresState.of(settings).openToRead() : openToRead(folder(settings));
  }

  /** As {@link #openUntouched(Path)}. */
  public static Optional<StateDatabase> openUntouched(Settings settings) {
    return isShared(settings) ? PostgresState.of(settings).openToRead() : openUntouched(folder(settings));
  }

  private static boolean isShared(Settings settings) {
    return settings.isSet(StateSettings.URL);
  }

  private static Path folder(Settings settings) {
    return settings.get(StateSettings.FOLDER).toAbsolutePath();
  }

  /** Where the state is, for people. */
  public static String place(Settings settings) {
    return isShared(settings) ? "the database of " + StateSettings.URL : folder(settings).toString();
  }

  /**
   * Opens the database, or makes it. One that is damaged is put beside under another name: markers, files and the store
   * are enough to go on.
   */
  public static StateDatabase open(Path stateFolder, Clock clock) {
    Path file = stateFolder.resolve("reelway.db");
    Path libraries = stateFolder.resolve("native");
    RecordingFolder.fileInPlaceOf(stateFolder).ifPresent(inTheWay -> {
      throw new InputFailure("reelway.state.folder: " + stateFolder + " cannot be a folder: " + inTheWay + " is a file; name another");
    });
    try {
      OwnFiles.folder(stateFolder);
      Files.createDirectories(libraries);
      OwnFiles.file(file);
    } catch (IOException e) {
      throw new OurFailure(
          "the state folder " + stateFolder + " cannot be made: " + e + "; set reelway.state.folder to one that can", e);
    }
    loadDriver(libraries);
    try {
      return checked(file, clock);
    } catch (Damaged | JdbiException unusable) {
      if (isAway(unusable)) {
        throw new OurFailure("the state " + file + " cannot be opened: " + firstLine(unusable)
            + "; end whatever else uses it, and give Reelway's user the right and the room to write its folder", unusable);
      }
      Path aside = file.resolveSibling("reelway.db.damaged-" + clock.millis());
      LOG.error("the state {} cannot be used and is kept as {}: {}", file, aside, firstLine(unusable));
      setAside(file, aside, unusable);
      // As the first one: what SQLite makes has the rights that the process gives all its files.
      OwnFiles.fileOrFail(file);
      return checked(file, clock);
    }
  }

  /** Before the database is opened: it is not damaged because the driver's library has no room or no right to be unpacked. */
  private static void loadDriver(Path libraries) {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    if (!isLoadedFrom(libraries) && !isLoadedFrom(temporary)) {
      throw new OurFailure(
          "SQLite's library can be unpacked neither into " + libraries + " nor into " + temporary
              + "; give Reelway's user the right to write and execute there, and the disk room; the state is left as it is",
          null);
    }
  }

  /** Not the system's temporary folder first: it is not ours, and may forbid execution. */
  private static boolean isLoadedFrom(Path folder) {
    System.setProperty("org.sqlite.tmpdir", folder.toAbsolutePath().toString());
    try {
      return SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      LOG.debug("{}", e.toString());
      return false;
    }
  }

  /**
   * Opens the database for reading, also beside a running sidecar; nothing is made, brought to a newer schema or put
   * aside.
   *
   * @return empty where there is none
   * @throws OurFailure when it cannot be read
   */
  public static Optional<StateDatabase> openToRead(Path stateFolder) {
    Path libraries = stateFolder.resolve("native");
    if (Files.isWritable(libraries)) {
      System.setProperty("org.sqlite.tmpdir", libraries.toAbsolutePath().toString());
    }
    Path file = stateFolder.resolve("reelway.db");
    return openReadOnly(file, file.toString());
  }

  /**
   * The same without a trace in the state's folder: SQLite's library is unpacked into the JVM's temporary folder. A reader of a
   * database that nobody has open makes its log and index anew, unless it is told that nobody writes.
   */
  public static Optional<StateDatabase> openUntouched(Path stateFolder) {
    Path file = stateFolder.resolve("reelway.db");
    boolean isOpen = Files.exists(stateFolder.resolve("reelway.db-wal"));
    return openReadOnly(file, isOpen ? file.toString() : "file:" + file.toUri().getRawPath() + "?immutable=1");
  }

  private static Optional<StateDatabase> openReadOnly(Path file, String address) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(10_000);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + address);
    StateDatabase database = new StateDatabase(Jdbi.create(source));
    try {
      database.jdbi.useHandle(handle -> handle.createQuery("SELECT COUNT(*) FROM schema_step").mapTo(Long.class).one());
      return Optional.of(database);
    } catch (JdbiException e) {
      throw new OurFailure(
          "the state " + file + " cannot be read: " + firstLine(e) + "; run this as the user that the sidecar runs as", e);
    }
  }

  /** Another program's lock, a full disk, missing rights or a server that is away: what is stored is as it should be. */
  public static boolean isAway(Throwable failure) {
    return isGone(failure) || causes(failure).anyMatch(sql -> AWAY.contains(sql.getErrorCode() & 0xff));
  }

  /** The same of a database server: what could not be written is as good a moment later. */
  static boolean isGone(Throwable failure) {
    return causes(failure).anyMatch(
        sql -> sql instanceof SQLTransientConnectionException
            || sql.getSQLState() != null && GONE.stream().anyMatch(sql.getSQLState()::startsWith));
  }

  private static Stream<SQLException> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(SQLException.class::isInstance)
        .map(SQLException.class::cast);
  }

  /** A failure that {@link #isAway}, for people: why, and what to do. */
  public static String told(Throwable failure) {
    return "the state cannot be used (" + Failure.rootOf(failure) + "); " + remedy(failure);
  }

  /** What to do about a failure that {@link #isAway}. */
  public static String remedy(Throwable failure) {
    if (isGone(failure)) {
      return "see that the database of reelway.state.url answers";
    }
    return causes(failure).anyMatch(SQLiteException.class::isInstance)
        ? "give reelway.state.folder room and the right to write it"
        : "correct what the database of reelway.state.url refuses";
  }

  /** Why this sidecar may not use the state now; empty where it may. */
  public String trouble() {
    return lock == null ? "" : lock.trouble();
  }

  /** Whether another sidecar has had the state meanwhile, so that only a new start helps. */
  public boolean isLost() {
    return lock != null && lock.isLost();
  }

  /** Ends the connections, and lets another sidecar have it. */
  @Override
  public void close() {
    try {
      pool.close();
    } catch (Exception e) {
      LOG.debug("{}", e.toString());
    }
    if (lock != null) {
      lock.close();
    }
  }

  private static StateDatabase checked(Path file, Clock clock) {
    StateDatabase database = migrated(file, clock);
    String answer =
        database.jdbi.withHandle(handle -> handle.createQuery("PRAGMA quick_check(1)").mapTo(String.class).first());
    if (!answer.equals("ok")) {
      throw new Damaged(answer);
    }
    return database;
  }

  private static final class Damaged extends RuntimeException {
    Damaged(String answer) {
      super("damaged: " + answer);
    }
  }

  /** What the database says, without those who passed it on. */
  static String firstLine(Throwable e) {
    String said = causes(e).map(Throwable::getMessage).findFirst().orElse(e.getMessage());
    return String.valueOf(said).lines().findFirst().orElse("");
  }

  private static void setAside(Path file, Path aside, RuntimeException damaged) {
    try {
      Files.move(file, aside);
      // With the log of another file, the new one would be damaged at once.
      for (String companion : List.of("-wal", "-shm")) {
        Path beside = file.resolveSibling(file.getFileName() + companion);
        if (Files.exists(beside)) {
          Files.move(beside, aside.resolveSibling(aside.getFileName() + companion));
        }
      }
    } catch (IOException e) {
      damaged.addSuppressed(e);
      throw new OurFailure("the state " + file + " cannot be opened: " + damaged.getMessage(), damaged);
    }
  }

  private static StateDatabase migrated(Path file, Clock clock) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(10_000);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    Jdbi jdbi = Jdbi.create(source);
    new Migrations(jdbi, clock).run();
    return new StateDatabase(jdbi);
  }

  /** Whether the schema is new enough to have the table. */
  public boolean hasTable(String name) {
    return isThere(connection -> connection.getMetaData().getTables(null, schema(connection), name, null));
  }

  /** Of a state that an earlier version may have written. */
  public boolean hasColumn(String table, String name) {
    return isThere(connection -> connection.getMetaData().getColumns(null, schema(connection), table, name));
  }

  @FunctionalInterface
  private interface Question {
    ResultSet ask(Connection connection) throws SQLException;
  }

  private boolean isThere(Question question) {
    try (Handle handle = jdbi.open(); ResultSet rows = question.ask(handle.getConnection())) {
      return rows.next();
    } catch (SQLException e) {
      throw new OurFailure("the state's tables cannot be listed: " + e, e);
    }
  }

  /** Other schemas of a server may have tables of the same name; SQLite has none. */
  private static String schema(Connection connection) throws SQLException {
    return isPostgres(connection) ? connection.getSchema() : null;
  }

  static boolean isPostgres(Handle handle) {
    try {
      return isPostgres(handle.getConnection());
    } catch (SQLException e) {
      throw new OurFailure("the state's connection does not tell what it is: " + e, e);
    }
  }

  private static boolean isPostgres(Connection connection) throws SQLException {
    return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
  }

  /** Id of this sidecar among those that share the state; empty where it is not owned. */
  public String node() {
    return node;
  }

  public Jdbi jdbi() {
    return jdbi;
  }
}
