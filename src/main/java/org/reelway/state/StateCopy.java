package org.reelway.state;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;

/**
 * Copies the embedded state to the database of {@code reelway.state.url}, which other nodes may have already: all or nothing, and only
 * where nothing is of this node.
 */
public final class StateCopy {
  private static final int ROWS = 500;
  /** Of the database itself, or of who has it. */
  /** Their numbers are those of all nodes. */
  private static final String CALLBACKS = "callback";
  /** A row of that key is there. */
  private static final String TAKEN = "23505";
  private static final List<String> OWN = List.of("schema_step", "state_owner", "node", "lease");

  private final Path folder;
  private final Settings settings;
  private final Clock clock;

  public StateCopy(Settings settings, Clock clock) {
    this.folder = settings.get(StateSettings.FOLDER).toAbsolutePath();
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * @param rows that were copied
   * @param digest the same for the same rows, in whichever order
   */
  private record Content(long rows, long digest) {
    Content and(Content more) {
      return new Content(rows + more.rows, digest + more.digest);
    }
  }

  /**
   * The embedded state stays as it is.
   *
   * @return how many rows each table has, in both
   * @throws InputFailure when a sidecar runs with either of them, there is nothing to copy, or something is where it should go
   */
  public Map<String, Long> run() {
    if (!Files.isRegularFile(folder.resolve("reelway.db"))) {
      throw new InputFailure(StateSettings.FOLDER + ": no state is in " + folder + "; nothing can be copied");
    }
    try (StateLock lock = StateLock.take(folder);
        StateDatabase from = StateDatabase.openToRead(folder).orElseThrow();
        Handle source = from.jdbi().open();
        StateDatabase to = StateDatabase.ownNow(settings, clock)) {
      requireWhole(source);
      // What other nodes write meanwhile is not seen, and so not taken for what was copied.
      return to.jdbi().inTransaction(
          TransactionIsolationLevel.REPEATABLE_READ, target -> copy(source.getConnection(), target.getConnection(), to.node()));
    } catch (SQLException e) {
      if (Objects.equals(e.getSQLState(), TAKEN)) {
        throw new InputFailure(StateSettings.URL + ": another node has something of the state in " + folder + " already ("
            + StateDatabase.firstLine(e) + "); nothing was copied. Start this node with an empty state: markers and files are enough", e);
      }
      throw new OurFailure("the state cannot be copied: " + e.getMessage() + "; nothing was", e);
    }
  }

  private void requireWhole(Handle source) {
    String found;
    try {
      found = source.createQuery("PRAGMA quick_check(1)").mapTo(String.class).first();
    } catch (JdbiException e) {
      found = StateDatabase.firstLine(e);
    }
    if (!found.equals("ok")) {
      throw new OurFailure("the state in " + folder + " is damaged (" + found + "), and nothing was copied; Reelway puts it aside at its"
          + " next start without reelway.state.url, and goes on with an empty one", null);
    }
  }

  private static Map<String, Long> copy(Connection source, Connection target, String node) throws SQLException {
    for (String table : NodeRows.TABLES) {
      if (count(target, table, node) > 0) {
        throw new InputFailure(
            StateSettings.URL + ": a state of the node " + node + " is there already (the table " + table + " has rows of it); set"
                + " reelway.node to another name, or name an empty database or schema");
      }
    }
    Map<String, Long> copied = new LinkedHashMap<>();
    for (String table : tables(source)) {
      List<String> columns = new ArrayList<>(columns(source, table));
      columns.remove(table.equals(CALLBACKS) ? "seq" : "node");
      Content before = content(target, table, columns);
      Content read = copy(source, target, table, columns, node);
      if (!content(target, table, columns).equals(before.and(read))) {
        throw new OurFailure("the rows of " + table + " are not the same after they were copied; nothing was copied", null);
      }
      copied.put(table, read.rows());
    }
    return copied;
  }

  private static List<String> tables(Connection source) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = source.createStatement();
        ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
      while (rows.next()) {
        if (!OWN.contains(rows.getString(1)) && !rows.getString(1).startsWith("sqlite_")) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }

  private static List<String> columns(Connection source, String table) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows = source.getMetaData().getColumns(null, null, table, null)) {
      while (rows.next()) {
        names.add(rows.getString("COLUMN_NAME"));
      }
    }
    return names;
  }

  private static long count(Connection target, String table, String node) throws SQLException {
    try (PreparedStatement statement = target.prepareStatement("SELECT COUNT(*) FROM " + table + " WHERE node = ?")) {
      statement.setString(1, node);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static Content copy(Connection source, Connection target, String table, List<String> columns, String node)
      throws SQLException {
    String names = String.join(", ", columns);
    String marks = String.join(", ", columns.stream().map(column -> "?").toList());
    boolean isCallbacks = table.equals(CALLBACKS);
    boolean isNodes = NodeRows.TABLES.contains(table);
    String more = isCallbacks ? ", seq" : isNodes ? ", node" : "";
    String given = isCallbacks ? ", nextval('callback_number')" : isNodes ? ", '" + node + "'" : "";
    long rows = 0;
    long digest = 0;
    try (Statement select = source.createStatement();
        // In the order of their making, which the order of a story's events is.
        ResultSet all = select.executeQuery("SELECT " + names + " FROM " + table + " ORDER BY " + (isCallbacks ? "seq" : "rowid"));
        PreparedStatement insert =
            target.prepareStatement("INSERT INTO " + table + " (" + names + more + ") VALUES (" + marks + given + ")")) {
      while (all.next()) {
        List<Object> values = values(all, columns.size());
        for (int i = 0; i < values.size(); i++) {
          insert.setObject(i + 1, values.get(i));
        }
        insert.addBatch();
        digest += digest(values);
        rows++;
        if (rows % ROWS == 0) {
          insert.executeBatch();
        }
      }
      insert.executeBatch();
    }
    return new Content(rows, digest);
  }

  private static Content content(Connection target, String table, List<String> columns) throws SQLException {
    long rows = 0;
    long digest = 0;
    try (Statement select = target.createStatement()) {
      select.setFetchSize(ROWS);
      try (ResultSet all = select.executeQuery("SELECT " + String.join(", ", columns) + " FROM " + table)) {
        while (all.next()) {
          digest += digest(values(all, columns.size()));
          rows++;
        }
      }
    }
    return new Content(rows, digest);
  }

  /** Text, numbers and nothing. PostgreSQL's text has no character 0, which means nothing in any of ours. */
  private static List<Object> values(ResultSet row, int count) throws SQLException {
    List<Object> values = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      Object value = row.getObject(i);
      values.add(value instanceof Number number ? Long.valueOf(number.longValue())
          : value == null ? null : value.toString().replace("\0", ""));
    }
    return values;
  }

  private static long digest(List<Object> values) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Object value : values) {
      // A character that no value has divides them, and null is not the word.
      all.writeBytes((value == null ? "\0\0" : value + "\0").getBytes(StandardCharsets.UTF_8));
    }
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(all.toByteArray())).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
