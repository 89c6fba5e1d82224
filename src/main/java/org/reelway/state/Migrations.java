package org.reelway.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Batch;
import org.reelway.failure.OurFailure;

/**
 * Brings the schema to this program's version, each step in a transaction of its own.
 *
 * <p>A migration library would do the same and costs more than all of the rest of a start (docs/develop.md has the
 * figures).
 */
final class Migrations {
  /** In order; a step that was released is never changed. */
  private static final List<String> STEPS =
      List.of(
          "V1__recordings.sql", "V2__kept_files.sql", "V3__uploads.sql", "V4__manifests.sql", "V5__backup.sql",
          "V6__events.sql", "V7__callbacks.sql", "V8__programs.sql", "V9__workflow.sql", "V10__splits.sql",
          "V11__stores.sql", "V12__nodes.sql");

  private final Jdbi jdbi;
  private final Clock clock;

  Migrations(Jdbi jdbi, Clock clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** @throws OurFailure when a newer program made the schema */
  void run() {
    int done = jdbi.withHandle(Migrations::version);
    if (done > STEPS.size()) {
      throw new OurFailure(
          "the state was written by a newer Reelway (schema " + done + ", this one knows " + STEPS.size()
              + "); run that version, or set reelway.state.folder (or .url) to another one");
    }
    for (int step = done; step < STEPS.size(); step++) {
      int number = step + 1;
      jdbi.useTransaction(handle -> apply(handle, number));
    }
  }

  private static int version(Handle handle) {
    handle.execute(
        "CREATE TABLE IF NOT EXISTS schema_step (step INTEGER NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL,"
            + " at BIGINT NOT NULL)");
    return handle.createQuery("SELECT COALESCE(MAX(step), 0) FROM schema_step").mapTo(Integer.class).one();
  }

  private void apply(Handle handle, int number) {
    String name = STEPS.get(number - 1);
    // As a batch, whose statements are not searched for parameters: that would take most of the time of a first start's state.
    Batch batch = handle.createBatch();
    Arrays.stream(text(name, handle).split(";")).map(String::strip).filter(statement -> !statement.isEmpty()).forEach(batch::add);
    batch.execute();
    handle.execute("INSERT INTO schema_step (step, name, at) VALUES (?, ?, ?)", number, name, clock.millis());
  }

  /** Without comments, so that a semicolon in one divides nothing. */
  private static String text(String name, Handle handle) {
    try (InputStream in = Migrations.class.getResourceAsStream("/db/migration/" + name)) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String read = StateDatabase.isPostgres(handle.getConnection()) ? postgres(all) : all;
      return read.lines().filter(line -> !line.strip().startsWith("--")).reduce("", (a, b) -> a + b + "\n");
    } catch (IOException | SQLException e) {
      throw new OurFailure("the schema step " + name + " cannot be read: " + e, e);
    }
  }

  /** What only PostgreSQL needs stands in comments. SQLite holds no text to its length, and so does nothing here. */
  private static String postgres(String all) {
    return all.replaceAll("(?m)^-- PostgreSQL: ", "").replaceAll("VARCHAR\\(\\d+\\)", "VARCHAR");
  }
}
