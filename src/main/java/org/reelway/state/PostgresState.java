package org.reelway.state;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.postgresql.ds.PGSimpleDataSource;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the state on the PostgreSQL server of {@code reelway.state.url}. */
final class PostgresState {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresState.class);
  /** One more has the lock. */
  private static final int CONNECTIONS = 9;
  /** The server gives up what a host that is gone has begun, before it lets another one have the state ({@link PostgresLock}). */
  private static final String SESSION =
      "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4;"
          + " SET tcp_user_timeout = 40000; SET idle_in_transaction_session_timeout = 30000";
  private static final int CONNECT_SECONDS = 5;
  /** Without a byte of an answer; the longest statements are the retention's. */
  private static final int ANSWER_SECONDS = 60;
  private static final int LOCK_ANSWER_SECONDS = 5;
  /** A new index of a history of millions. */
  private static final int MIGRATION_SECONDS = 1800;
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration SAID_EVERY = Duration.ofMinutes(1);

  private final String url;
  private final String username;
  private final String password;

  private PostgresState(String url, String username, String password) {
    this.url = url;
    this.username = username;
    this.password = password;
  }

  static PostgresState of(Settings settings) {
    return new PostgresState(
        settings.get(StateSettings.URL), settings.get(StateSettings.USERNAME), settings.get(StateSettings.PASSWORD));
  }

  /**
   * For a sidecar. Waits while the database is away: without the state it is not known which files are finished, nor whether
   * another sidecar has the node's name; markers keep the work meanwhile.
   *
   * @throws InputFailure another sidecar has the node's name, or the settings are wrong
   */
  StateDatabase own(OwnNode node, Clock clock) {
    long said = 0;
    while (true) {
      try {
        return owned(node, clock, true);
      } catch (SQLException | JdbiException e) {
        if (!StateDatabase.isGone(e)) {
          throw unusable(e);
        }
        if (said == 0 || System.nanoTime() - said > SAID_EVERY.toNanos()) {
          said = System.nanoTime();
          LOG.warn("the start waits for the database of reelway.state.url ({}): {}", shown(), StateDatabase.firstLine(e));
        }
        pause();
      }
    }
  }

  /** The same, for a command, which takes over no rows of the release before. @throws OurFailure also where the database is away */
  StateDatabase ownNow(OwnNode node, Clock clock) {
    try {
      return owned(node, clock, false);
    } catch (SQLException | JdbiException e) {
      throw unusable(e);
    }
  }

  private StateDatabase owned(OwnNode node, Clock clock, boolean adopts) throws SQLException {
    PostgresLock lock = PostgresLock.take(source(LOCK_ANSWER_SECONDS), node);
    try {
      Migrations migrations = new Migrations(Jdbi.create(source(MIGRATION_SECONDS)), clock);
      migrations.run(node.id(), handle -> {
        if (adopts) {
          NodeRows.adoptNobodys(handle, node.id());
        }
        node.sign(handle, StateTime.millis(handle, clock), migrations.known());
      });
      lock.watch(migrations.known());
      return pooled(node.id(), lock, false);
    } catch (SQLException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void pause() {
    try {
      Thread.sleep(AGAIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OurFailure("stopped while the database of reelway.state.url was waited for", e);
    }
  }

  /** Beside sidecars that have it. @throws OurFailure when it cannot be used, or none of this version has begun it */
  StateDatabase open(Clock clock) {
    StateDatabase database = pooled("", null, false);
    try {
      database.jdbi().useHandle(handle -> PostgresLock.requireSchema(handle.getConnection().getSchema()));
      new Migrations(database.jdbi(), clock).require();
      return database;
    } catch (JdbiException | SQLException e) {
      database.close();
      throw unusable(e);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** @return empty where nothing is in it yet */
  Optional<StateDatabase> openToRead() {
    StateDatabase database = pooled("", null, true);
    try {
      database.jdbi().useHandle(handle -> PostgresLock.requireSchema(handle.getConnection().getSchema()));
      if (database.hasTable("schema_step")) {
        return Optional.of(database);
      }
    } catch (JdbiException e) {
      database.close();
      throw unusable(e);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    } catch (SQLException e) {
      database.close();
      throw unusable(e);
    }
    database.close();
    return Optional.empty();
  }

  private OurFailure unusable(Exception e) {
    return new OurFailure(
        "the state on " + shown() + " cannot be used: " + StateDatabase.firstLine(e)
            + (StateDatabase.isGone(e) ? "; see that the database of reelway.state.url answers"
                : "; correct reelway.state.url, .username and .password, or what the database refuses"),
        e);
  }

  /** Connections are kept: to make one costs more than all else that is done with it. */
  private StateDatabase pooled(String node, PostgresLock lock, boolean readOnly) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("state");
    config.setDataSource(source(ANSWER_SECONDS));
    config.setReadOnly(readOnly);
    config.setConnectionInitSql(SESSION);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(Duration.ofSeconds(CONNECT_SECONDS).toMillis());
    config.setValidationTimeout(Duration.ofSeconds(CONNECT_SECONDS - 1).toMillis());
    config.setIdleTimeout(Duration.ofMinutes(1).toMillis());
    config.setInitializationFailTimeout(-1);
    config.setThreadFactory(work -> DaemonThreads.of("state-pool", work));
    HikariDataSource pool = new HikariDataSource(config);
    Gate gate = lock == null ? () -> {} : lock::check;
    Jdbi jdbi = Jdbi.create(() -> connection(pool, gate));
    jdbi.setTransactionHandler(new GatedTransactions(LocalTransactionHandler.binding(), gate));
    return new StateDatabase(jdbi, node, pool, lock);
  }

  private static Connection connection(HikariDataSource pool, Gate gate) throws SQLException {
    gate.check();
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException e) {
      // Its own message tells of the pool; the cause, of the database.
      throw e.getCause() instanceof SQLException cause ? cause : e;
    }
  }

  private PGSimpleDataSource source(int answerSeconds) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setApplicationName("reelway");
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(answerSeconds);
    source.setTcpKeepAlive(true);
    source.setUrl(url);
    if (username != null) {
      source.setUser(username);
    }
    if (password != null) {
      source.setPassword(password);
    }
    return source;
  }

  /** Without its parameters. */
  private String shown() {
    return url.replaceFirst("\\?.*", "");
  }

  /** Throws while the state may be another's. */
  @FunctionalInterface
  private interface Gate {
    void check() throws SQLException;
  }

  /** Also for who keeps a connection: nothing is begun while the state may be another's. */
  private static final class GatedTransactions extends DelegatingTransactionHandler {
    private final Gate gate;

    GatedTransactions(TransactionHandler real, Gate gate) {
      super(real);
      this.gate = gate;
    }

    @Override
    public TransactionHandler specialize(Handle handle) throws SQLException {
      return new GatedTransactions(getDelegate().specialize(handle), gate);
    }

    @Override
    public void begin(Handle handle) {
      check();
      super.begin(handle);
    }

    @Override
    public <R, X extends Exception> R inTransaction(Handle handle, HandleCallback<R, X> work) throws X {
      check();
      return super.inTransaction(handle, work);
    }

    private void check() {
      try {
        gate.check();
      } catch (SQLException e) {
        throw new TransactionException("the state may be another's", e);
      }
    }
  }
}
