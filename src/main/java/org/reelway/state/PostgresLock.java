package org.reelway.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.InputFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node's rows to one sidecar, as {@link StateLock} keeps a folder: an advisory lock of a session that does nothing else. The
 * server gives it back when that session ends, however it ends. The same session says every few seconds that the node is there.
 *
 * <p>While it is not known to be held, nothing is read or written. A lock that was lost is taken again; but where another sidecar
 * had the node's name meanwhile, what this one remembers is not true any more, and it has to be started again.
 */
final class PostgresLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLock.class);
  /** One that is being stopped may take so long to go. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  /** While nothing is wrong: one statement for each node, so a thousand nodes make 200 in a second. */
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
  /** Shorter than {@link #KEEP}, so that a sidecar whose network is cut off stops before another one may begin. */
  private static final Duration TRUST = Duration.ofSeconds(20);
  /** Until the server gives up a session whose host does not answer any more: 20 + 4 * 5 seconds. */
  private static final String KEEP =
      "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4;"
          + " SET tcp_user_timeout = 40000; SET idle_session_timeout = 0; SET synchronous_commit = off";
  /** Of advisory locks, so that no other program's number is ours. */
  static final int REELWAY = 0x5265656c;
  /** Held by all: the release before, which shared a schema with nobody, held it alone. */
  private static final String SHARED = "SELECT pg_try_advisory_lock_shared(" + REELWAY + ", oid::int)";
  private static final String ALONE = "SELECT pg_try_advisory_lock(hashtextextended(oid::text || '/' || ?, " + REELWAY + "))";
  private static final String OF_SCHEMA = " FROM pg_namespace WHERE nspname = current_schema()";
  /** Where a newer program has changed what this one knows, it is over, too. */
  private static final String SEEN =
      "UPDATE node SET seen_at = " + StateTime.OF_POSTGRES + " WHERE id = ? AND token = ?"
          + " AND NOT EXISTS (SELECT 1 FROM schema_step WHERE step > ? AND compatible = 0)";

  private final DataSource source;
  private final OwnNode node;
  private final Thread watch = DaemonThreads.of("state-owner", this::watch);
  private Connection connection;
  private boolean isShared;
  private volatile int known;
  private volatile boolean closed;
  private volatile long seenNanos;
  /** Why it is not held; empty while it is. */
  private volatile String trouble = "";
  /** Another sidecar has had the state. */
  private volatile boolean lost;

  private PostgresLock(DataSource source, OwnNode node) {
    this.source = source;
    this.node = node;
  }

  /**
   * @param source of connections of their own, which answer within seconds or fail
   * @throws InputFailure another sidecar has the node's name
   */
  static PostgresLock take(DataSource source, OwnNode node) throws SQLException {
    PostgresLock lock = new PostgresLock(source, node);
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!lock.isTaken()) {
        if (System.nanoTime() > end) {
          throw new InputFailure(lock.inUse());
        }
        lock.pause(Duration.ofMillis(200));
      }
    } catch (SQLException | RuntimeException e) {
      lock.disconnect();
      throw e;
    }
    return lock;
  }

  /**
   * From now on the node is seen. It has signed.
   *
   * @param steps of the schema that this program knows
   */
  void watch(int steps) throws SQLException {
    known = steps;
    seenNanos = System.nanoTime();
    watch.start();
  }

  private String inUse() {
    return isShared
        ? "reelway.node: the node " + node.id() + " is in use on the state of reelway.state.url by " + owner()
            + "; end that one, or give each a name of its own"
        : "reelway.state.url: the state there is in use by a Reelway of an earlier version" + formerOwner()
            + ", which shares it with nobody; end that one first";
  }

  private boolean isTaken() throws SQLException {
    if (connection == null) {
      connection = source.getConnection();
      isShared = false;
      keep(connection);
    }
    seenNanos = System.nanoTime();
    isShared = isShared || isGiven(SHARED);
    return isShared && isGiven(ALONE, node.id());
  }

  private boolean isGiven(String question, String... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(question + OF_SCHEMA)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
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

  /** Whoever signed as this node last. */
  private String owner() {
    return told("SELECT who, started_at FROM node WHERE id = '" + node.id() + "'").map(who -> "another Reelway" + who)
        .orElse("another Reelway");
  }

  private String formerOwner() {
    return told("SELECT who, since FROM state_owner").orElse("");
  }

  private Optional<String> told(String question) {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(question)) {
      return rows.next()
          ? Optional.of(" (" + rows.getString(1) + ", since " + Instant.ofEpochMilli(rows.getLong(2)) + ")") : Optional.empty();
    } catch (SQLException notYetThere) {
      LOG.debug("{}", notYetThere.toString());
      return Optional.empty();
    }
  }

  /** @return whether the node is this one's still */
  private boolean isSeen() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SEEN)) {
      statement.setString(1, node.id());
      statement.setString(2, node.token());
      statement.setInt(3, known);
      return statement.executeUpdate() > 0;
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
      pause(trouble.isEmpty() ? LOOK : TRY_AGAIN);
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
      if (!isSeen()) {
        lose();
      }
    } else if (!closed && isTaken()) {
      takeAgain();
    } else if (!closed && !isSeen()) {
      lose();
    }
    seenNanos = System.nanoTime();
  }

  private void takeAgain() throws SQLException {
    if (isSeen()) {
      seenNanos = System.nanoTime();
      trouble = "";
      LOG.info("the database of reelway.state.url is back, and the state is this sidecar's as before");
    } else {
      lose();
    }
  }

  private void lose() {
    trouble = whyLost() + "; start this one again";
    lost = true;
    LOG.error("{}; until then it reads and writes no state", trouble);
    disconnect();
  }

  private String whyLost() {
    Optional<String> signed = told("SELECT who, started_at FROM node WHERE id = '" + node.id() + "' AND token <> '" + node.token() + "'");
    if (signed.isPresent()) {
      return "another Reelway" + signed.get() + " has had the node " + node.id() + " on the state of reelway.state.url meanwhile";
    }
    return told("SELECT who, started_at FROM node WHERE id = '" + node.id() + "'").isPresent()
        ? "a newer Reelway has changed the state of reelway.state.url in a way that this version cannot go on with"
        : "the node " + node.id() + " was forgotten on the state of reelway.state.url while it was away";
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
    leave();
    disconnect();
  }

  /** Others need not wait until it is gone. */
  private void leave() {
    if (connection == null || !trouble.isEmpty()) {
      return;
    }
    String left =
        "UPDATE node SET left_at = " + StateTime.OF_POSTGRES + ", seen_at = " + StateTime.OF_POSTGRES + " WHERE id = ? AND token = ?";
    try (PreparedStatement statement = connection.prepareStatement(left)) {
      statement.setString(1, node.id());
      statement.setString(2, node.token());
      statement.execute();
    } catch (SQLException e) {
      LOG.debug("{}", e.toString());
    }
  }
}
