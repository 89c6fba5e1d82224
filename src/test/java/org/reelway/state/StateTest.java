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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.SetClock;

class StateTest {
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
      new RecordingHistory(open().jdbi(), writer, clock).found("a", "/r/a.mp4", "a.mp4", 7, "live", "hook");
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
  void aRecordingsStoryIsToldInOrderAndOutlivesARestart() {
    StateDatabase database = open();
    try (StateWriter writer = new StateWriter(database.jdbi())) {
      RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock);
      history.found("a", "/r/x/a.mp4", "x/a.mp4", 7, "live", "hook");
      history.state("a", RecordingState.TRANSFERRING, "began");
      history.tried("a", 3, 1, 100, 2);
      history.failed("a", RecordingState.WAITING, "destination", "away".repeat(5000));
      history.found("a", "/r/x/a.mp4", "x/a.mp4", 7, null, null);
      history.tried("a", 3, 2, 50, 0);
      history.verified("a", "", "b", "k", "http://s/b/k", "etag", null, "md5:x");
      clock.forward(Duration.ofSeconds(1));
      history.state("a", RecordingState.DONE, "tidied: kept");
      history.found("b", "/r/b.mp4", "b.mp4", 8, null, "settled");
    }
    RecordingHistory history = new RecordingHistory(open().jdbi(), new StateWriter(open().jdbi()), clock);

    RecordingStory story = history.find("a").orElseThrow();

