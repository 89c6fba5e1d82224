package org.reelway.state;

import java.time.Clock;
import org.jdbi.v3.core.Handle;

/** The time that all who share the state agree on: the server's; of the embedded state this machine's. Milliseconds since 1970. */
final class StateTime {
  /** PostgreSQL's, as a term: not that of the transaction's begin. */
  static final String OF_POSTGRES = "(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000)::BIGINT";

  private StateTime() {}

  static long millis(Handle handle, Clock clock) {
    return StateDatabase.isPostgres(handle)
        ? handle.createQuery("SELECT " + OF_POSTGRES).mapTo(Long.class).one()
        : clock.millis();
  }

  /** A term of SQL. */
  static String term(Handle handle, Clock clock) {
    return StateDatabase.isPostgres(handle) ? OF_POSTGRES : Long.toString(clock.millis());
  }
}
