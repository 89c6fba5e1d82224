package org.reelway.state;

import java.sql.SQLException;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/** The time that all who share the state agree on: the server's; of the embedded state this machine's. */
final class StateTime {
  private StateTime() {}

  /** Milliseconds since 1970. */
  static long millis(Handle handle, Clock clock) {
    try {
      return StateDatabase.isPostgres(handle.getConnection())
          ? handle.createQuery("SELECT (EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000)::BIGINT").mapTo(Long.class).one()
          : clock.millis();
    } catch (SQLException e) {
      throw new IllegalStateException("the state's connection does not tell what it is: " + e, e);
    }
  }
}
