package org.reelway.transfer.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.reelway.failure.OurFailure;
import org.reelway.state.ManifestRecords;
import org.reelway.transfer.store.ListedObject;

/**
 * What should be in the bucket and what is, in a file of its own, so that memory does not grow with the bucket and no
 * order of the listing is relied upon. Used by one thread; the file goes away with it.
 */
final class AuditIndex implements AutoCloseable {
  private static final String[] TABLES = {
    "CREATE TABLE expected (key TEXT PRIMARY KEY, id TEXT, size INTEGER, etag TEXT, digests TEXT, at INTEGER)"
        + " WITHOUT ROWID",
    "CREATE TABLE listed (key TEXT PRIMARY KEY, size INTEGER, etag TEXT, manifest INTEGER) WITHOUT ROWID",
    "CREATE TABLE manifest (key TEXT PRIMARY KEY, id TEXT, size INTEGER, etag TEXT) WITHOUT ROWID"
  };

  private final Path file;
  private final Connection connection;
  private final PreparedStatement expect;
  private final PreparedStatement list;
  private final PreparedStatement isManifest;
  private final PreparedStatement expectManifest;

  private AuditIndex(Path file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    connection.setAutoCommit(false);
    this.expect =
        connection.prepareStatement(
            "INSERT INTO expected VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET id = excluded.id,"
                + " size = excluded.size, etag = excluded.etag, at = excluded.at,"
                + " digests = CASE WHEN excluded.digests = '' THEN expected.digests ELSE excluded.digests END"
                + " WHERE excluded.at > expected.at OR excluded.id = expected.id");
    this.list = connection.prepareStatement("INSERT OR REPLACE INTO listed VALUES (?, ?, ?, 0)");
    this.isManifest = connection.prepareStatement("UPDATE listed SET manifest = ? WHERE key = ?");
    this.expectManifest = connection.prepareStatement("INSERT OR REPLACE INTO manifest VALUES (?, ?, ?, ?)");
  }

