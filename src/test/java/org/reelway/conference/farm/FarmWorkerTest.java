package org.reelway.conference.farm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.MixJobs;
import org.reelway.conference.mixer.Mixed;
import org.reelway.failure.DestinationFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.state.Leases;
import org.reelway.state.MixOrderRow;
import org.reelway.state.MixOrderRow.State;
import org.reelway.state.MixOrders;
import org.reelway.state.StateDatabase;
import org.reelway.testkit.LiveEncoder;

/** A worker and its orders, where the database is away or its answer is lost. Mixes are not made here: their settings cannot be read. */
class FarmWorkerTest {
  @TempDir Path folder;
  private StateDatabase database;
  private MixOrders orders;
  private Leases leases;
  private Path recordings;
  private FarmWorker worker;
  private MixJobs jobs;

  @BeforeEach
  void open() throws IOException {
    database = StateDatabase.open(folder.resolve("state"), Clock.systemUTC());
    orders = new MixOrders(database.jdbi(), Clock.systemUTC());
    leases = new Leases(database.jdbi(), Clock.systemUTC(), "worker");
    recordings = Files.createDirectories(folder.resolve("recordings"));
    FarmFetch fetch = new FarmFetch(recordings, folder.resolve("fetched"), name -> Optional.empty(), () -> 0);
    worker = new FarmWorker(orders, leases, fetch, (order, job, mixed) -> {}, FarmWorkerTest::delete, folder.resolve("orders"));
    jobs = new MixJobs(folder.resolve("jobs"), () -> {
      throw new DestinationFailure("the mixer's settings cannot be read");
    }, () -> LiveEncoder.PROGRAMS, 1, worker);
    worker.recover(jobs);
    worker.begin();
  }

