package org.reelway.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Changes of the transaction that the {@link StateWriter} is in. Statements stay prepared from one change to the next: each
 * recording makes about ten of them, and preparing cost more than writing.
 */
final class Changes implements AutoCloseable {
  private final Handle handle;
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Changes(Handle handle) {
    this.handle = handle;
    this.connection = handle.getConnection();
  }

  /** For what is rare. */
  Handle handle() {
    return handle;
  }

  /**
   * @param sql of a fixed text, with a question mark for each value
   * @param values text, Long, Integer or null
   * @return how many rows it changed
   */
  int execute(String sql, Object... values) {
    try {
      PreparedStatement statement = prepared.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        prepared.put(sql, statement);
      }
      for (int i = 0; i < values.length; i++) {
        // PostgreSQL's text has no character 0, which means nothing in any of ours.
        statement.setObject(i + 1, values[i] instanceof String text ? text.replace("\0", "") : values[i]);
      }
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new StateNotWritten(e);
    }
  }

  /** The message is the database's. */
  static final class StateNotWritten extends RuntimeException {
    StateNotWritten(SQLException cause) {
      super(cause.toString(), cause);
    }

    @Override
    public String toString() {
      return getMessage();
    }
  }

  @Override
  public void close() {
    // The statements end with their connection.
    handle.close();
  }
}
