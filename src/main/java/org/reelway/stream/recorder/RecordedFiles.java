package org.reelway.stream.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalDouble;
import org.reelway.settings.RecordingNameTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that Reelway records itself: noted before they are there, told as they begin and end, handed over when they are
 * whole. Each step can be done again, so a kill between any two costs nothing. Safe for several threads.
 */
final class RecordedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(RecordedFiles.class);

  private final OpenPieces notes;
  private final RecordingListener listener;
  private final Recorders.Finished finished;

  /** @param finished takes whole files; one that it has already, again */
  RecordedFiles(OpenPieces notes, RecordingListener listener, Recorders.Finished finished) {
    this.notes = notes;
    this.listener = listener;
    this.finished = finished;
  }

  /** @param named path that the file will have, as far as is known */
  OpenPieces.Open noted(
      Path unfinished, Path named, RecordedStream stream, RecordingNameTemplate template,
      RecordingNameTemplate.Values values) throws IOException {
    return notes.begun(unfinished, named, stream, template, values);
  }

  /** The file is there. */
  void began(OpenPieces.Open open) {
    listener.began(open.note().stream(), Path.of(open.note().named()), open.id());
  }

  /** It is whole, and about to get this name. */
  void naming(OpenPieces.Open open, Path file) throws IOException {
    notes.becoming(open, file);
  }

  /** It has its name. */
  void finished(OpenPieces.Open open, Path file) throws IOException {
    boolean told = told(open, file);
    finished.finished(file, open.note().stream().name());
    if (told) {
      notes.ended(open);
    }
  }

  /** Its beginning may never have been told: a kill can come between any two steps. */
  private boolean told(OpenPieces.Open open, Path file) {
    RecordedStream stream = open.note().stream();
    return listener.began(stream, Path.of(open.note().named()), open.id()) && listener.ended(stream, file, open.id());
  }

  /** Finishes what a Reelway that was killed was recording. */
  void recover() {
    notes.all().forEach(this::recover);
  }

  private void recover(OpenPieces.Open open) {
    Path unfinished = Path.of(open.note().unfinished());
    try {
      if (Files.exists(unfinished)) {
        recover(open, unfinished);
      } else if (!open.note().becomes().isEmpty() && Files.exists(Path.of(open.note().becomes()))) {
        finished(open, Path.of(open.note().becomes()));
      } else {
        // It got its name and was sent and tidied, or nothing was ever written.
        endWithout(open);
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("{} of a Reelway that was killed cannot be finished now: {}", unfinished, e.toString());
    }
  }

  private void recover(OpenPieces.Open open, Path unfinished) throws IOException {
    Instant written = Files.getLastModifiedTime(unfinished).toInstant();
    OptionalDouble seconds = TornPiece.mend(unfinished);
    if (seconds.isEmpty()) {
      endWithout(open);
      return;
    }
    Path file = open.note().nameAfter(seconds.getAsDouble(), written);
    naming(open, file);
    RecordedPieces.name(unfinished, file);
    LOG.info("finished {}, which a Reelway that was killed was recording (stream {})", file, open.note().stream().name());
    finished(open, file);
  }

  private void endWithout(OpenPieces.Open open) throws IOException {
    String name = open.note().becomes().isEmpty() ? open.note().named() : open.note().becomes();
    if (told(open, Path.of(name))) {
      notes.ended(open);
    }
  }
}
