package org.reelway.transfer.program;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.reelway.failure.OurFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.state.ProgramRecord;
import org.reelway.state.ProgramRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the programs of recordings stand: in the state, and in memory where that cannot be written. A full disk must hold up
 * no recording, for sending makes room; after a restart such a program is run again.
 */
final class ProgramNotes {
  private static final Logger LOG = LoggerFactory.getLogger(ProgramNotes.class);

  private final ProgramRecords records;
  private final Map<String, ProgramRecord> unwritten = new ConcurrentHashMap<>();

  ProgramNotes(ProgramRecords records) {
    this.records = records;
  }

  /** Also where it was known under another name: a file that its program moved is the same recording's. */
  Optional<ProgramRecord> of(String id, FileIdentity file) {
    return Optional.ofNullable(unwritten.get(id))
        .or(() -> read(() -> records.find(id), Optional.empty()))
        .or(() -> read(() -> records.taken(file.text()), Optional.empty()));
  }

  /** Runs at the path that were cut off, whatever the file's id was then. */
  List<ProgramRecord> cutOff(String place) {
    return read(() -> records.at(place, ProgramRecord.State.RUNNING), List.of());
  }

  Optional<ProgramRecord> find(String id) {
    return records.find(id);
  }

  void remove(String id) {
    records.remove(id);
  }

  /** A state that cannot be read knows nothing. */
  private static <T> T read(Supplier<T> question, T unknown) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      LOG.warn("how programs stand cannot be read from the state: {}", e.toString());
      return unknown;
    }
  }

  /** @param instead the id that the recording had before; the same where it is the same */
  void put(ProgramRecord row, String instead) {
    try {
      records.put(row, instead);
      unwritten.remove(instead);
      unwritten.remove(row.recordingId());
    } catch (OurFailure e) {
      if (unwritten.put(row.recordingId(), row) == null) {
        LOG.warn("{}; after a restart it is run again", e.getMessage());
      }
    }
  }
}
