package org.reelway.settings.evostream;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.reelway.settings.Shown;

/** StreamRecorder: every stream is recorded, and goes on in another file after some time. */
final class RecorderSteps implements Plugin.Step {
  private static final String FOLDER = "reelway.recorder.folder";
  private static final String RECORDINGS = "reelway.recordings.folder";
  private static final String ROTATION = "reelway.recorder.rotation";

  @Override
  public void apply(Block block, Derivation to) {
    to.set("reelway.recorder.every-stream", new Value(block.place(), "true"));
    to.needed(block, "file_location", FOLDER, RECORDINGS).ifPresent(folder -> folder(folder, to));
    to.needed(block, "period_time", ROTATION).ifPresent(period -> period(period, to));
    LocalEms.isAsked(block, to);
    LocalEms.isRead(block, to);
  }

  private static void folder(Value folder, Derivation to) {
    if (!isAbsolute(folder.text().strip())) {
      to.problem(
          folder.place(), "is " + Shown.quoted(folder.text()) + ", which is no absolute path on this machine; write the"
              + " whole path of the folder");
    } else if (folder.text().contains(",")) {
      to.problem(folder.place(), "is " + Shown.quoted(folder.text()) + "; a comma separates folders: name one without");
    } else {
      to.set(FOLDER, folder);
      if (!to.own(RECORDINGS)) {
        to.set(RECORDINGS, folder);
      }
    }
  }

  private static boolean isAbsolute(String text) {
    try {
      return Path.of(text).isAbsolute();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** As {@code setTimer} of EMS has it. */
  private static void period(Value period, Derivation to) {
    String text = period.text().strip();
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 86_399) {
      to.set(ROTATION, period.with(text));
    } else {
      to.problem(period.place(), "is " + Shown.quoted(text) + "; allowed: whole seconds, 1 to 86399");
    }
  }
}
