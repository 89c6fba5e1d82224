package org.reelway.stream.workflow.archive;

import java.nio.file.Path;
import org.reelway.media.ffmpeg.FfmpegPrograms;

/** What becomes of files of sections. */
public interface SplitFiles {
  /** Recordings folder that they are put into, below the id of their stream. */
  Path folder();

  /** @throws org.reelway.failure.InputFailure what is in the folder goes nowhere */
  void requireTaken(Path folder);

  /** Has it sent as a recording; one that was sent already is left alone. */
  void finished(Path file, String stream);

  FfmpegPrograms programs();
}
