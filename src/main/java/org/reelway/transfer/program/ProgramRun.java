package org.reelway.transfer.program;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.reelway.failure.OurFailure;
import org.reelway.media.process.MarkedProcesses;
import org.reelway.media.process.OperatorProgram;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.IntakeObserver;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.RecordingId;
import org.reelway.settings.ProgramArguments;
import org.reelway.state.ProgramRecord;
import org.reelway.state.ProgramRecord.State;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;

/** One run of a program for one recording, noted before it begins and when it has ended. */
final class ProgramRun {
  /** EX_TEMPFAIL of sysexits.h. */
  private static final int TRY_AGAIN = 75;
  private static final int LONGEST_SAID = 500;

  private final ProgramTerms terms;
  private final ProgramNotes notes;
  private final RecordingHistory history;
  private final IntakeObserver intake;
  private final Clock clock;

  ProgramRun(ProgramTerms terms, ProgramNotes notes, RecordingHistory history, IntakeObserver intake, Clock clock) {
    this.terms = terms;
    this.notes = notes;
    this.history = history;
    this.intake = intake;
    this.clock = clock;
  }

  /**
   * @param id the recording's, as it was found
   * @param stream its name; empty when not known
   * @return how it stands; empty when the file is not the one that was found, or its folder went away meanwhile
   * @throws InterruptedException Reelway stops; the program was ended, and is run again after the next start
   */
  Optional<ProgramRecord> run(MarkedRecording recording, String id, String stream, ProgramCommand command)
      throws InterruptedException {
    Optional<FileIdentity> before = identity(recording);
    if (before.isEmpty() || !RecordingId.of(recording.file(), before.get()).equals(id)) {
      return Optional.empty();
    }
    String place = RecordingId.ofMissing(recording.file());
    endCutOff(place, id);
    ProgramRecord begun = begun(id, place, before.get());
    history.note(id, "its program begins: " + command.program());
    OperatorProgram.Ended ended = ended(recording, stream, command, begun, before.get());
    Optional<FileIdentity> after = identity(recording);
    if (after.isEmpty() && !recording.folder().isThere()) {
      return Optional.empty();
    }
    ProgramRecord row = outcome(recording, begun, ended, after);
    if (!row.recordingId().equals(id)) {
      intake.found(recording, "program", stream.isEmpty() ? null : stream);
      history.state(
          id, RecordingState.DISCARDED, "its program changed the file, which is the recording " + row.recordingId());
    }
    notes.put(row, id);
    history.note(row.recordingId(), inWords(row, Duration.between(row.begunAt(), row.endedAt())));
    return Optional.of(row);
  }

  static Optional<FileIdentity> identity(MarkedRecording recording) {
    try {
      return Optional.of(FileIdentity.of(recording.file()));
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }

  /** A Reelway that was killed leaves its programs running; two must not work on one file. */
  private void endCutOff(String place, String id) {
    for (ProgramRecord row : notes.cutOff(place)) {
      new MarkedProcesses(row.mark()).end(terms.grace());
      if (!row.recordingId().equals(id)) {
        notes.remove(row.recordingId());
        history.state(
            row.recordingId(), RecordingState.DISCARDED,
            "its program was cut off and had changed the file, which is the recording " + id);
      }
    }
  }

  private ProgramRecord begun(String id, String place, FileIdentity file) {
    int tries = notes.of(id, file).filter(row -> row.state() != State.HELD).map(ProgramRecord::tries).orElse(0);
    ProgramRecord row =
        new ProgramRecord(
            id, place, file.text(), State.RUNNING, "program-" + UUID.randomUUID(), tries, null, null, clock.instant(),
            null);
    notes.put(row, id);
    return row;
  }

  private OperatorProgram.Ended ended(
      MarkedRecording recording, String stream, ProgramCommand command, ProgramRecord begun, FileIdentity file)
      throws InterruptedException {
    ProgramArguments.Values values =
        new ProgramArguments.Values(
            recording.file().toString(), recording.path(), recording.name(), stream, begun.recordingId(), file.size());
    try {
      return new OperatorProgram(command.program(), terms.timeLimit(), terms.grace())
          .run(command.arguments().filled(values), new MarkedProcesses(begun.mark()));
    } catch (OurFailure cannotBegin) {
      return new OperatorProgram.Ended(-1, false, cannotBegin.getMessage());
    }
  }

  private ProgramRecord outcome(
      MarkedRecording recording, ProgramRecord begun, OperatorProgram.Ended ended, Optional<FileIdentity> after) {
    int tries = begun.tries() + (ended.exitCode() == TRY_AGAIN ? 1 : 0);
    String id = after.map(file -> RecordingId.of(recording.file(), file)).orElse(begun.recordingId());
    State state = state(ended, tries, after.isPresent(), id.equals(begun.recordingId()));
    String problem = state == State.DONE || state == State.TOOK ? null : problem(ended, tries, after.isPresent());
    Instant now = clock.instant();
    return new ProgramRecord(
        id, begun.place(), after.map(FileIdentity::text).orElse(begun.identity()), state, begun.mark(), tries,
        ended.exitCode() < 0 ? null : ended.exitCode(), problem, begun.begunAt(), now);
  }

  private State state(OperatorProgram.Ended ended, int tries, boolean isThere, boolean isUnchanged) {
    if (ended.exitCode() == 0) {
      return isThere ? State.DONE : State.TOOK;
    }
    if (ended.exitCode() == TRY_AGAIN && isThere && tries < terms.tries()) {
      return State.AGAIN;
    }
    return isThere && !isUnchanged ? State.SPOILED : State.FAILED;
  }

  private String problem(OperatorProgram.Ended ended, int tries, boolean isThere) {
    String how =
        ended.tooLong()
            ? "it had not ended after " + terms.timeLimit().toSeconds() + " s and was stopped"
            : ended.exitCode() < 0 ? "it did not begin" : "exit code " + ended.exitCode();
    String often = ended.exitCode() == TRY_AGAIN ? " (run " + tries + " of " + terms.tries() + ")" : "";
    String said = ended.lastWords().isEmpty() ? "" : ": " + oneLine(ended.lastWords());
    return how + often + (isThere ? "" : ", and the file is gone") + said;
  }

  /** The end of what it said; whatever steers a terminal, or would begin a line of the log, is left out. */
  private static String oneLine(String words) {
    String line = words.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ").strip();
    return line.length() <= LONGEST_SAID ? line : "…" + line.substring(line.length() - LONGEST_SAID);
  }

  private static String inWords(ProgramRecord row, Duration took) {
    String time = " (" + took.toMillis() + " ms)";
    return switch (row.state()) {
      case DONE -> "its program is done" + time;
      case TOOK -> "its program is done and took the file away" + time;
      case AGAIN -> "its program is to be run again: " + row.problem();
      default -> "its program failed: " + row.problem();
    };
  }
}
