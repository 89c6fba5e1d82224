package org.reelway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.state.ServerStreams.Row;
import org.reelway.testkit.Postgres;

/** Several sidecars on one state: what is whose, who has a name, and versions side by side. */
class NodesTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int STEPS = new Migrations(null, CLOCK).known();

  private Postgres server;
  private String schema;

  @BeforeEach
  void start() throws Exception {
    server = Postgres.shared();
    schema = server.newSchema();
  }

  private StateDatabase own(String node) {
    return StateDatabase.own(TestState.settings(schema, node), CLOCK);
  }

  /** What a node does with the state. */
  private static final class Node implements AutoCloseable {
    final StateDatabase state;
    final String id;
    final StateWriter writer;
    final RecordingHistory history;
    final BegunUploads begun;
    final AbandonedUploads abandoned;
    final ServerEventLog events;
    final ServerStreams streams;
    final ProgramRecords programs;
    final KeptFiles kept;

    Node(StateDatabase state) {
      this.state = state;
      this.id = state.node();
      this.writer = new StateWriter(state.jdbi());
      this.history = new RecordingHistory(state.jdbi(), writer, CLOCK, id);
      this.begun = new BegunUploads(state.jdbi(), writer, CLOCK, id);
      this.abandoned = new AbandonedUploads(state.jdbi(), CLOCK, id);
      this.events = new ServerEventLog(state.jdbi(), writer, CLOCK, id);
      this.streams = new ServerStreams(state.jdbi(), writer, id);
      this.programs = new ProgramRecords(state.jdbi(), writer, id);
      this.kept = new KeptFiles(state.jdbi(), CLOCK, id);
    }

    void work() throws Exception {
      history.found(id + "-1", "/r/a.mp4", "a.mp4", 1, null, "marker");
      history.failed(id + "-1", RecordingState.SET_ASIDE, "input", "empty");
      begun.begun(begun.intended("s", "b", "k", id + "-1"), "upload-" + id);
      abandoned.add(new AbandonedUploads.Upload("b", "k", "left-" + id, "why"));
      programs.put(
          new ProgramRecord(id + "-1", "/r/a.mp4", "1:2:3:4", ProgramRecord.State.TOOK, id, 0, 0, null, CLOCK.instant(), null), id + "-1");
      Instant now = CLOCK.instant();
      streams.save(new Row("json", "s", "live", "cam", "in", id, "p", now, "received", "hook", now, null, null, "{}"));
      events.store(events.next(), now, "e", "of " + id).get();
    }

    /** Names of what is its own. */
    List<String> own() {
      List<String> all = new ArrayList<>();
      history.finishedIds(all::add);
      begun.all().forEach(upload -> all.add(upload.uploadId()));
      begun.stale(Duration.ofSeconds(-10)).forEach(upload -> all.add(upload.uploadId()));
      abandoned.all().forEach(upload -> all.add(upload.uploadId()));
      programs.taken("1:2:3:4").ifPresent(program -> all.add(program.mark()));
      programs.at("/r/a.mp4", ProgramRecord.State.TOOK).forEach(program -> all.add(program.mark()));
      streams.load(10, 10, stream -> all.add(stream.session()));
      events.waiting(entry -> all.add(entry.content()));
      return all;
    }

    @Override
    public void close() {
      writer.close();
      state.close();
    }
  }

  @Test
  void eachNodeHasItsOwnWorkAndAllHaveTheHistory() throws Exception {
    try (Node a = new Node(own("a")); Node b = new Node(own("b"))) {
      a.work();
      b.work();

      assertThat(a.own()).containsExactly("a-1", "upload-a", "upload-a", "left-a", "a", "a", "a", "of a");
      assertThat(b.own()).containsExactly("b-1", "upload-b", "upload-b", "left-b", "b", "b", "b", "of b");
      assertThat(a.begun.isOurs("b", "k", "upload-b")).as("an upload that this node may go on with").isTrue();
      assertThat(a.history.setAside()).isEqualTo(1);
      assertThat(a.history.countByState()).containsEntry("set-aside", 2L);
      assertThat(a.history.list(Optional.empty(), 10)).extracting(RecordingStory::node).containsExactlyInAnyOrder("a", "b");
      assertThat(a.history.list(new RecordingQuery(Optional.empty(), null, null, null, "b"), 10)).extracting(RecordingStory::id)
          .containsExactly("b-1");

      b.streams.forgetLiveBut(List.of());
      b.streams.forget(CLOCK.instant().plusSeconds(60));
      b.events.giveUp(0);
      b.events.forget(-100);
      b.history.findWritten("b-1");
      assertThat(b.own()).doesNotContain("b-1 of b", "of b");
      assertThat(a.own()).contains("of a").hasSize(8);
    }
  }

  @Test
  void inAFolderOfBothARecordingIsTheNodesThatSendsIt() {
    try (Node a = new Node(own("a")); Node b = new Node(own("b"))) {
      a.history.found("r", "/r/a.mp4", "a.mp4", 1, null, "marker");
      a.history.state("r", RecordingState.TRANSFERRING, "transfer begun");
      a.history.findWritten("r");
      b.history.found("r", "/r/a.mp4", "a.mp4", 1, null, "marker");
      b.history.state("r", RecordingState.SKIPPED, "file and marker are gone");
      assertThat(b.history.findWritten("r").orElseThrow()).extracting(RecordingStory::state, RecordingStory::node)
          .containsExactly("transferring", "a");
      assertThat(b.history.isFinished("r")).isFalse();

      // As after a's death.
      b.history.state("r", RecordingState.TRANSFERRING, "transfer begun");
      b.history.verified("r", "", "b", "k", "http://s/b/k", "etag", null, "md5:x");
      b.history.tidied("r", "gone", null, null);
      assertThat(b.history.findWritten("r").orElseThrow()).extracting(RecordingStory::state, RecordingStory::node)
          .containsExactly("done", "b");
      assertThat(a.history.isFinished("r")).as("so that it is not marked again").isTrue();
      assertThat(a.history.finishedIds()).isEmpty();
    }
  }

  private String column(String what) {
    return String.join(",", server.query("SELECT " + what + " FROM " + schema + ".node ORDER BY id"));
  }

  @Test
  void aNodeIsSeenUntilItEndsAndItsNameIsItsOwn() {
    try (StateDatabase a = own("a"); StateDatabase b = own("b")) {
      assertThatThrownBy(() -> own("a")).isInstanceOf(InputFailure.class)
          .hasMessageContaining("reelway.node: the node a is in use").hasMessageContaining("give each a name of its own");
      String before = column("seen_at");
      await().atMost(SOON).until(() -> column("seen_at > started_at").equals("t,t") && !column("seen_at").equals(before));
      assertThat(a.trouble() + b.trouble()).isEmpty();
    }
    assertThat(column("left_at >= started_at")).isEqualTo("t,t");
    own("a").close();
  }

  @Test
  void aNodeThatWasForgottenWhileItWasAwaySaysSoAndReadsNothingMore() {
    try (StateDatabase a = own("a")) {
      server.execute("DELETE FROM " + schema + ".node");
      await().atMost(SOON).until(a::isLost);
      assertThat(a.trouble()).contains("the node a was forgotten", "start this one again");
      assertThatThrownBy(() -> a.jdbi().useHandle(handle -> handle.execute("SELECT 1"))).matches(StateDatabase::isAway);
    }
    own("a").close();
  }

  @Test
  void whatAForgottenNodeLeftIsGoneOnWithAsFarAsItNeedsNoDiskOfIt() throws Exception {
    try (Node a = new Node(own("a"))) {
      try (Node b = new Node(own("b"))) {
        b.work();
        assertThat(new Fleet(a.state.jdbi(), CLOCK, "a").forget("b")).as("it runs").isFalse();
      }
      assertThat(new Fleet(a.state.jdbi(), CLOCK, "a").forget("b")).isTrue();
      assertThat(a.own()).containsExactly("b-1", "upload-b", "upload-b", "left-b");
    }
    assertThat(server.query("SELECT node FROM " + schema + ".server_stream")).isEmpty();
  }

  @Test
  void aReleaseThatSharesWithNobodyAndNodesKeepEachOtherOut() throws SQLException {
    String lock = "SELECT pg_try_advisory_lock(" + PostgresLock.REELWAY + ", oid::int) FROM pg_namespace WHERE nspname = '" + schema + "'";
    try (StateDatabase a = own("a")) {
      assertThat(server.query(lock)).containsExactly("f");
      assertThat(a.trouble()).isEmpty();
    }
    try (Connection former = DriverManager.getConnection(server.url()); Statement statement = former.createStatement()) {
      statement.execute("CREATE TABLE " + schema + ".state_owner (token VARCHAR, who VARCHAR, since BIGINT)");
      statement.execute("INSERT INTO " + schema + ".state_owner VALUES ('t', 'process 3 on old', 0)");
      statement.execute(lock);
      assertThatThrownBy(() -> own("a")).isInstanceOf(InputFailure.class)
          .hasMessageContaining("in use by a Reelway of an earlier version (process 3 on old, since 1970")
          .hasMessageContaining("end that one");
    }
  }

  @Test
  void rowsOfTheReleaseBeforeAreTheFirstNodes() {
    Jdbi jdbi = Jdbi.create(server.address(schema), Postgres.USER, "");
    new Migrations(jdbi, CLOCK).run();
    jdbi.useHandle(handle -> handle.execute(
        "INSERT INTO abandoned_upload (bucket, object_key, upload_id, why, at) VALUES ('b', 'k', 'u', 'w', 1)"));
    try (Node a = new Node(own("a")); Node b = new Node(own("b"))) {
      assertThat(a.own()).containsExactly("u");
      assertThat(b.own()).isEmpty();
    }
  }

  @Test
  void nodesThatStartAtOnceMakeTheTablesOnce() {
    List<CompletableFuture<StateDatabase>> all = IntStream.range(0, 6)
        .mapToObj(i -> CompletableFuture.supplyAsync(() -> own("n" + i), runnable -> new Thread(runnable).start()))
        .toList();
    all.forEach(each -> each.join().close());
    assertThat(server.query("SELECT COUNT(*) FROM " + schema + ".schema_step")).containsExactly(String.valueOf(STEPS));
    assertThat(column("id")).isEqualTo("n0,n1,n2,n3,n4,n5");
  }

  /** As a newer version has it. */
  private Migrations newer(String step) {
    List<String> steps = new ArrayList<>(server.query("SELECT name FROM " + schema + ".schema_step ORDER BY step"));
    steps.add(step);
    return new Migrations(Jdbi.create(server.address(schema), Postgres.USER, ""), CLOCK, steps);
  }

  @Test
  void anOlderNodeGoesOnBesideANewerOneThatOnlyAdds() {
    try (Node a = new Node(own("a"))) {
      newer("V13__added.sql").run("b", handle -> {});

      a.history.found("r", "/r/a.mp4", "a.mp4", 1, null, "marker");
      assertThat(a.history.findWritten("r")).isPresent();
      String before = column("seen_at");
      await().atMost(SOON).until(() -> !column("seen_at").equals(before));
      assertThat(a.state.trouble()).isEmpty();
    }
    own("c").close();
    StateDatabase.open(TestState.settings(schema), CLOCK).close();
  }

  @Test
  void aChangeThatOlderNodesCannotGoOnWithWaitsUntilTheyAreStopped() {
    try (StateDatabase a = own("a")) {
      assertThatThrownBy(() -> newer("V13__changed.sql").run("b", handle -> {})).isInstanceOf(InputFailure.class)
          .hasMessageContaining("cannot go on with: a (version ").hasMessageContaining("nothing is changed");
      assertThat(server.query("SELECT MAX(step) FROM " + schema + ".schema_step")).containsExactly(String.valueOf(STEPS));
      assertThat(a.trouble()).isEmpty();
    }
    newer("V13__changed.sql").run("b", handle -> {});
    assertThatThrownBy(() -> own("a")).isInstanceOf(OurFailure.class).hasMessageContaining("written by a newer Reelway (schema 13");
    assertThatThrownBy(() -> StateDatabase.open(TestState.settings(schema), CLOCK)).hasMessageContaining("written by a newer Reelway");
  }

  @Test
  void aNodeThatWasPausedWhileItsStateChangedForGoodNoticesAndStops() {
    try (StateDatabase a = own("a")) {
      // As a newer one does for which this one was gone.
      server.execute("INSERT INTO " + schema + ".schema_step (step, name, at) VALUES (13, 'V13__changed.sql', 0)");
      await().atMost(SOON).until(a::isLost);
      assertThat(a.trouble()).contains("a newer Reelway has changed the state");
    }
  }

  @Test
  void aCommandChangesNoSharedState() {
    assertThatThrownBy(() -> StateDatabase.open(TestState.settings(schema), CLOCK)).isInstanceOf(OurFailure.class)
        .hasMessageContaining("no state is there yet; start a sidecar");
    own("a").close();
    server.execute("DELETE FROM " + schema + ".schema_step WHERE step = " + STEPS);
    assertThatThrownBy(() -> StateDatabase.open(TestState.settings(schema), CLOCK)).isInstanceOf(OurFailure.class)
        .hasMessageContaining("written by an earlier Reelway (schema " + (STEPS - 1))
        .hasMessageContaining("start a sidecar of this version");
  }
}
