package org.reelway.state;

import java.time.Clock;
import org.jdbi.v3.core.Jdbi;

/** Our schema in a database that a test brings. */
public final class MigratedDatabase {
  private MigratedDatabase() {}

  public static Jdbi of(String url, Clock clock) {
    Jdbi jdbi = Jdbi.create(url);
    new Migrations(jdbi, clock).run();
    return jdbi;
  }
}
