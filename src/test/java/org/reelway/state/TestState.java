package org.reelway.state;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.reelway.settings.Settings;
import org.reelway.testkit.Postgres;

/**
 * Opens the state of a test in a folder: the embedded one, or on PostgreSQL where the test said so, in a schema of its own. With
 * {@code -Dreelway.test.state=postgres} all are on PostgreSQL, those of child processes too.
 */
public final class TestState {
  private static final Map<Path, String> SCHEMAS = new ConcurrentHashMap<>();
  private static final List<StateDatabase> OPEN = new CopyOnWriteArrayList<>();
  private static final String LATER = "";
  private static final boolean ALL = "postgres".equals(System.getProperty("reelway.test.state"));

  private TestState() {}

  /** Whatever is opened in the folder and below it from now on; the test is skipped where no PostgreSQL is installed. */
  public static void onPostgres(Path folder) {
    try {
      Postgres.shared();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    SCHEMAS.putIfAbsent(folder.toAbsolutePath(), LATER);
  }

  public static boolean isOnPostgres(Path folder) {
    for (Path at = ALL ? null : folder.toAbsolutePath(); at != null; at = at.getParent()) {
      if (SCHEMAS.containsKey(at)) {
        return true;
      }
    }
    return ALL;
  }

  public static StateDatabase open(Path folder, Clock clock) {
    if (!isOnPostgres(folder)) {
      return StateDatabase.open(folder, clock);
    }
    String schema = schema(folder);
    // Only a sidecar makes tables there.
    new Migrations(Jdbi.create(postgres().address(schema), Postgres.USER, ""), clock).run();
    StateDatabase database = StateDatabase.open(settings(schema), clock);
    OPEN.add(database);
    return database;
  }

  /** Settings by which a sidecar has its state where {@link #open} looks for it. */
  public static Map<String, String> place(Path folder) {
    return isOnPostgres(folder)
        ? Map.of("reelway.state.url", postgres().address(schema(folder)), "reelway.state.username", Postgres.USER)
        : Map.of();
  }

  /** The same, for a child process. */
  public static Map<String, String> environment(Path folder) {
    return place(folder).entrySet().stream()
        .collect(Collectors.toMap(each -> each.getKey().toUpperCase(Locale.ROOT).replace('.', '_'), Map.Entry::getValue));
  }

  /** Settings of a sidecar in this process: those, and the {@link #place} of its {@code reelway.state.folder} where they name none. */
  public static Settings load(Map<String, String> settings) {
    return Settings.load(null, environment(Path.of(settings.get("reelway.state.folder"))), settings);
  }

  /** Those on PostgreSQL, for fixtures that leave theirs open. */
  public static void closeAll() {
    OPEN.forEach(StateDatabase::close);
    OPEN.clear();
  }

  /** What is stored at this instant is in the other folder's schema, too. */
  public static void copy(Path folder, Path other) {
    String from = schema(folder);
    String to = schema(other);
    postgres().query("SELECT table_name FROM information_schema.tables WHERE table_schema = '" + from + "'").forEach(table -> {
      postgres().execute("CREATE TABLE " + to + "." + table + " (LIKE " + from + "." + table + " INCLUDING ALL)");
      postgres().execute("INSERT INTO " + to + "." + table + " OVERRIDING SYSTEM VALUE SELECT * FROM " + from + "." + table);
    });
    postgres().query("SELECT sequencename || ' START WITH ' || COALESCE(last_value + 1, start_value) FROM pg_sequences WHERE schemaname = '"
        + from + "' AND sequencename = 'callback_number'")
        .forEach(sequence -> postgres().execute("CREATE SEQUENCE " + to + "." + sequence));
    SCHEMAS.put(other.toAbsolutePath(), to);
  }

  private static String schema(Path folder) {
    return SCHEMAS.compute(
        folder.toAbsolutePath(), (path, known) -> known == null || known.equals(LATER) ? postgres().newSchema() : known);
  }

  private static Postgres postgres() {
    try {
      return Postgres.shared();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Settings settings(String schema) {
    return settings(schema, "here");
  }

  public static Settings settings(String schema, String node) {
    return Settings.load(
        null, Map.of(),
        Map.of("reelway.state.url", postgres().address(schema), "reelway.state.username", Postgres.USER, "reelway.node", node));
  }
}
