package org.reelway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.SetClock;

/** What is SQLite's alone; what the state does is {@link StateTest}'s matter. */
class EmbeddedStateTest {
  @TempDir Path state;
  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T10:00:00Z"));

  private StateDatabase open() {
    return StateDatabase.open(state, clock);
  }

  private List<String> files() {
    return Arrays.stream(state.toFile().list()).filter(name -> name.contains("damaged")).toList();
  }

  @Test
  void nobodyElseMayReadTheStateAlsoWhereItWasOpenBefore() throws Exception {
    Path made = state.resolve("new");
    StateDatabase.open(made, clock);
    assertThat(rights(made)).isEqualTo("rwx------");
    assertThat(rights(made.resolve("reelway.db"))).isEqualTo("rw-------");

    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createFile(state.resolve("reelway.db"));
    Files.setPosixFilePermissions(state.resolve("reelway.db"), PosixFilePermissions.fromString("rw-r--r--"));
    try (StateWriter writer = new StateWriter(open().jdbi())) {
      new RecordingHistory(open().jdbi(), writer, clock, "here").found("a", "/r/a.mp4", "a.mp4", 7, "live", "hook");
    }
    assertThat(rights(state)).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(state)) {
      assertThat(files.filter(Files::isRegularFile)).isNotEmpty().allMatch(file -> rights(file).equals("rw-------"));
    }
  }

  private static String rights(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aStateFolderThatIsAFileOrBelowOneIsAWrongSetting() throws Exception {
    Path file = Files.writeString(state.resolve("a-file"), "");

    for (Path wrong : List.of(file, file.resolve("state"))) {
      assertThatThrownBy(() -> StateDatabase.open(wrong, clock)).isInstanceOf(InputFailure.class)
          .hasMessage("reelway.state.folder: " + wrong + " cannot be a folder: " + file + " is a file; name another");
    }
  }

  @Test
  void whatNobodyWaitsForSharesTheNextCommitAndIsNotHeldBackAtTheEnd() throws Exception {
    AtomicInteger commits = new AtomicInteger();
    open();
    Jdbi jdbi = Jdbi.create(() -> counting(commits, DriverManager.getConnection("jdbc:sqlite:" + state.resolve("reelway.db"))));
    StateWriter writer = new StateWriter(jdbi, Duration.ofMinutes(10));
    RecordingHistory history = new RecordingHistory(jdbi, writer, clock, "here");
    for (int i = 0; i < 20; i++) {
      history.found("r" + i, "/r/" + i, "" + i, 1, null, "marker");
    }
    // The writer has the first of them by then, and would have committed it.
    writer.writeDurably(changes -> assertThat(commits).hasValue(0)).get(1, TimeUnit.MINUTES);
    assertThat(history.countByState()).containsEntry("waiting", 20L);
    assertThat(commits).hasValue(1);

    history.note("r0", "the last word");
    writer.close();
    assertThat(history.find("r0").orElseThrow().events()).extracting(RecordingStory.Event::what).contains("the last word");
  }

  private static Connection counting(AtomicInteger commits, Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            StateTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              commits.addAndGet(method.getName().equals("commit") ? 1 : 0);
              return method.invoke(connection, arguments);
            });
  }

  @Test
  void whatIsNoDatabaseIsSetAside() throws Exception {
    Files.writeString(state.resolve("reelway.db"), "not a database ".repeat(1000));

    assertThat(new AbandonedUploads(open().jdbi(), clock, "here").all()).isEmpty();
    assertThat(files()).containsExactly("reelway.db.damaged-" + clock.millis());
  }

  @Test
  void damageInsideOfTheFileIsNoticedAtTheStart() throws Exception {
    AbandonedUploads before = new AbandonedUploads(open().jdbi(), clock, "here");
    for (int i = 0; i < 200; i++) {
      before.add(new AbandonedUploads.Upload("bucket", "key" + i, "id" + i, "w".repeat(500)));
    }
    open().jdbi().useHandle(handle -> handle.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    Path file = state.resolve("reelway.db");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length / 2, bytes.length - 4096, (byte) 0x5a);
    Files.write(file, bytes);

    assertThat(new AbandonedUploads(open().jdbi(), clock, "here").all()).isEmpty();
    assertThat(files()).isNotEmpty();
  }

  @Test
  void aDatabaseThatIsInUseIsNotSetAside() throws Exception {
    new AbandonedUploads(open().jdbi(), clock, "here").add(new AbandonedUploads.Upload("b", "k", "id", "why"));
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + state.resolve("reelway.db"))) {
      other.createStatement().execute("PRAGMA locking_mode=EXCLUSIVE");
      other.createStatement().execute("BEGIN EXCLUSIVE");
      assertThatThrownBy(this::open).isInstanceOf(OurFailure.class).hasMessageContaining("end whatever else uses it");
    }
    assertThat(files()).isEmpty();
    assertThat(new AbandonedUploads(open().jdbi(), clock, "here").all()).hasSize(1);
  }
}
