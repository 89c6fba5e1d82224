package org.reelway.conference.mixer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A job that is not done, as those who work on it see it. Guarded by {@link MixJobs}. */
final class OpenJob {
  final String id;
  final Path work;
  MixNote note;
  /** Null while it does not run. */
  MixRun run;
  boolean cancelled;
  boolean dropped;
  /** Of ffmpeg, since somebody ordered it. */
  int failures;

  OpenJob(Path work, MixNote note) {
    this.id = work.getFileName().toString();
    this.work = work;
    this.note = note;
  }

  MixJob.State state() {
    return MixJob.State.of(note.state());
  }

  boolean isOver() {
    return state() == MixJob.State.FAILED || state() == MixJob.State.CANCELLED;
  }

  /** The recording's second name. */
  Path held() {
    return work.resolve(Path.of(note.recording()).getFileName());
  }

  MixJob seen() {
    return new MixJob(
        id, Path.of(note.recording()), note.recorderUri(), Instant.ofEpochMilli(note.createdMillis()),
        Duration.ofMillis(note.lengthMillis()), state(), note.trouble(), note.tries(), run == null ? null : run.progress(),
        held(), note.identity(), null);
  }
}