  static AuditIndex open() {
    try {
      Path file = Files.createTempFile("reelway-verify", ".db");
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        // Nothing of it outlives the run.
        statement.execute("PRAGMA journal_mode = OFF");
        statement.execute("PRAGMA synchronous = OFF");
        for (String table : TABLES) {
          statement.execute(table);
        }
      }
      return new AuditIndex(file, connection);
    } catch (IOException | SQLException e) {
      throw new OurFailure(
          "no temporary file can be used for the audit: " + e.getMessage()
              + "; give room and rights to the temporary folder, or name another: REELWAY_JAVA_OPTS=-Djava.io.tmpdir=FOLDER",
          e);
    }
  }

  private interface Sql<T> {
    T run() throws SQLException;
  }

  private static <T> T run(Sql<T> sql) {
    try {
      return sql.run();
    } catch (SQLException e) {
      throw new OurFailure("the audit's temporary file fails: " + e.getMessage() + "; is its disk full?", e);
    }
  }

  /** What is said later, or of the same recording again, takes the place of what was said before. */
  void expect(Expected object) {
    run(
        () -> {
          expect.setString(1, object.key());
          expect.setString(2, object.recordingId());
          expect.setLong(3, object.size());
          expect.setString(4, object.etag());
          expect.setString(5, text(object.digests()));
          expect.setLong(6, object.verified() == null ? 0 : object.verified().toEpochMilli());
          return expect.executeUpdate();
        });
  }

  /** One that the state says was written. */
  void expectManifest(ManifestRecords.Written manifest) {
    run(
        () -> {
          expectManifest.setString(1, manifest.key());
          expectManifest.setString(2, manifest.recordingId());
          expectManifest.setLong(3, manifest.size());
          expectManifest.setString(4, manifest.etag());
          return expectManifest.executeUpdate();
        });
  }

  void listed(ListedObject object) {
    run(
        () -> {
          list.setString(1, object.key());
          list.setLong(2, object.size());
          list.setString(3, object.etag());
          return list.executeUpdate();
        });
  }

  /**
   * The listed object is a manifest, and needs no other to know of it.
   *
   * @param usable otherwise it was told already
   */
  void isManifest(String key, boolean usable) {
    run(
        () -> {
          isManifest.setInt(1, usable ? 1 : 2);
          isManifest.setString(2, key);
          return isManifest.executeUpdate();
        });
  }

  long expected() {
    return count("SELECT COUNT(*) FROM expected");
  }

  long listed() {
    return count("SELECT COUNT(*) FROM listed");
  }

  private long count(String sql) {
    return run(
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
          }
        });
  }

  /** Expected objects that the listing had, with what it said of them. */
  record Present(Expected expected, long size, String etag) {}

  void present(Consumer<Present> each) {
    rows(
        "SELECT e.key, e.id, e.size, e.etag, e.digests, e.at, l.size AS found_size, l.etag AS found_etag"
            + " FROM expected e JOIN listed l ON l.key = e.key ORDER BY e.key",
        row -> each.accept(new Present(expected(row), row.getLong("found_size"), row.getString("found_etag"))));
  }

  void missing(Consumer<Expected> each) {
    rows(
        "SELECT e.* FROM expected e LEFT JOIN listed l ON l.key = e.key WHERE l.key IS NULL ORDER BY e.key",
        row -> each.accept(expected(row)));
  }

  void unknown(Consumer<String> each) {
    rows(
        "SELECT l.key FROM listed l LEFT JOIN expected e ON e.key = l.key LEFT JOIN manifest m ON m.key = l.key"
            + " WHERE e.key IS NULL AND m.key IS NULL AND l.manifest = 0 ORDER BY l.key",
        row -> each.accept(row.getString(1)));
  }

  /** Manifests of recordings that still have their key: size and ETag found, -1 and null where it is missing. */
  record WrittenManifest(String key, String recordingId, long size, String etag, long foundSize, String foundEtag) {}

  void manifests(Consumer<WrittenManifest> each) {
    rows(
        "SELECT m.key, m.id, m.size, m.etag, COALESCE(l.size, -1) AS found_size, l.etag AS found_etag FROM manifest m"
            + " LEFT JOIN listed l ON l.key = m.key WHERE m.id IN (SELECT id FROM expected)"
            + " AND (l.key IS NULL OR l.manifest <> 2 AND (l.size <> m.size OR l.etag <> m.etag)) ORDER BY m.key",
        row ->
            each.accept(
                new WrittenManifest(
                    row.getString("key"),
                    row.getString("id"),
                    row.getLong("size"),
                    row.getString("etag"),
                    row.getLong("found_size"),
                    row.getString("found_etag"))));
  }

  private interface Row {
    void take(ResultSet row) throws SQLException;
  }

  private void rows(String sql, Row each) {
    run(
        () -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
              each.take(rows);
            }
          }
          return null;
        });
  }

  private static Expected expected(ResultSet row) throws SQLException {
    return new Expected(
        row.getString("key"),
        row.getString("id"),
        row.getLong("size"),
        row.getString("etag"),
        digests(row.getString("digests")),
        Instant.ofEpochMilli(row.getLong("at")));
  }

  private static String text(Map<String, String> digests) {
    return digests.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  private static Map<String, String> digests(String text) {
    Map<String, String> digests = new TreeMap<>();
    for (String digest : text.split(" ")) {
      int colon = digest.indexOf(':');
      if (colon > 0) {
        digests.put(digest.substring(0, colon), digest.substring(colon + 1));
      }
    }
    return digests;
  }

  @Override
  public void close() {
    run(
        () -> {
          connection.close();
          return null;
        });
    try {
      Files.deleteIfExists(file);
    } catch (IOException left) {
      // A temporary file that the system's own cleaning takes.
      file.toFile().deleteOnExit();
    }
  }
}
