package org.reelway.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Batch;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema to this program's version, all steps in one transaction. Where several sidecars share the state, the first one
 * of a newer version does so, beside older ones that go on if each step lets them.
 *
 * <p>A migration library would do the same and costs more than all of the rest of a start (docs/develop.md has the
 * figures).
 */
final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  /** In order; a step that was released is never changed. */
  private static final List<String> STEPS =
      List.of(
          "V1__recordings.sql", "V2__kept_files.sql", "V3__uploads.sql", "V4__manifests.sql", "V5__backup.sql",
          "V6__events.sql", "V7__callbacks.sql", "V8__programs.sql", "V9__workflow.sql", "V10__splits.sql",
          "V11__stores.sql", "V12__nodes.sql");

  /** A comment in a step that adds what programs that do not know it need not write. */
  private static final String COMPATIBLE = "-- Older programs go on beside this step.";
  /** The first step after which several sidecars may share the state. */
  private static final int SHARED_FROM = 12;
  /** One that waits for another's migration, or for a table that is in use. */
  private static final String PATIENCE = "SET LOCAL lock_timeout = '10min'";

  private final Jdbi jdbi;
  private final Clock clock;
  private final List<String> steps;

  Migrations(Jdbi jdbi, Clock clock) {
    this(jdbi, clock, STEPS);
  }

  Migrations(Jdbi jdbi, Clock clock, List<String> steps) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.steps = steps;
  }

  /** @throws OurFailure when a newer program made the schema */
  void run() {
    if (jdbi.withHandle(Migrations::version) != steps.size()) {
      run("", handle -> {});
    }
  }

  /**
   * For a sidecar.
   *
   * @param node its id
   * @param last the end of the same transaction, so that a node is either seen by the one that migrates, or sees what that one did
   * @throws InputFailure when older sidecars run that cannot go on with a step; nothing is changed
   * @throws OurFailure when a newer program made the schema, and this one cannot go on with it
   */
  void run(String node, Consumer<Handle> last) {
    jdbi.useTransaction(handle -> {
      lock(handle);
      int done = version(handle);
      requireKnown(handle, done);
      for (int step = done; step < steps.size(); step++) {
        String text = text(steps.get(step), handle);
        if (step >= SHARED_FROM && !text.contains(COMPATIBLE)) {
          requireNoneBehind(handle, node, step + 1);
        }
        apply(handle, step + 1, text);
      }
      last.accept(handle);
    });
  }

  /** For a command, which changes no state that sidecars may have. @throws OurFailure when it is another version's */
  void require() {
    boolean isThere = jdbi.withHandle(handle -> isThere(handle));
    int done = isThere ? jdbi.withHandle(Migrations::version) : 0;
    if (done < steps.size()) {
      throw new OurFailure(
          done == 0 ? "no state is there yet; start a sidecar, which makes it"
              : "the state was written by an earlier Reelway (schema " + done + ", this one needs " + steps.size()
                  + "); start a sidecar of this version, which brings it up to date, or run this with that version", null);
    }
    jdbi.useHandle(handle -> requireKnown(handle, done));
  }

  /** Steps that this program knows. */
  int known() {
    return steps.size();
  }

  private static boolean isThere(Handle handle) {
    return handle
        .createQuery("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'schema_step'")
        .mapTo(Long.class)
        .one() > 0;
  }

  /** One at a time. */
  private static void lock(Handle handle) {
    if (StateDatabase.isPostgres(handle)) {
      handle.execute(PATIENCE);
      handle.createQuery("SELECT pg_advisory_xact_lock(hashtextextended('reelway schema ' || current_schema(), 0))").mapTo(String.class)
          .findOne();
    } else {
      version(handle);
      // SQLite's transaction is a writer's from its first statement on that writes, and refused where another was quicker.
      handle.execute("DELETE FROM schema_step WHERE step < 0");
    }
  }

  private void requireKnown(Handle handle, int done) {
    if (done <= steps.size()) {
      return;
    }
    long incompatible = handle.createQuery("SELECT COUNT(*) FROM schema_step WHERE step > :known AND compatible = 0")
        .bind("known", steps.size()).mapTo(Long.class).one();
    if (incompatible > 0) {
      throw new OurFailure(
          "the state was written by a newer Reelway (schema " + done + ", this one knows " + steps.size()
              + "); run that version, or set reelway.state.folder (or .url) to another one");
    }
    LOG.info("a newer Reelway has brought the state to schema {}; this one, which knows {}, can go on with it", done, steps.size());
  }

  /** What older sidecars do not know would break what they write. */
  private void requireNoneBehind(Handle handle, String node, int step) {
    List<String> behind = handle
        .createQuery("SELECT id, who, version FROM node WHERE id <> :own AND left_at IS NULL AND seen_at > :after AND knows < :step"
            + " ORDER BY id LIMIT 5")
        .bind("own", node)
        .bind("after", StateTime.millis(handle, clock) - Fleet.GONE_AFTER.toMillis())
        .bind("step", step)
        .map((rs, context) -> rs.getString("id") + " (version " + rs.getString("version") + ", " + rs.getString("who") + ")")
        .list();
    if (!behind.isEmpty()) {
      throw new InputFailure(
          "reelway.state.url: this version changes the state in a way that running sidecars of an earlier one cannot go on with: "
              + behind.stream().collect(Collectors.joining(", ")) + "; nothing is changed; stop them, and start this one again");
    }
  }

  private static int version(Handle handle) {
    handle.execute(
        "CREATE TABLE IF NOT EXISTS schema_step (step INTEGER NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL,"
            + " at BIGINT NOT NULL)");
    return handle.createQuery("SELECT COALESCE(MAX(step), 0) FROM schema_step").mapTo(Integer.class).one();
  }

  private void apply(Handle handle, int number, String text) {
    // As a batch, whose statements are not searched for parameters: that would take most of the time of a first start's state.
    Batch batch = handle.createBatch();
    Arrays.stream(withoutComments(text).split(";")).map(String::strip).filter(statement -> !statement.isEmpty()).forEach(batch::add);
    batch.execute();
    handle.execute(
        "INSERT INTO schema_step (step, name, at) VALUES (?, ?, ?)", number, steps.get(number - 1), clock.millis());
    if (text.contains(COMPATIBLE)) {
      handle.execute("UPDATE schema_step SET compatible = 1 WHERE step = ?", number);
    }
  }

  private static String text(String name, Handle handle) {
    try (InputStream in = Migrations.class.getResourceAsStream("/db/migration/" + name)) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return StateDatabase.isPostgres(handle) ? postgres(all) : all;
    } catch (IOException e) {
      throw new OurFailure("the schema step " + name + " cannot be read: " + e, e);
    }
  }

  /** So that a semicolon in a comment divides nothing. */
  private static String withoutComments(String text) {
    return text.lines().filter(line -> !line.strip().startsWith("--")).reduce("", (a, b) -> a + b + "\n");
  }

  /** What only PostgreSQL needs stands in comments. SQLite holds no text to its length, and so does nothing here. */
  private static String postgres(String all) {
    return all.replaceAll("(?m)^-- PostgreSQL: ", "").replaceAll("VARCHAR\\(\\d+\\)", "VARCHAR");
  }
}
