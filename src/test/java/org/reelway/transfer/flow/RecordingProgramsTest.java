package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.media.process.MarkedProcesses;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.IntakeObserver;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.RecordingId;
import org.reelway.settings.ProgramArguments;
import org.reelway.settings.ProgramSettings.OnFailure;
import org.reelway.state.ProgramRecord;
import org.reelway.state.ProgramRecord.State;
import org.reelway.state.ProgramRecords;
import org.reelway.state.RecordingStory;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.TestStore;
import org.reelway.transfer.RecordingChanged;
import org.reelway.transfer.program.ProgramCommand;
import org.reelway.transfer.program.ProgramTerms;
import org.reelway.transfer.program.RecordingPrograms;

/** Real programs, which tests write; the queue's clock is set. */
@Timeout(60)
class RecordingProgramsTest {
  private static final Duration GRACE = Duration.ofMillis(300);

  @TempDir static Path stored;
  private static TestStore server;

  @TempDir Path temp;
  private Path ran;
  private FlowFixture parts;
  private RecordingPrograms programs;
  private LogLines log;
  private final List<State> outcomes = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void start() {
    server = TestStore.start(stored.resolve("store"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void join() {
    ran = temp.resolve("ran");
    log = new LogLines("org.reelway");
    begin(OnFailure.SEND, 3, 2);
  }

  @AfterEach
  void part() {
    end();
    log.close();
  }

  private void begin(OnFailure onFailure, int tries, int atOnce) {
    parts = new FlowFixture(temp, server);
    ProgramTerms terms =
        new ProgramTerms(Duration.ofSeconds(30), GRACE, onFailure, tries, FlowFixture.BACKOFF, atOnce);
    programs = programs(terms);
  }

  private RecordingPrograms programs(ProgramTerms terms) {
    return new RecordingPrograms(
        terms, parts.flow, parts.markers, new ProgramRecords(parts.database.jdbi(), parts.writer, "here"), parts.history,
        new Found(), (outcome, took) -> outcomes.add(outcome), parts.clock);
  }

  private final class Found implements IntakeObserver {
    @Override
    public void found(MarkedRecording recording, String foundBy, String stream) {
      Path file = recording.file();
      parts.history.found(
          RecordingFlow.idOf(recording), file.toString(), recording.path(), file.toFile().length(), stream, foundBy);
    }

    @Override
    public void heldBack(Path file, String reason) {}
  }

  private void end() {
    programs.close();
    parts.close();
  }

  /** As after a restart. */
  private void again(OnFailure onFailure) {
    end();
    begin(onFailure, 3, 2);
  }

  /** Notes each run with its arguments, then does as the lines say. */
  private ProgramCommand program(String arguments, String... lines) {
    try {
      Path script = temp.resolve("hook-" + UUID.randomUUID() + ".sh");
      Files.writeString(script, "#!/bin/sh\necho \"$*\" >> " + ran + "\n" + String.join("\n", lines) + "\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      return new ProgramCommand(script, ProgramArguments.parse(script + " " + arguments));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> runs() throws IOException {
    return Files.exists(ran) ? Files.readAllLines(ran) : List.of();
  }

  private RecordingWork work(String name) {
    MarkedRecording marked = parts.marked(name);
    new Found().found(marked, "marker", null);
    return parts.inHand(marked);
  }

  /** The recording comes back from its program. */
  private RecordingWork back() {
    List<RecordingWork> next = new ArrayList<>();
    await().pollInterval(Duration.ofMillis(10)).until(() -> parts.queue.take(Duration.ZERO).map(recording -> {
      next.add(new RecordingWork(recording, parts.queue, RecordingFlow.idOf(recording)));
      return true;
    }).orElse(false));
    return next.get(0);
  }

  private RecordingWork throughProgram(RecordingWork work, ProgramCommand command) {
    assertThat(programs.isOver(work, command)).as("before the program has run").isFalse();
    return back();
  }

  private Optional<ProgramRecord> row(String id) {
    return new ProgramRecords(parts.database.jdbi(), parts.writer, "here").find(id);
  }

  private List<String> events(String id) {
    // Written in their order, so that what is durable was written after what is told.
    new ProgramRecords(parts.database.jdbi(), parts.writer, "here").remove("none");
    return parts.events(id);
  }

  @Test
  void theRouteGoesOnOnceTheProgramIsDone() throws Exception {
    ProgramCommand command = program("{stream}: {name} {path} {size} {id} {file}");
    RecordingWork work = work("x/a b.mp4");

    RecordingWork next = throughProgram(work, command);

    assertThat(work.isConcluded()).isTrue();
    assertThat(programs.isOver(next, command)).isTrue();
    assertThat(next.isConcluded()).isFalse();
    assertThat(runs())
        .containsExactly(": a b.mp4 x/a b.mp4 1000 " + work.id() + " " + parts.recordings.folder() + "/x/a b.mp4");
    assertThat(outcomes).containsExactly(State.DONE);
    assertThat(events(work.id())).last().asString().startsWith("its program is done");
    assertThat(log.all()).isEmpty();
  }

  @Test
  void whatIsDoneIsNotRunAgainWhetherItsTransferIsTriedAgainOrReelwayIsStartedAnew() throws Exception {
    ProgramCommand command = program("{name}");
    RecordingWork next = throughProgram(work("once.mp4"), command);
    Path file = next.recording().file();
    for (int tries = 0; tries < 3; tries++) {
      assertThat(programs.isOver(next, command)).isTrue();
    }

    again(OnFailure.SEND);
    RecordingWork later = parts.inHand(parts.found(file));
    assertThat(programs.isOver(later, command)).isTrue();
    // Also where the state was lost, once the marker says that it was sent.
    parts.markers.write(
        later.recording(),
        new MarkerContent.Verified(
            new MarkerContent.VerifiedState(
                TestStore.BUCKET, "once.mp4", FileIdentity.of(file), "etag", null, "md5:x"),
            null));
    parts.database.jdbi().useHandle(handle -> handle.execute("DELETE FROM recording_program"));

    assertThat(programs.isOver(later, command)).isTrue();
    assertThat(runs()).containsExactly("once.mp4");
  }

  @Test
  void exitCode75IsTriedAgainAfterAWaitAndHoldsUpNobodyElse() throws Exception {
    ProgramCommand command = program("{name}", "echo the share is away", "test $(wc -l < " + ran + ") -ge 3 || exit 75");
    RecordingWork work = work("later.mp4");

    for (int tries = 1; tries <= 2; tries++) {
      int now = tries;
      assertThat(programs.isOver(work, command)).isFalse();
      await().until(() -> row(RecordingFlow.idOf(parts.found(file("later.mp4")))).filter(
          row -> row.state() == State.AGAIN && row.tries() == now).isPresent());
      await().until(() -> programs.running() == 0);
      assertThat(parts.nothingIsDue()).isTrue();
      RecordingWork other = work("other" + tries + ".mp4");
      assertThat(parts.nothingIsDue()).isTrue();
      parts.queue.done(other.recording());
      parts.clock.forward(FlowFixture.BACKOFF.first().multipliedBy(now));
      work = back();
    }
    RecordingWork next = throughProgram(work, command);

    assertThat(programs.isOver(next, command)).isTrue();
    assertThat(runs()).hasSize(3);
    assertThat(outcomes).containsExactly(State.AGAIN, State.AGAIN, State.DONE);
    assertThat(events(next.id())).anyMatch(event -> event.contains("exit code 75 (run 1 of 3): the share is away"));
  }

  private Path file(String name) {
    return parts.recordings.folder().resolve(name);
  }

  @Test
  void exitCode75IsAFailureInTheEnd() throws Exception {
    ProgramCommand command = program("", "exit 75");
    RecordingWork work = work("never.mp4");
    for (int tries = 1; tries <= 3; tries++) {
      assertThat(programs.isOver(work, command)).isFalse();
      int now = tries;
      await().until(() -> outcomes.size() == now && programs.running() == 0);
      parts.clock.forward(Duration.ofMinutes(5));
      work = back();
    }

    assertThat(programs.isOver(work, command)).as("it is sent all the same").isTrue();
    assertThat(outcomes).containsExactly(State.AGAIN, State.AGAIN, State.FAILED);
  }

  @Test
  void aFailureIsSeenAndTheRecordingIsSentAllTheSameOnce() throws Exception {
    ProgramCommand command = program("", "echo 'no room \u001b[31mleft' >&2", "exit 3");
    RecordingWork next = throughProgram(work("failed.mp4"), command);

    assertThat(programs.isOver(next, command)).isTrue();
    assertThat(programs.isOver(next, command)).isTrue();

    assertThat(runs()).hasSize(1);
    assertThat(log.all()).singleElement().asString()
        .contains("failed.mp4", "it is sent all the same", "exit code 3: no room", "[31mleft").doesNotContain("\u001b");
    assertThat(programs.trouble()).contains("failed.mp4: exit code 3");
    assertThat(row(next.id()).orElseThrow().exitCode()).isEqualTo(3);
    assertThat(events(next.id())).anyMatch(event -> event.startsWith("its program failed: exit code 3"));
  }

  @Test
  void aFailureHoldsTheRecordingWhereThatIsWantedAndAReleaseRunsTheProgramAgain() throws Exception {
    again(OnFailure.HOLD);
    ProgramCommand command = program("", "test -e " + temp + "/mended || exit 4");
    RecordingWork next = throughProgram(work("held.mp4"), command);

    InputFailure failure = catchThrowableOfType(InputFailure.class, () -> programs.isOver(next, command));
    assertThat(failure).hasMessageContaining("held.mp4 failed: exit code 4; mend the cause");
    parts.flow.setAside(next, failure);
    assertThat(next.recording().file()).exists();
    assertThat(next.recording().marker()).doesNotExist();

    Files.createFile(temp.resolve("mended"));
    Recordings.mark(next.recording().file());
    RecordingWork released = throughProgram(parts.inHand(parts.found(next.recording().file())), command);
    assertThat(programs.isOver(released, command)).isTrue();
    assertThat(runs()).hasSize(2);
  }

  @Test
  void whatTheProgramLeavesIsWhatIsSentAndOneWithAnotherContentIsAnotherRecording() throws Exception {
    ProgramCommand change = program("{file}", "printf changed > \"$1.new\"", "mv \"$1.new\" \"$1\"");
    RecordingWork before = work("changed.mp4");

    RecordingWork next = throughProgram(before, change);

    assertThat(next.id()).isNotEqualTo(before.id());
    assertThat(programs.isOver(next, change)).isTrue();
    parts.flow.transfer(next, FlowFixture.target());
    assertThat(server.bytes("changed.mp4")).asString().isEqualTo("changed");
    assertThat(runs()).hasSize(1);
    parts.awaitState(before.id(), "discarded");
    assertThat(events(before.id())).last().asString().contains("is the recording " + next.id());
    assertThat(parts.history.find(next.id()).map(RecordingStory::foundBy)).contains("program");
  }

  @Test
  void aFileThatAFailedProgramHasChangedIsHeldInAnyCase() throws Exception {
    ProgramCommand command = program("{file}", "printf half > \"$1\"", "exit 1");
    RecordingWork next = throughProgram(work("spoiled.mp4"), command);

    assertThatThrownBy(() -> programs.isOver(next, command))
        .isInstanceOf(InputFailure.class).hasMessageContaining("failed and has changed the file");
    assertThat(log.all()).singleElement().asString().contains("it is held");
  }

  @Test
  void aFileThatTheProgramTookAwayIsNotSentAndWhereItIsNowNotGivenToTheProgramAgain() throws Exception {
    ProgramCommand command = program("{file}", "mv \"$1\" \"$1.renamed.mp4\"");
    RecordingWork work = work("took.mp4");

    assertThat(programs.isOver(work, command)).isFalse();
    parts.awaitState(work.id(), "skipped");
    await().until(() -> parts.queue.size() == 0);

    assertThat(work.recording().marker()).doesNotExist();
    assertThat(events(work.id())).last().asString().contains("took the file away");
    Path renamed = file("took.mp4.renamed.mp4");
    Recordings.mark(renamed);
    assertThat(programs.isOver(parts.inHand(parts.found(renamed)), command)).isTrue();
    assertThat(runs()).hasSize(1);
  }

  @Test
  void aFileThatIsGoneAfterAFailureIsTheTransfersToTell() throws Exception {
    ProgramCommand command = program("{file}", "rm \"$1\"", "exit 1");
    RecordingWork next = throughProgram(work("gone.mp4"), command);

    assertThat(programs.isOver(next, command)).isTrue();
    assertThatThrownBy(() -> parts.flow.transfer(next, FlowFixture.target())).isInstanceOf(InputFailure.class);
  }

  @Test
  void slowProgramsHoldUpNoRecordingWhoseProgramIsOverAndNoMoreRunThanAreWanted() throws Exception {
    ProgramCommand quick = program("");
    RecordingWork done = throughProgram(work("quick.mp4"), quick);
    ProgramCommand slow = program("", "while ! test -e " + temp + "/gate; do sleep 0.05; done");

    for (String name : List.of("slow1.mp4", "slow2.mp4", "slow3.mp4")) {
      assertThat(programs.isOver(work(name), slow)).isFalse();
    }

    await().until(() -> programs.running() == 2 && runs().size() == 3);
    assertThat(programs.waiting()).isEqualTo(1);
    assertThat(programs.isOver(done, slow)).isTrue();
    Files.createFile(temp.resolve("gate"));
    for (int each = 0; each < 3; each++) {
      assertThat(programs.isOver(back(), slow)).isTrue();
    }
    assertThat(runs()).hasSize(4);
  }

  @Test
  void theRecordingIsClaimedForAsLongAsItsProgramRuns() throws Exception {
    AtomicBoolean given = new AtomicBoolean();
    MarkedRecording marked = parts.marked("claimed.mp4");
    parts.queue.offer(List.of(marked), added -> {});
    RecordingWork work =
        new RecordingWork(
            parts.queue.take(Duration.ZERO).orElseThrow(), parts.queue, RecordingFlow.idOf(marked), () -> given.set(true));
    ProgramCommand slow = program("", "while ! test -e " + temp + "/gate; do sleep 0.05; done");

    assertThat(programs.isOver(work, slow)).isFalse();
    work.release();
    await().until(() -> runs().size() == 1);
    assertThat(given).isFalse();
    Files.createFile(temp.resolve("gate"));
    back();

    assertThat(given).isTrue();
  }

  @Test
  void aProgramThatAKilledReelwayLeftIsEndedBeforeItIsRunAgain() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/environ")), "this system does not show environments");
    RecordingWork work = work("killed.mp4");
    FileIdentity file = FileIdentity.of(work.recording().file());
    String mark = "program-" + UUID.randomUUID();
    String place = RecordingId.of(work.recording().file(), new FileIdentity("-", 0, 0));
    new ProgramRecords(parts.database.jdbi(), parts.writer, "here")
        .put(
            new ProgramRecord(
                work.id(), place, file.text(), State.RUNNING, mark, 0, null, null, parts.clock.instant(), null),
            work.id());
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", "sleep 300 >/dev/null 2>&1 & echo $!");
    builder.environment().putAll(new MarkedProcesses(mark).environment());
    Process orphan = builder.start();
    long left = Long.parseLong(new String(orphan.getInputStream().readAllBytes()).strip());
    ProgramCommand command = program("", "grep -q sleep /proc/" + left + "/cmdline && exit 9", "exit 0");

    RecordingWork next = throughProgram(work, command);

    assertThat(programs.isOver(next, command)).isTrue();
    assertThat(outcomes).containsExactly(State.DONE);
  }

  @Test
  void aStopEndsAProgramThatTakesTooLongAndTheNextStartRunsItAgain() throws Exception {
    ProgramCommand command = program("", "test -e " + temp + "/gate || sleep 300");
    RecordingWork work = work("stopped.mp4");
    Path file = work.recording().file();
    programs.isOver(work, command);
    await().until(() -> runs().size() == 1);

    programs.drain(Duration.ofMillis(50));
    programs.close();
    assertThat(outcomes).isEmpty();
    assertThat(Recordings.marker(file)).exists();
    Files.createFile(temp.resolve("gate"));
    again(OnFailure.SEND);

    RecordingWork next = throughProgram(parts.inHand(parts.found(file)), command);
    assertThat(programs.isOver(next, command)).isTrue();
    assertThat(runs()).hasSize(2);
  }

  @Test
  void aFileThatMayStillBeWrittenToIsNotGivenToTheProgramBeforeItHasRested() throws Exception {
    ProgramCommand command = program("");
    RecordingWork work = work("replaced.mp4");
    parts.markers.write(work.recording(), new MarkerContent.Replaced(null));

    RecordingChanged notYet = catchThrowableOfType(RecordingChanged.class, () -> programs.isOver(work, command));
    parts.flow.retryLater(work, notYet);
    assertThat(runs()).isEmpty();
    parts.clock.forward(FlowFixture.REST);

    assertThat(programs.isOver(throughProgram(back(), command), command)).isTrue();
    assertThat(runs()).hasSize(1);
  }

  @Test
  void aStateThatIsBrokenHoldsUpNoRecording() throws Exception {
    parts.database.jdbi().useHandle(handle -> handle.execute("DROP TABLE recording_program"));
    ProgramCommand command = program("");

    RecordingWork next = throughProgram(work("broken.mp4"), command);

    assertThat(programs.isOver(next, command)).isTrue();
    assertThat(programs.isOver(next, command)).isTrue();
    assertThat(runs()).hasSize(1);
  }
}
