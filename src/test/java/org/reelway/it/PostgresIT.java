package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.HttpCalls;
import org.reelway.testkit.Postgres;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;

/** A sidecar whose state is on a PostgreSQL server that goes away and comes back. */
class PostgresIT {
  private static final int SMALL = 100_000;

  @TempDir Path folder;
  private int made;

  private ChildReelway.CommandLine sidecar(Path own, TestStore store, Postgres server, CallbackReceiver backend) {
    return ChildReelway.sidecar(own, store.endpoint())
        .set("reelway.recordings.tidy", "delete")
        .set("reelway.state.url", server.address("reelway"))
        .set("reelway.state.username", Postgres.USER)
        .set("reelway.node", "studio")
        .set("reelway.callbacks.url", "cms=" + backend.uri("/hook"))
        .set("reelway.callbacks.allow-private", "127.0.0.1")
        .set("reelway.callbacks.retry-first", "100ms")
        .set("reelway.callbacks.retry-max", "1s");
  }

  private Path marked(Recordings recordings) {
    Path file = recordings.random("r" + ++made + ".mp4", SMALL, made);
    Recordings.mark(file);
    return file;
  }

  private static boolean isTold(CallbackReceiver backend, Path file) {
    return backend.received().stream().anyMatch(each -> each.body().contains("recording.finished") && each.body().contains(file.toString()));
  }

  private static void awaitWhole(ChildReelway child, TestStore store, CallbackReceiver backend, Path file) {
    child.await(
        file + " is sent, told and deleted",
        () -> store.has(file.getFileName().toString()) && isTold(backend, file) && !Files.exists(file) && !Recordings.isMarked(file));
  }

  @Test
  void recordingsAreSentWhileItIsAwayAndNothingIsLostAlsoWhereTheSidecarIsKilledThen() throws Exception {
    Recordings recordings = new Recordings(folder.resolve("recordings"));
    try (Postgres server = Postgres.start(); TestStore store = TestStore.start(folder.resolve("store"));
        CallbackReceiver backend = new CallbackReceiver()) {
      server.execute("CREATE SCHEMA reelway");
      backend.behave(CallbackReceiver.answering(200));
      ChildReelway.CommandLine line = sidecar(folder, store, server, backend);
      Path late;
      try (ChildReelway child = line.startReady()) {
        HttpCalls management = child.management();
        awaitWhole(child, store, backend, marked(recordings));

        Path elsewhere = Files.createDirectory(folder.resolve("other"));
        ChildReelway.Finished second = sidecar(elsewhere, store, server, backend).finish();
        assertThat(second.code()).isEqualTo(2);
        assertThat(second.err()).contains("reelway.node: the node studio is in use", "by another Reelway (process " + child.pid()).doesNotContain("\tat ");

        server.goAway();
        List<Path> meanwhile = List.of(marked(recordings), marked(recordings));
        meanwhile.forEach(file -> child.await(file + " is sent", () -> store.has(file.getFileName().toString())));
        child.await("it says so", () -> management.get("/observe/health").status() == 503);
        assertThat(management.get("/observe/health").body()).contains("\"name\":\"state\",\"status\":\"DOWN\"");
        assertThat(management.get("/observe/health/live").status()).isEqualTo(200);
        assertThat(child.http().get("/recordings").status()).isEqualTo(503);
        assertThat(child.http().get("/recordings").error()).contains("see that the database of reelway.state.url answers");
        assertThat(meanwhile).allMatch(Files::exists).allMatch(Recordings::isMarked).noneMatch(file -> isTold(backend, file));

        server.comeBack();
        meanwhile.forEach(file -> awaitWhole(child, store, backend, file));
        child.await("all is well", () -> management.get("/observe/health").status() == 200);
        assertThat(child.err()).doesNotContain("\tat ");

        server.goAway();
        late = marked(recordings);
        child.await(late + " is sent", () -> store.has(late.getFileName().toString()));
        child.kill();
      }
      try (ChildReelway child = line.start()) {
        child.awaitLog("the start waits for the database of reelway.state.url");
        assertThat(Recordings.isMarked(late)).isTrue();
        server.comeBack();
        awaitWhole(child, store, backend, late);
        child.await("each has its story", () -> child.http().get("/recordings").json().at("/counts/done").asInt() == made);
        child.kill();
      }
      try (ChildReelway child = line.startReady()) {
        assertThat(child.http().get("/recordings").json().at("/counts/done").asInt()).isEqualTo(made);
        assertThat(child.err()).doesNotContain("\tat ");
      }
      Map<String, Long> ids = backend.received().stream().filter(each -> each.body().contains("recording.finished"))
          .collect(Collectors.groupingBy(CallbackReceiver.Received::id, Collectors.counting()));
      assertThat(ids).as("one id for each recording").hasSize(made);
      assertThat(folder.resolve("state").resolve("reelway.db")).doesNotExist();
    }
  }
}
