package org.reelway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.SetClock;

class StateTest {
  @TempDir Path state;
  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T10:00:00Z"));

  private StateDatabase open() {
    return TestState.open(state, clock);
  }

  @Test
  void aRecordingsStoryIsToldInOrderAndOutlivesARestart() {
    StateDatabase database = open();
    try (StateWriter writer = new StateWriter(database.jdbi())) {
      RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock, "here");
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
    RecordingHistory history = new RecordingHistory(open().jdbi(), new StateWriter(open().jdbi()), clock, "here");

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
      RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock, "here");
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
    RecordingHistory closed = new RecordingHistory(database.jdbi(), closedWriter(database), clock, "here");
    assertThat(closed.findWritten("a")).as("what is there, where nothing is written any more").isPresent();
  }

  private static StateWriter closedWriter(StateDatabase database) {
    StateWriter writer = new StateWriter(database.jdbi());
    writer.close();
    return writer;
  }

  @Test
  void oneChangeThatCannotBeWrittenTakesNoOtherWithIt() throws Exception {
    StateDatabase database = open();
    StateWriter writer = new StateWriter(database.jdbi());
    RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock, "here");
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
  void aThreadThatIsToldToStopStillHasItsLastWord() {
    StateDatabase database = open();
    StateWriter writer = new StateWriter(database.jdbi());
    RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock, "here");
    Thread.currentThread().interrupt();
    history.found("a", "/r/a", "a", 1, null, "marker");
    assertThat(Thread.interrupted()).isTrue();
    writer.close();

    assertThat(history.find("a")).isPresent();
  }

  @Test
  void onlyOldFinishedStoriesMayBeForgottenPageByPage() {
    StateDatabase database = open();
    StateWriter writer = new StateWriter(database.jdbi());
    RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock, "here");
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
    AbandonedUploads before = new AbandonedUploads(open().jdbi(), clock, "here");
    before.add(one);
    before.add(one);
    before.add(two);

    AbandonedUploads after = new AbandonedUploads(open().jdbi(), clock, "here");
    assertThat(after.all()).containsExactlyInAnyOrder(one, two);
    after.remove(one);
    assertThat(new AbandonedUploads(open().jdbi(), clock, "here").all()).containsExactly(two);
  }

  @Test
  void theStoryOfALongOutageKeepsItsBeginningAndItsEnd() throws Exception {
    try (StateWriter writer = new StateWriter(open().jdbi())) {
      RecordingHistory history = new RecordingHistory(open().jdbi(), writer, clock, "here");
      history.found("a", "/r/a.mp4", "a.mp4", 7, "live", "hook");
      for (int n = 1; n <= 2500; n++) {
        clock.forward(Duration.ofMinutes(5));
        history.failed("a", RecordingState.WAITING, "destination", "no answer, try " + n);
      }
      history.failed("b", RecordingState.WAITING, "destination", "another one");

      writer.writeDurably(changes -> { }).get(1, TimeUnit.MINUTES);
      List<String> events = history.find("a").orElseThrow().events().stream().map(RecordingStory.Event::what).toList();
      assertThat(events).hasSize(1000).startsWith("found (hook)", "waiting (destination): no answer, try 1")
          .endsWith("waiting (destination): no answer, try 2499", "waiting (destination): no answer, try 2500");
      assertThat(events.get(100)).isEqualTo("(what happened between is left out here)");
      assertThat(events.get(101)).isEqualTo("waiting (destination): no answer, try 1602");
    }
  }

  @Test
  void recordingsAreFoundByWordsInSmallAndCapitalLettersPageByPage() {
    try (StateWriter writer = new StateWriter(open().jdbi())) {
      RecordingHistory history = new RecordingHistory(open().jdbi(), writer, clock, "here");
      history.found("a", "/r/Studio/One.mp4", "Studio/One.mp4", 7, "CAM_1", "hook");
      history.found("b", "/r/studio/two.mp4", "studio/two.mp4", 7, null, "hook");
      history.found("c", "/r/else.mp4", "else.mp4", 7, "camx1", "hook");
      history.findWritten("c");

      assertThat(ids(history, "sTUDio", null)).containsExactly("a", "b");
      assertThat(ids(history, "cam_1", null)).containsExactly("a");
      assertThat(ids(history, "c", null)).containsExactly("a", "c");
      assertThat(ids(history, "studio", "a")).containsExactly("b");
    }
  }

  private List<String> ids(RecordingHistory history, String words, String after) {
    return history.list(new RecordingQuery(Optional.of(RecordingState.WAITING), words, clock.instant(), after, null), 10).stream()
        .map(RecordingStory::id).toList();
  }

  @Test
  void whatIsInTheBackupIsKnownUntilItIsReturned() {
    BackupCopies copies = new BackupCopies(open().jdbi(), clock, "here");
    BackupCopies.Copy one = copy("one", "");
    BackupCopies.Copy two = copy("two", "other");
    List.of(one, two, one).forEach(copies::put);
    assertThat(copies.find("one")).contains(one);
    assertThat(copies.findAll(List.of("one", "two", "none"))).containsOnlyKeys("one", "two");
    assertThat(copies.homes()).containsExactlyInAnyOrder("", "other");
    assertThat(copies.waiting(null, null, 1)).containsExactly(one);
    assertThat(copies.waiting(null, one, 10)).containsExactly(two);
    assertThat(copies.waiting("other", null, 10)).containsExactly(two);

    copies.problem("two", "p".repeat(5000));
    copies.returned("one", "k2", "e2", null);
    assertThat(copies.waiting()).isEqualTo(new BackupCopies.Waiting(1, 7, clock.instant(), 1));
    assertThat(copies.find("one").orElseThrow().returned()).isEqualTo(new BackupCopies.Returned(clock.instant(), "k2", "e2", null));
  }

  private BackupCopies.Copy copy(String id, String home) {
    return new BackupCopies.Copy(
        id, 7, "http://backup", "bb", "k/" + id, "e", "http://home", "hb", "h/" + id, home, clock.instant(), "{}", null, null);
  }

  @Test
  void verifiedKeptAndDescribedRecordingsAreTold() {
    StateDatabase database = open();
    try (StateWriter writer = new StateWriter(database.jdbi())) {
      RecordingHistory history = new RecordingHistory(database.jdbi(), writer, clock, "here");
      ManifestRecords manifests = new ManifestRecords(database.jdbi(), writer, clock);
      ProgramRecords programs = new ProgramRecords(database.jdbi(), writer, "here");
      FileIdentity identity = new FileIdentity("1:2", 7, 3);
      history.found("a", "/r/a.mp4", "a.mp4", 7, null, "hook");
      history.verified("a", "", "b", "pre/a.mp4", "http://s/b/pre/a.mp4", "etag", null, "md5:x");
      history.tidied("a", "kept", Path.of("/r/a.mp4"), identity);
      manifests.written(new ManifestRecords.Written("a", "b", "pre/a.json", "e1", 1));
      manifests.written(new ManifestRecords.Written("a", "b", "pre/a.json", "e2", 2));
      ProgramRecord run = new ProgramRecord(
          "a", "place", identity.text(), ProgramRecord.State.TOOK, "mark", 1, 0, null, clock.instant(), clock.instant());
      programs.put(run, "before");
      history.findWritten("a");

      List<String> told = new ArrayList<>();
      new VerifiedRecordings(database.jdbi(), true, "").each("b", "pre/", each -> told.add(each.key()));
      manifests.each("b", "", each -> told.add(each.etag()));
      assertThat(told).containsExactly("pre/a.mp4", "e2");
      assertThat(programs.taken(identity.text())).contains(run);
      assertThat(programs.at("place", ProgramRecord.State.TOOK)).containsExactly(run);
      programs.remove("a");
      assertThat(programs.find("a")).isEmpty();
      KeptFiles kept = new KeptFiles(database.jdbi(), clock, "here");
      KeptFiles.Kept file = kept.find("a").orElseThrow();
      assertThat(kept.oldest(clock.instant().plusSeconds(1), null, 10)).containsExactly(file);
      assertThat(kept.oldest(clock.instant().plusSeconds(1), file, 10)).isEmpty();
      kept.gone("a", "deleted by hand");
      assertThat(kept.find("a")).isEmpty();
      List<String> ids = new ArrayList<>();
      history.finishedIds(ids::add);
      assertThat(ids).containsExactly("a");
    }
  }
}
