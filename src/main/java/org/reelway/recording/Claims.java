package org.reelway.recording;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps two sidecars on one folder from working on the same recording. Spares double work and nothing else: where a
 * claim cannot be had, or is lost, what the store and the marker say still leaves one object and no lost file.
 */
public final class Claims implements AutoCloseable {
  private final Map<Path, ClaimFile> folders = new HashMap<>();

  /**
   * @return the claim, to be closed when this try is over; empty while another sidecar, or another worker of this one,
   *     has the recording
   */
  public Optional<Claim> take(RecordingFolder folder, Path file) {
    return claimFile(folder).take(folder.relative(file));
  }

  /**
   * Keeps the recording for this process's next {@link #take}, so that whoever orders a recording of himself is also the
   * one who gets it.
   *
   * @return false while another sidecar has it
   */
  public boolean reserve(RecordingFolder folder, Path file) {
    return claimFile(folder).reserve(folder.relative(file));
  }

  /** Gives up what is reserved in the folder and has no order (any more). */
  public void retainReserved(RecordingFolder folder, Collection<MarkedRecording> marked) {
    claimFile(folder).retainReserved(marked.stream().map(MarkedRecording::path).toList());
  }

  /** Gives up every claim in the folder. */
  public void release(RecordingFolder folder) {
    ClaimFile file;
    synchronized (folders) {
      file = folders.remove(folder.root());
    }
    if (file != null) {
      file.close();
    }
  }

  /** One per folder: the system drops all locks of a process on a file when it closes any channel of it. */
  private ClaimFile claimFile(RecordingFolder folder) {
    synchronized (folders) {
      return folders.computeIfAbsent(folder.root(), ClaimFile::new);
    }
  }

  @Override
  public void close() {
    synchronized (folders) {
      folders.values().forEach(ClaimFile::close);
      folders.clear();
    }
  }
}