    assertThat(story.state()).isEqualTo("done");
    assertThat(story.stream()).isEqualTo("live");
    assertThat(story.foundBy()).isEqualTo("hook");
    assertThat(story.bytesSent()).isEqualTo(150);
    assertThat(story.tries()).isEqualTo(2);
    assertThat(story.retries()).isEqualTo(2);
    assertThat(story.lastError()).hasSize(4096);
    assertThat(story.tidiedAt()).isEqualTo(clock.instant());
    assertThat(story.events())
        .extracting(event -> event.what().split(":")[0])
        .containsExactly("found (hook)", "began", "waiting (destination)", "verified", "tidied");
    assertThat(history.list(Optional.empty(), 10)).extracting(RecordingStory::id).containsExactly("a", "b");
    assertThat(history.list(Optional.of(RecordingState.WAITING), 10)).extracting(RecordingStory::id).containsExactly("b");
    assertThat(history.finishedIds()).containsExactly("a");
    assertThat(history.countByState()).containsEntry("done", 1L).containsEntry("waiting", 1L);
  }

  @Test
  void whatIsToldToOthersHasTheStepsThatAreStillBeingWritten() throws Exception {
    StateDatabase database = open();
    CountDownLatch slowDisk = new CountDownLatch(1);
    try (StateWriter writer = new StateWriter(database.jdbi())) {
      RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock);
      writer.write(changes -> {
        try {
          slowDisk.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      });
      history.found("a", "/r/a.mp4", "a.mp4", 7, "live", "hook");
      history.verified("a", "", "b", "k", "http://s/b/k", "etag", null, "md5:x");
      assertThat(history.find("a")).isEmpty();

      CompletableFuture<Optional<RecordingStory>> told = CompletableFuture.supplyAsync(() -> history.findWritten("a"));
      slowDisk.countDown();
      assertThat(told.get()).hasValueSatisfying(story -> assertThat(story.verifiedAt()).isEqualTo(clock.instant()));
    }
    RecordingHistory closed = new RecordingHistory(database.jdbi(), closedWriter(database), clock);
    assertThat(closed.findWritten("a")).as("what is there, where nothing is written any more").isPresent();
  }

  private static StateWriter closedWriter(StateDatabase database) {
    StateWriter writer = new StateWriter(database.jdbi());
    writer.close();
    return writer;
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
  void oneChangeThatCannotBeWrittenTakesNoOtherWithIt() throws Exception {
    StateDatabase database = open();
    StateWriter writer = new StateWriter(database.jdbi());
    RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock);
    for (int i = 0; i < 1200; i++) {
      history.found("r" + i, "/r/" + i, "" + i, 1, null, "marker");
      if (i % 400 == 200) {
        writer.write(handle -> handle.execute("INSERT INTO no_such_table VALUES (1)"));
        writer.write(handle -> {
          throw new NoClassDefFoundError("as on a broken class path");
        });
      }
    }
    // The first one may be in a commit with the last that cannot be written.
    writer.writeDurably(changes -> { }).get(1, TimeUnit.MINUTES);
    writer.writeDurably(changes -> { }).get(1, TimeUnit.MINUTES);
    assertThat(writer.isFailing()).isFalse();
    writer.close();

    assertThat(history.countByState()).containsEntry("waiting", 1200L);
  }

  @Test
  void whatNobodyWaitsForSharesTheNextCommitAndIsNotHeldBackAtTheEnd() throws Exception {
    AtomicInteger commits = new AtomicInteger();
    open();
    Jdbi jdbi = Jdbi.create(() -> counting(commits, DriverManager.getConnection("jdbc:sqlite:" + state.resolve("reelway.db"))));
    StateWriter writer = new StateWriter(jdbi, Duration.ofMinutes(10));
    RecordingHistory history = new RecordingHistory(jdbi, writer, clock);
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
  void aThreadThatIsToldToStopStillHasItsLastWord() {
    StateDatabase database = open();
    StateWriter writer = new StateWriter(database.jdbi());
    RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock);
    Thread.currentThread().interrupt();
    history.found("a", "/r/a", "a", 1, null, "marker");
    assertThat(Thread.interrupted()).isTrue();
    writer.close();

    assertThat(history.find("a")).isPresent();
  }

  @Test
  void whatIsNoDatabaseIsSetAside() throws Exception {
    Files.writeString(state.resolve("reelway.db"), "not a database ".repeat(1000));

    assertThat(new AbandonedUploads(open().jdbi(), clock).all()).isEmpty();
    assertThat(files()).containsExactly("reelway.db.damaged-" + clock.millis());
  }

  @Test
  void damageInsideOfTheFileIsNoticedAtTheStart() throws Exception {
    AbandonedUploads before = new AbandonedUploads(open().jdbi(), clock);
    for (int i = 0; i < 200; i++) {
      before.add(new AbandonedUploads.Upload("bucket", "key" + i, "id" + i, "w".repeat(500)));
    }
    open().jdbi().useHandle(handle -> handle.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    Path file = state.resolve("reelway.db");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length / 2, bytes.length - 4096, (byte) 0x5a);
    Files.write(file, bytes);

    assertThat(new AbandonedUploads(open().jdbi(), clock).all()).isEmpty();
    assertThat(files()).isNotEmpty();
  }

  @Test
  void aDatabaseThatIsInUseIsNotSetAside() throws Exception {
    new AbandonedUploads(open().jdbi(), clock).add(new AbandonedUploads.Upload("b", "k", "id", "why"));
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + state.resolve("reelway.db"))) {
      other.createStatement().execute("PRAGMA locking_mode=EXCLUSIVE");
      other.createStatement().execute("BEGIN EXCLUSIVE");
      assertThatThrownBy(this::open).isInstanceOf(OurFailure.class).hasMessageContaining("end whatever else uses it");
    }
    assertThat(files()).isEmpty();
    assertThat(new AbandonedUploads(open().jdbi(), clock).all()).hasSize(1);
  }

  @Test
  void onlyOldFinishedStoriesMayBeForgottenPageByPage() {
    StateDatabase database = open();
    StateWriter writer = new StateWriter(database.jdbi());
    RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock);
    for (RecordingState each : RecordingState.values()) {
      history.found(each.word(), "/r/x/" + each.word(), "x/" + each.word(), 1, null, "marker");
      history.state(each.word(), each, "");
    }
    clock.forward(Duration.ofDays(2));
    history.found("new", "/r/new", "new", 1, null, "marker");
    history.state("new", RecordingState.DONE, "");
    writer.close();

    List<RecordingHistory.Finished> first = history.finishedBefore(Duration.ofDays(1), "", 2);
    List<RecordingHistory.Finished> second = history.finishedBefore(Duration.ofDays(1), "done", 2);

    assertThat(first).extracting(RecordingHistory.Finished::id).containsExactly("discarded", "done");
    assertThat(first.get(0).folder()).isEqualTo(Path.of("/r"));
    assertThat(second).extracting(RecordingHistory.Finished::id).containsExactly("skipped");
    history.forget(List.of());
    history.forget(List.of("done", "skipped"));
    assertThat(history.find("done")).isEmpty();
    assertThat(history.find("discarded")).get().satisfies(story -> assertThat(story.events()).isNotEmpty());
  }

  @Test
  void uploadsThatWaitForTheirAbortOutliveARestart() {
    AbandonedUploads.Upload one = new AbandonedUploads.Upload("b", "k", "1", "why");
    AbandonedUploads.Upload two = new AbandonedUploads.Upload("b", "k", "2", "why");
    AbandonedUploads before = new AbandonedUploads(open().jdbi(), clock);
    before.add(one);
    before.add(one);
    before.add(two);

    AbandonedUploads after = new AbandonedUploads(open().jdbi(), clock);
    assertThat(after.all()).containsExactlyInAnyOrder(one, two);
    after.remove(one);
    assertThat(new AbandonedUploads(open().jdbi(), clock).all()).containsExactly(two);
  }

  @Test
  void theStoryOfALongOutageKeepsItsBeginningAndItsEnd() {
    try (StateWriter writer = new StateWriter(open().jdbi())) {
      RecordingHistory history = new RecordingHistory(open().jdbi(), writer, clock);
      history.found("a", "/r/a.mp4", "a.mp4", 7, "live", "hook");
      for (int n = 1; n <= 2500; n++) {
        clock.forward(Duration.ofMinutes(5));
        history.failed("a", RecordingState.WAITING, "destination", "no answer, try " + n);
      }
      history.failed("b", RecordingState.WAITING, "destination", "another one");

      List<String> events = history.findWritten("a").orElseThrow().events().stream().map(RecordingStory.Event::what).toList();
      assertThat(events).hasSize(1000).startsWith("found (hook)", "waiting (destination): no answer, try 1")
          .endsWith("waiting (destination): no answer, try 2499", "waiting (destination): no answer, try 2500");
      assertThat(events.get(100)).isEqualTo("(what happened between is left out here)");
      assertThat(events.get(101)).isEqualTo("waiting (destination): no answer, try 1602");
    }
  }
}
