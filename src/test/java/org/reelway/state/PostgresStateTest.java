package org.reelway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.settings.Settings;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Postgres;

/** Who has the state on a PostgreSQL server, what happens while it is away, and how it comes there. */
class PostgresStateTest {
  private static final Clock CLOCK = Clock.systemUTC();

  private static final String CALLBACK =
      "INSERT INTO callback (id, seq, kind, receiver, queue, about, body, created_at, waits_since, state, tries)"
          + " VALUES (?, ?, 'k', 'cms', 'q', '', '{}', 0, 0, 'waiting', 0)";

  @TempDir Path folder;
  private Postgres server;
  private String schema;
  private Settings settings;
  private LogLines log;

  @BeforeEach
  void start() throws Exception {
    server = Postgres.shared();
    schema = server.newSchema();
    settings = TestState.settings(schema);
    log = new LogLines("org.reelway");
  }

  @AfterEach
  void listenNoMore() {
    if (log != null) {
      log.close();
    }
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(60));
  }

  private static long recordings(StateDatabase database) {
    return database.jdbi().withHandle(
        handle -> handle.createQuery("SELECT COUNT(*) FROM recording").mapTo(Long.class).one());
  }

  /** In a server that the test ends or changes, which others do not share. */
  private static Settings newSchema(Postgres own) {
    own.execute("CREATE SCHEMA own");
    return Settings.load(
        null, Map.of(), Map.of("reelway.state.url", own.address("own"), "reelway.state.username", Postgres.USER, "reelway.node", "here"));
  }

  /** As if the lock's session alone broke. */
  private void breakLock() {
    server.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid ="
        + " (SELECT oid FROM pg_namespace WHERE nspname = '" + schema + "')");
  }

  @Test
  void aSecondSidecarIsRefusedWhileTheFirstLivesAndCommandsAreNot() {
    try (StateDatabase first = StateDatabase.own(settings, CLOCK)) {
      assertThatThrownBy(() -> StateDatabase.own(settings, CLOCK)).isInstanceOf(InputFailure.class)
          .hasMessageContaining("reelway.node: the node here is in use on the state of reelway.state.url by another Reelway (process "
              + ProcessHandle.current().pid());
      try (StateDatabase command = StateDatabase.open(settings, CLOCK);
          StateDatabase reader = StateDatabase.openToRead(settings).orElseThrow();
          StateDatabase elsewhere = StateDatabase.own(TestState.settings(server.newSchema()), CLOCK)) {
        assertThat(List.of(recordings(command), recordings(reader), recordings(elsewhere))).containsOnly(0L);
        assertThat(reader.hasTable("backup_copy")).isTrue();
        assertThat(reader.hasColumn("recording", "store")).isTrue();
        assertThat(reader.hasTable("none") || reader.hasColumn("recording", "none")).isFalse();
      }
      assertThat(first.trouble()).isEmpty();
    }
    StateDatabase.own(settings, CLOCK).close();
  }

  @Test
  void aLockThatBrokeIsTakenAgain() {
    try (StateDatabase database = StateDatabase.own(settings, CLOCK)) {
      breakLock();
      soon().until(() -> !database.trouble().isEmpty() || !log.of("ERROR").isEmpty());
      soon().until(() -> database.trouble().isEmpty());
      assertThat(recordings(database)).isZero();
      assertThat(database.isLost()).isFalse();
      assertThatThrownBy(() -> StateDatabase.own(settings, CLOCK)).isInstanceOf(InputFailure.class);
    }
  }

  @Test
  void whereAnotherHasHadTheStateNothingIsReadOrWrittenAnyMore() throws Exception {
    try (StateDatabase database = StateDatabase.own(settings, CLOCK); StateWriter writer = new StateWriter(database.jdbi())) {
      RecordingHistory history = new RecordingHistory(database.jdbi(), writer, CLOCK, "here");
      history.found("a", "/r/a", "a", 1, null, "marker");
      history.findWritten("a");
      // As another does that was quicker.
      server.execute("UPDATE " + schema + ".node SET token = 'another', who = 'process 1 on elsewhere'");
      breakLock();

      soon().until(database::isLost);
      assertThat(database.trouble()).contains("another Reelway (process 1 on elsewhere", "start this one again");
      history.found("b", "/r/b", "b", 1, null, "marker");
      assertThatThrownBy(() -> writer.writeDurably(changes -> {}).get(1, TimeUnit.MINUTES)).isInstanceOf(ExecutionException.class);
      assertThatThrownBy(() -> history.find("a")).matches(StateDatabase::isAway);
      StateDatabase.own(settings, CLOCK).close();
      assertThat(server.query("SELECT id FROM " + schema + ".recording")).containsExactly("a");
    }
  }

  @Test
  void whatIsWrittenWhileTheServerIsAwayIsThereWhenItIsBackAndWhoWaitedKnows() throws Exception {
    try (Postgres own = Postgres.start()) {
      Settings there = newSchema(own);
      try (StateDatabase database = StateDatabase.own(there, CLOCK); StateWriter writer = new StateWriter(database.jdbi())) {
        RecordingHistory history = new RecordingHistory(database.jdbi(), writer, CLOCK, "here");
        history.found("a", "/r/a", "a", 1, null, "marker");
        history.findWritten("a");
        own.goAway();
        history.verified("a", "", "b", "k", "http://s/b/k", "etag", null, "md5:x");
        history.found("b", "/r/b", "b", 1, null, "marker");
        assertThatThrownBy(() -> writer.writeDurably(changes -> {}).get(1, TimeUnit.MINUTES))
            .matches(failure -> StateDatabase.isAway(failure));
        soon().until(() -> writer.isFailing() && !database.trouble().isEmpty());
        history.state("b", RecordingState.DONE, "tidied");
        assertThatThrownBy(() -> StateDatabase.open(there, CLOCK)).isInstanceOf(OurFailure.class)
            .hasMessageContaining("cannot be used").hasMessageContaining("reelway.state.url");

        own.comeBack();
        soon().until(() -> !writer.isFailing() && database.trouble().isEmpty());
        assertThat(history.countByState()).containsOnly(Map.entry("verified", 1L), Map.entry("done", 1L));
        assertThat(log.of("ERROR")).filteredOn(line -> line.contains("history of recordings cannot be written")).hasSize(1);
        assertThat(log.of("ERROR")).filteredOn(line -> line.contains("is away")).hasSize(1);
        assertThat(log.of("INFO")).anyMatch(line -> line.endsWith("the history of recordings is written again"));
      }
    }
  }

  @Test
  void whatIsWrittenWhileTheServerTakesNoWritesIsThereAfterwards() throws Exception {
    try (Postgres own = Postgres.start()) {
      Settings there = newSchema(own);
      try (StateDatabase database = StateDatabase.own(there, CLOCK); StateWriter writer = new StateWriter(database.jdbi())) {
        RecordingHistory history = new RecordingHistory(database.jdbi(), writer, CLOCK, "here");
        history.found("a", "/r/a\0", "a", 1, null, "marker");
        history.findWritten("a");
        own.execute("ALTER ROLE " + Postgres.USER + " SET default_transaction_read_only = on");
        own.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reelway' AND pid NOT IN"
            + " (SELECT pid FROM pg_locks WHERE locktype = 'advisory')");
        soon().untilAsserted(() -> {
          history.note("a", "while nothing is taken");
          assertThat(writer.isFailing()).isTrue();
        });
        history.found("b", "/r/b", "b", 1, null, "marker");
        assertThatThrownBy(() -> writer.writeDurably(changes -> changes.execute("UPDATE recording SET stream = ?", "x"))
            .get(1, TimeUnit.MINUTES)).matches(failure -> StateDatabase.isAway(failure));

        own.execute("BEGIN READ WRITE; ALTER ROLE " + Postgres.USER + " RESET default_transaction_read_only; COMMIT");
        own.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reelway' AND pid NOT IN"
            + " (SELECT pid FROM pg_locks WHERE locktype = 'advisory')");
        soon().until(() -> !writer.isFailing());
        assertThat(history.find("b")).isPresent();
        assertThat(history.find("a").orElseThrow().events()).extracting(RecordingStory.Event::what).contains("while nothing is taken");
      }
    }
  }

  @Test
  void anEmbeddedStateThatIsDamagedIsNotCopied() throws Exception {
    Path embedded = folder.resolve("state");
    try (StateDatabase database = StateDatabase.open(embedded, CLOCK); StateWriter writer = new StateWriter(database.jdbi())) {
      RecordingHistory history = new RecordingHistory(database.jdbi(), writer, CLOCK, "here");
      for (int i = 0; i < 300; i++) {
        history.found("r" + i, "/r/" + "x".repeat(i), "r", i, null, "marker");
      }
    }
    Path file = embedded.resolve("reelway.db");
    byte[] damaged = Files.readAllBytes(file);
    Arrays.fill(damaged, damaged.length * 3 / 4, damaged.length - 4096, (byte) 7);
    Files.write(file, damaged);
    Settings both = Settings.load(
        null, Map.of(),
        Map.of("reelway.state.url", server.address(schema), "reelway.state.username", Postgres.USER,
            "reelway.state.folder", embedded.toString()));

    assertThatThrownBy(() -> new StateCopy(both, CLOCK).run()).isInstanceOf(OurFailure.class).hasMessageContaining("damaged");
    assertThat(file).hasBinaryContent(damaged);
  }

  @Test
  void theEmbeddedStateIsCopiedWholeBesideOtherNodesAndOnce() throws Exception {
    Path embedded = folder.resolve("state");
    try (StateDatabase database = StateDatabase.open(embedded, CLOCK); StateWriter writer = new StateWriter(database.jdbi())) {
      RecordingHistory history = new RecordingHistory(database.jdbi(), writer, CLOCK, "here");
      for (int i = 0; i < 1200; i++) {
        history.found("r" + i, "/r/\u00e9\u0000" + "x".repeat(i) + i, "é" + i, i, i % 2 == 0 ? null : "s".repeat(400), "marker");
      }
      history.note("r0", "first");
      history.note("r0", "second");
      new AbandonedUploads(database.jdbi(), CLOCK, "here").add(new AbandonedUploads.Upload("b", "k", "id", "why"));
      writer.writeNow("callbacks", changes -> {
        changes.execute(CALLBACK, "a", 9L);
        changes.execute(CALLBACK, "z", 8L);
      });
    }
    Settings both = Settings.load(
        null, Map.of(),
        Map.of("reelway.state.url", settings.get(org.reelway.settings.StateSettings.URL), "reelway.state.username", Postgres.USER,
            "reelway.state.folder", embedded.toString(), "reelway.node", "studio-2"));

    Map<String, Long> copied;
    try (StateDatabase other = StateDatabase.own(TestState.settings(schema, "studio-1"), CLOCK);
        StateWriter writer = new StateWriter(other.jdbi())) {
      new RecordingHistory(other.jdbi(), writer, CLOCK, "studio-1").found("other", "/r/r0", "r0", 1, null, "marker");
      writer.writeNow("a callback", changes -> changes.execute(CALLBACK, "first", 1000000007L));
      copied = new StateCopy(both, CLOCK).run();
    }

    assertThat(copied).containsEntry("recording", 1200L).containsEntry("recording_event", 1202L).containsEntry("abandoned_upload", 1L)
        .containsEntry("callback", 2L).hasSize(16);
    try (StateDatabase there = StateDatabase.own(both, CLOCK)) {
      RecordingHistory history = new RecordingHistory(there.jdbi(), null, CLOCK, "here");
      assertThat(history.find("r0").orElseThrow().events()).extracting(RecordingStory.Event::what)
          .containsExactly("found (marker)", "first", "second");
      assertThat(history.find("r3").orElseThrow().stream()).hasSize(400);
      assertThat(history.find("r3").orElseThrow().node()).isEqualTo("studio-2");
      assertThat(history.find("other").orElseThrow().node()).isEqualTo("studio-1");
      assertThat(server.query("SELECT id FROM " + schema + ".callback WHERE id <> 'first' ORDER BY seq")).containsExactly("z", "a");
      assertThat(server.query("SELECT DISTINCT seq >= 1000000000 FROM " + schema + ".callback")).containsExactly("t");
    }
    assertThatThrownBy(() -> new StateCopy(both, CLOCK).run()).isInstanceOf(InputFailure.class)
        .hasMessageContaining("a state of the node studio-2 is there already");
    Settings none = Settings.load(
        null, Map.of(), Map.of("reelway.state.url", server.address(server.newSchema()), "reelway.state.folder", folder + "/none"));
    assertThatThrownBy(() -> new StateCopy(none, CLOCK).run()).hasMessageContaining("no state is in");
  }

  @Test
  void wrongSettingsEndTheStartAndNoMessageHasThePassword() {
    for (String url : List.of(
        "jdbc:postgresql://h/db?user=a", "jdbc:postgresql://h/db?password=hidden-word", "jdbc:postgresql://u:hidden-word@h/db",
        "jdbc:mysql://h/db", "jdbc:postgresql:db")) {
      assertThatThrownBy(() -> Settings.load(null, Map.of(), Map.of("reelway.state.url", url))).isInstanceOf(InputFailure.class)
          .hasMessageContaining("reelway.state.url").hasMessageNotContaining("hidden-word");
    }
    Map<String, String> wrong = Map.of(
        "reelway.state.url", server.address(schema), "reelway.state.username", "nobody", "reelway.state.password", "hidden-word",
        "reelway.node", "here");
    assertThatThrownBy(() -> StateDatabase.own(Settings.load(null, Map.of(), wrong), CLOCK)).isInstanceOf(OurFailure.class)
        .hasMessageContaining("\"nobody\" does not exist").hasMessageNotContaining("hidden-word");
    assertThatThrownBy(() -> StateDatabase.own(TestState.settings("not_there"), CLOCK)).isInstanceOf(InputFailure.class)
        .hasMessageContaining("the schema that it names is not there");
    assertThat(StateDatabase.openToRead(settings)).isEmpty();
  }

  @Test
  void aWrongPasswordEndsTheStartAndIsNotTold() throws Exception {
    server.execute("CREATE ROLE locked LOGIN PASSWORD 'right-word'");
    server.execute("GRANT ALL ON SCHEMA " + schema + " TO locked");
    Path rules = Path.of(server.query("SHOW hba_file").get(0));
    Files.writeString(rules, "host all locked 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
    server.query("SELECT pg_reload_conf()");
    soon().until(() -> server.query("SELECT type FROM pg_hba_file_rules WHERE user_name = '{locked}'").size() == 1);

    soon().untilAsserted(() -> assertThatThrownBy(() -> StateDatabase.own(asLocked("wrong-word"), CLOCK).close())
        .isInstanceOf(OurFailure.class).hasMessageContaining("password authentication failed for user \"locked\"")
        .hasMessageContaining("correct reelway.state.url, .username and .password").hasMessageNotContaining("wrong-word"));
    StateDatabase.own(asLocked("right-word"), CLOCK).close();
  }

  private Settings asLocked(String password) {
    return Settings.load(
        null, Map.of(),
        Map.of("reelway.state.url", server.address(schema), "reelway.state.username", "locked", "reelway.state.password", password,
            "reelway.node", "here"));
  }

  @Test
  void aCopyDoesNotWaitForAServerThatIsAway() throws Exception {
    Path embedded = folder.resolve("state");
    StateDatabase.open(embedded, CLOCK).close();
    int nobody;
    try (ServerSocket closed = new ServerSocket(0)) {
      nobody = closed.getLocalPort();
    }
    Settings away = Settings.load(
        null, Map.of(),
        Map.of("reelway.state.url", "jdbc:postgresql://127.0.0.1:" + nobody + "/db", "reelway.state.folder", embedded.toString()));
    assertThatThrownBy(() -> new StateCopy(away, CLOCK).run()).isInstanceOf(OurFailure.class)
        .hasMessageContaining("see that the database of reelway.state.url answers");
  }
}
