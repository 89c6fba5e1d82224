package org.reelway.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.reelway.failure.OurFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The embedded database: SQLite in the state folder, every commit on disk before it counts. */
public final class StateDatabase {
  private static final Logger LOG = LoggerFactory.getLogger(StateDatabase.class);

  private final Jdbi jdbi;

  private StateDatabase(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Opens the database, or makes it. One that is damaged is put beside under another name: markers, files and the store
   * are enough to go on.
   */
  public static StateDatabase open(Path stateFolder, Clock clock) {
    Path file = stateFolder.resolve("reelway.db");
    Path libraries = stateFolder.resolve("native");
    try {
      Files.createDirectories(libraries);
      // Where the driver unpacks its library: the system's temporary folder is not ours, and may forbid execution.
      System.setProperty("org.sqlite.tmpdir", libraries.toAbsolutePath().toString());
    } catch (IOException e) {
      throw new OurFailure(
          "the state folder " + stateFolder + " cannot be made: " + e + "; set reelway.state.folder to one that can", e);
    }
    try {
      return migrated(file, clock);
    } catch (JdbiException damaged) {
      Path aside = file.resolveSibling("reelway.db.damaged-" + clock.millis());
      LOG.error("the state {} cannot be used and is kept as {}: {}", file, aside, firstLine(damaged));
      setAside(file, aside, damaged);
      return migrated(file, clock);
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static void setAside(Path file, Path aside, JdbiException damaged) {
    try {
      Files.move(file, aside);
      for (String companion : new String[] {"-wal", "-shm"}) {
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + companion));
      }
    } catch (IOException e) {
      damaged.addSuppressed(e);
      throw new OurFailure("the state " + file + " cannot be opened: " + damaged.getMessage(), damaged);
    }
  }

  private static StateDatabase migrated(Path file, Clock clock) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(10_000);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    Jdbi jdbi = Jdbi.create(source);
    new Migrations(jdbi, clock).run();
    return new StateDatabase(jdbi);
  }

  public Jdbi jdbi() {
    return jdbi;
  }
}
