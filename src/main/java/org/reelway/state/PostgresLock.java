package org.reelway.state;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.InputFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a schema to one sidecar, as {@link StateLock} keeps a folder: an advisory lock of a session that does nothing else. The
 * server gives it back when that session ends, however it ends.
 *
 * <p>While it is not known to be held, nothing is read or written. A lock that was lost is taken again; but where another sidecar
 * had the state meanwhile, what this one remembers is not true any more, and it has to be started again.
 */
final class PostgresLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLock.class);
  /** One that is being stopped may take so long to go. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(1);
  /** Shorter than {@link #KEEP}, so that a sidecar whose network is cut off stops before another one may begin. */
  private static final Duration TRUST = Duration.ofSeconds(20);
  /** Until the server gives up a session whose host does not answer any more: 20 + 4 * 5 seconds. */
  private static final String KEEP =
      "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4;"
          + " SET tcp_user_timeout = 40000; SET idle_session_timeout = 0";
  /** Of advisory locks, so that no other program's number is ours. */
  private static final int REELWAY = 0x5265656c;

  private final DataSource source;
  private final Clock clock;
  private final String token = UUID.randomUUID().toString();
  private final Thread watch = DaemonThreads.of("state-owner", this::watch);
  private Connection connection;
  private volatile boolean closed;
  private volatile long seenNanos;
  /** Why it is not held; empty while it is. */
  private volatile String trouble = "";
  /** Another sidecar has had the state. */
  private volatile boolean lost;

  private PostgresLock(DataSource source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /**
   * @param source of connections of their own, which answer within seconds or fail
   * @throws InputFailure another sidecar has it
   */
  static PostgresLock take(DataSource source, Clock clock) throws SQLException {
    PostgresLock lock = new PostgresLock(source, clock);
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!lock.isTaken()) {
        if (System.nanoTime() > end) {
          throw new InputFailure(
              "reelway.state.url: the state there is in use by " + lock.owner()
                  + "; end that one, or name a database or a schema (?currentSchema=…) of its own for each");
        }
        lock.pause(Duration.ofMillis(200));
      }
      lock.sign();
    } catch (SQLException | RuntimeException e) {
      lock.disconnect();
      throw e;
    }
    lock.watch.start();
    return lock;
  }

  private boolean isTaken() throws SQLException {
    if (connection == null) {
      connection = source.getConnection();
      keep(connection);
    }
    seenNanos = System.nanoTime();
    try (PreparedStatement statement = connection.prepareStatement(
            "SELECT pg_try_advisory_lock(?, oid::int) FROM pg_namespace WHERE nspname = current_schema()")) {
      statement.setInt(1, REELWAY);
      try (ResultSet answer = statement.executeQuery()) {
        requireSchema(answer.next() ? "" : null);
        return answer.getBoolean(1);
      }
    }
  }

  /** What an older server does not know stays as it is. */
  private static void keep(Connection connection) {
    for (String each : KEEP.split(";")) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(each);
      } catch (SQLException e) {
        LOG.debug("{}", e.toString());
      }
    }
  }

  /** @param schema that a connection is in; null where the one that its address names is not there */
  static void requireSchema(String schema) {
    if (schema == null) {
      throw new InputFailure("reelway.state.url: the schema that it names is not there; make it (CREATE SCHEMA), or name another");
    }
  }

  private void sign() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS state_owner (token VARCHAR NOT NULL, who VARCHAR NOT NULL, since BIGINT NOT NULL)");
      connection.setAutoCommit(false);
      statement.execute("DELETE FROM state_owner");
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO state_owner (token, who, since) VALUES (?, ?, ?)")) {
        insert.setString(1, token);
        insert.setString(2, "process " + ProcessHandle.current().pid() + " on " + host());
        insert.setLong(3, clock.millis());
        insert.execute();
      }
      connection.commit();
      connection.setAutoCommit(true);
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unnamed host";
    }
  }

  private String owner() {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT who, since FROM state_owner")) {
      return rows.next()
          ? "another Reelway (" + rows.getString("who") + ", since " + Instant.ofEpochMilli(rows.getLong("since")) + ")"
          : "another Reelway";
    } catch (SQLException notYetThere) {
      return "another Reelway";
    }
  }

  private boolean isSigned() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT token FROM state_owner")) {
      return rows.next() && rows.getString("token").equals(token);
    }
  }

  /** @throws SQLException another may have the state */
  void check() throws SQLException {
    if (!trouble.isEmpty()) {
      throw new SQLTransientConnectionException(trouble, "08006");
    }
    if (System.nanoTime() - seenNanos > TRUST.toNanos()) {
      throw new SQLTransientConnectionException("the database was not heard of for " + TRUST.toSeconds() + " s", "08006");
    }
  }

  /** Why the state is not this sidecar's now; empty where it is. */
  String trouble() {
    return trouble;
  }

  /** Whether another sidecar has had the state, so that only a new start helps. */
  boolean isLost() {
    return lost;
  }

  private void watch() {
    while (!closed && !lost) {
      pause(LOOK);
      try {
        look();
      } catch (SQLException | RuntimeException | Error e) {
        // An error too: nobody else would say that the state is not to be had any more.
        disconnect();
        if (trouble.isEmpty() && !closed) {
          LOG.error(
              "the database of reelway.state.url is away (recordings are sent meanwhile; callbacks and events wait): {}",
              StateDatabase.firstLine(e));
        }
        trouble = "the database of reelway.state.url is away: " + StateDatabase.firstLine(e);
      }
    }
  }

  private void look() throws SQLException {
    if (connection != null && trouble.isEmpty()) {
      if (!isSigned()) {
        lose();
      }
    } else if (!closed && isTaken()) {
      takeAgain();
    } else if (!closed && !isSigned()) {
      lose();
    }
    seenNanos = System.nanoTime();
  }

  private void takeAgain() throws SQLException {
    if (isSigned()) {
      seenNanos = System.nanoTime();
      trouble = "";
      LOG.info("the database of reelway.state.url is back, and the state is this sidecar's as before");
    } else {
      lose();
    }
  }

  private void lose() {
    trouble = owner() + " has had the state of reelway.state.url meanwhile; start this one again";
    lost = true;
    LOG.error("{}; until then it reads and writes no state", trouble);
    disconnect();
  }

  private void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private synchronized void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("{}", e.toString());
      }
      connection = null;
    }
  }

  @Override
  public void close() {
    closed = true;
    watch.interrupt();
    try {
      watch.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    disconnect();
  }
}
