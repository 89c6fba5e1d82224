package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.reelway.recording.SettledFiles.FileState;
import org.reelway.recording.SettledFiles.Settlement;

/**
 * Decides when the writer of an unfinished file is dead. A file's age says nothing: over several looks its size and time
 * must stay what they are for the whole waiting time, or for a sixth of it where the machine was started after the file's
 * last change, and no process that can be seen may have it open for writing.
 */
public final class DeadWriters {
  private static final int SOONER = 6;

  private final SettledFiles quiet;
  private final SettledFiles quietSinceStart;
  private final OpenFiles openFiles;
  private final MachineStart machineStart;

  public DeadWriters(Duration after, OpenFiles openFiles, MachineStart machineStart) {
    this.quiet = new SettledFiles(after, after);
    this.quietSinceStart = new SettledFiles(after.dividedBy(SOONER), after);
    this.openFiles = openFiles;
    this.machineStart = machineStart;
  }

  /** What a look at a file showed. */
  public enum Answer {
    /** It has not stayed as it is for long enough. */
    NOT_YET,
    /** It does not change, but a process still holds it. */
    HELD,
    DEAD
  }

  /** @throws IOException the file is gone */
  public Answer look(Path file, Instant now) throws IOException {
    FileIdentity identity = FileIdentity.of(file);
    FileState state = new FileState(identity.size(), identity.modifiedNanos());
    boolean longEnough = quiet.observe(file, state, now) == Settlement.SETTLED;
    boolean sooner = quietSinceStart.observe(file, state, now) == Settlement.SETTLED;
    if (!longEnough && !(sooner && machineStart.isAfter(file))) {
      return Answer.NOT_YET;
    }
    return openFiles.look(file) == OpenFiles.Answer.WRITTEN ? Answer.HELD : Answer.DEAD;
  }

  /** Forgets all files but these. */
  public void retainOnly(Set<Path> files) {
    quiet.retainOnly(files);
    quietSinceStart.retainOnly(files);
  }
}