  @AfterEach
  void close() {
    jobs.close();
    worker.close();
    database.close();
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void order(String id, String path) throws IOException {
    String identity = Files.exists(recordings.resolve(path)) ? FileIdentity.of(recordings.resolve(path)).text() : "1:2:3";
    orders.add(MixOrderRow.of(id, "studio", path, identity, "", 0, 0, 1), false);
    execute("UPDATE mix_order SET state = 'ordered', bucket = 'recordings', queued_at = 1 WHERE id = '" + id + "'");
  }

  private void execute(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  private State state(String id) {
    return orders.find(id).orElseThrow().state();
  }

  private static void until(ThrowingRunnable seen) {
    await().atMost(Duration.ofSeconds(60)).untilAsserted(seen);
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  private List<String> leases() {
    return database.jdbi().withHandle(handle -> handle.createQuery("SELECT name FROM lease").mapTo(String.class).list());
  }

  @Test
  void anOrderThatCannotBeMixedWaitsForADeadLetterAndLeavesNothing() throws Exception {
    order("a", "../outside.mp4");
    assertThat(worker.take("a")).isTrue();
    worker.await("a");
    assertThat(state("a")).isEqualTo(State.FAILED);
    assertThat(orders.untold()).extracting(MixOrderRow::id).containsExactly("a");
    assertThat(orders.find("a").orElseThrow().trouble()).contains("outside");
    assertThat(leases()).as("it may be tried again").containsExactly("mix/a");
    assertThat(filesIn(folder.resolve("fetched"))).isEmpty();
    assertThat(filesIn(folder.resolve("orders"))).isEmpty();
    assertThat(filesIn(recordings)).isEmpty();
    assertThat(worker.number()).isZero();
  }

  @Test
  void anOrderThatFailsWhileTheDatabaseIsAwayIsFailedOnceItIsBack() throws Exception {
    Files.writeString(recordings.resolve("a.mp4"), "no film");
    order("a", "a.mp4");
    assertThat(worker.take("a")).isTrue();
    CompletableFuture<Void> route = CompletableFuture.runAsync(() -> worker.await("a"));
    execute("ALTER TABLE mix_order RENAME TO away");
    worker.failed(jobs.all().get(0), "no film");
    assertThat(worker.take("a")).as("its message comes again").isFalse();
    assertThat(route).isNotDone();
    execute("ALTER TABLE away RENAME TO mix_order");

    route.get(60, TimeUnit.SECONDS);
    assertThat(state("a")).isEqualTo(State.FAILED);
    assertThat(orders.untold()).hasSize(1);
    assertThat(jobs.all()).isEmpty();
  }

  @Test
  void anOrderWhoseFailureIsNotedAndTheAnswerLostHasFailedAndKeepsItsFence() throws Exception {
    Files.writeString(recordings.resolve("a.mp4"), "no film");
    order("a", "a.mp4");
    assertThat(worker.take("a")).isTrue();
    orders.failed("a", orders.find("a").orElseThrow().fence(), "no film");
    worker.await("a");
    assertThat(state("a")).isEqualTo(State.FAILED);
    assertThat(jobs.all()).isEmpty();
    orders.retry("a");
    assertThat(worker.take("a")).as("tried again").isTrue();
  }

  @Test
  void theOrderThatEndedFiveWorkersFailsInstead() throws Exception {
    order("a", "a.mp4");
    execute("UPDATE mix_order SET tries = 5");
    worker.take("a");
    worker.await("a");
    assertThat(orders.untold().get(0).trouble()).contains("5 workers ended");
  }

  private Path madeMix(String id) throws IOException {
    Files.writeString(recordings.resolve(id + ".mp4"), "film");
    order(id, id + ".mp4");
    assertThat(worker.take(id)).isTrue();
    Path mix = Files.writeString(recordings.resolve(id + "_mixed.mp4"), "mix");
    MixJob job = jobs.all().get(0);
    assertThat(worker.isOurs(job, new Mixed(mix, Duration.ZERO, Instant.EPOCH, FileIdentity.of(mix).text()))).isTrue();
    assertThat(worker.isMix(mix)).isTrue();
    return mix;
  }

  @Test
  void aMixWhoseEndIsNotedAndTheAnswerLostIsDone() throws Exception {
    Path mix = madeMix("a");
    assertThat(orders.mixed("a", orders.find("a").orElseThrow().fence(), "a_mixed.mp4")).isTrue();

    worker.sent(mix, "a_mixed.mp4");
    worker.await("a");
    worker.require(mix);
    assertThat(mix).as("its route goes on, and tidies it").exists();
    assertThat(leases()).as("nobody claims it any more").isEmpty();
    assertThat(worker.take("a")).as("a late message").isFalse();
    assertThat(leases()).isEmpty();
  }

  @Test
  void theBeatTakesAMixForDoneWhoseAnswerWasLost() throws Exception {
    Path mix = madeMix("a");
    orders.mixed("a", orders.find("a").orElseThrow().fence(), "a_mixed.mp4");
    worker.await("a");
    assertThat(mix).exists();
  }

  @Test
  void aMixOfAnOrderThatAnotherWorkerHasIsDeletedAndNotSent() throws Exception {
    Path mix = madeMix("a");
    execute("UPDATE lease SET node = 'other', fence = fence + 1");
    execute("UPDATE mix_order SET worker = 'other', fence = fence + 1");
    worker.await("a");
    until(() -> assertThat(mix).doesNotExist());
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> worker.require(mix)).isInstanceOf(DestinationFailure.class);
    assertThat(state("a")).isEqualTo(State.MIXING);
  }

  @Test
  void aWorkerThatEndsGivesBackWhatIsNotMade() throws Exception {
    Files.writeString(recordings.resolve("a.mp4"), "film");
    order("a", "a.mp4");
    worker.take("a");
    worker.close();
    assertThat(state("a")).isEqualTo(State.ORDERED);
    assertThat(orders.due()).hasSize(1);
    assertThat(orders.find("a").orElseThrow().tries()).isZero();
  }
}
