package org.reelway.transfer.flow;

import java.util.Optional;
import org.reelway.recording.Claim;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerQueue;
import org.reelway.transfer.VerifiedObject;

/** One recording on its way through a route. It ends in exactly one conclusion; until then its marker stays. */
public final class RecordingWork {
  private final MarkedRecording recording;
  private final MarkerQueue queue;
  private final String id;
  private String store = "";
  private VerifiedObject verified;
  private boolean inBackup;
  private boolean concluded;
  private Claim claim;

  /** @param id see {@code RecordingId}; of the path alone where the file is missing */
  public RecordingWork(MarkedRecording recording, MarkerQueue queue, String id) {
    this(recording, queue, id, () -> {});
  }

  /** @param claim given up by {@link #release} */
  public RecordingWork(MarkedRecording recording, MarkerQueue queue, String id, Claim claim) {
    this.recording = recording;
    this.queue = queue;
    this.id = id;
    this.claim = claim;
  }

  public MarkedRecording recording() {
    return recording;
  }

  public String id() {
    return id;
  }

  MarkerQueue queue() {
    return queue;
  }

  /** Name of the store that its route sent it to last; empty for the primary. */
  synchronized String store() {
    return store;
  }

  synchronized void goesTo(String storeName) {
    store = storeName;
  }

  /** Present once the store is known to hold the recording. */
  public synchronized Optional<VerifiedObject> verified() {
    return Optional.ofNullable(verified);
  }

  synchronized void verified(VerifiedObject object) {
    verified = object;
    inBackup = false;
  }

  synchronized void verifiedInBackup(VerifiedObject object) {
    verified = object;
    inBackup = true;
  }

  /** Whether the verified object is in the backup store, from where it is brought back later. */
  public synchronized boolean isInBackup() {
    return inBackup;
  }

  public synchronized boolean isConcluded() {
    return concluded;
  }

  /** The same recording, to be concluded by somebody else, who has its claim from now on. */
  synchronized RecordingWork parked() {
    RecordingWork parked = new RecordingWork(recording, queue, id, claim);
    claim = () -> {};
    return parked;
  }

  /** Gives up the claim, where this still has it. */
  public synchronized void release() {
    Claim had = claim;
    claim = () -> {};
    had.close();
  }

  /** Runs the conclusion, unless there was one. One that fails is none: the recording is tried again. */
  synchronized void conclude(Runnable conclusion) {
    if (!concluded) {
      conclusion.run();
      concluded = true;
    }
  }
}
