package org.reelway.callback;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.callback.MultiRecorderCallback.Step;
import org.reelway.failure.OurFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkerName;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.RecordingStory;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.flow.RecordingWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a backend of WCS's kind that a multi-recording is mixed, that both files are in the store, or each. What is to be
 * told later is a file of the state until it is in the outbox, so that no kill between two steps costs it. Safe for several
 * threads.
 */
public final class MultiRecorderCallbacks {
  private static final Logger LOG = LoggerFactory.getLogger(MultiRecorderCallbacks.class);
  private static final Set<String> ON_ITS_WAY =
      Set.of(RecordingState.WAITING.word(), RecordingState.TRANSFERRING.word(), RecordingState.SET_ASIDE.word());

  private final Outbox outbox;
  private final Terms terms;
  private final RecordingHistory history;
  private final MixedRecordingNotes notes;
  /** Null until they were read. */
  private volatile Map<String, MixedRecording> awaited;

  /**
   * @param steps that are told
   * @param additions whether the one member is there that WCS does not have
   */
  public record Terms(Set<Step> steps, boolean additions) {}

  /** @param state folder of our own */
  public MultiRecorderCallbacks(Outbox outbox, Terms terms, RecordingHistory history, Path state) {
    this.outbox = outbox;
    this.terms = terms;
    this.history = history;
    this.notes = new MixedRecordingNotes(state);
    notes.prepare();
  }

  /**
   * Leaves it to the Reelway that has this state, running or started later, to tell of a mix that it has not made itself.
   *
   * @throws IOException it is told to nobody: no Reelway has run with this state, or we may not write it
   */
  public static void leave(MixedRecording made, Path state) throws IOException {
    new MixedRecordingNotes(state).write(made.awaiting(Step.MIXED));
  }

  /**
   * The mix has its name, and is not marked yet. On disk when this returns; after a crash it may come again.
   *
   * @throws OurFailure the state cannot be written
   */
  public synchronized void mixed(MixedRecording made) {
    if (terms.steps().contains(Step.MIXED)) {
      outbox.add(MultiRecorderCallback.RECEIVER, made.awaiting(Step.MIXED).callback(terms.additions()));
    }
    MixedRecording later = made.awaiting(Step.UPLOADED);
    if (terms.steps().contains(Step.UPLOADED) && !awaited().containsKey(later.id())) {
      keep(later);
    }
  }

  /**
   * A recording is verified, and is not tidied before this returns.
   *
   * @throws OurFailure the state cannot be written
   */
  public void verified(RecordingWork work) {
    if (work.verified().isPresent() && !awaited().isEmpty()) {
      VerifiedObject object = work.verified().get();
      verified(object.file(), json(object, work.isInBackup()));
    }
  }

  synchronized void verified(FileIdentity file, Map<String, Object> object) {
    for (MixedRecording each : List.copyOf(awaited().values())) {
      each.verified(file, object).ifPresent(note -> {
        keep(note);
        tellOnceUploaded(note);
      });
    }
  }

  private static Map<String, Object> json(VerifiedObject object, boolean inBackup) {
    return known(
        inBackup ? "backup" : "store", object.bucket(), object.key(), object.address(), object.etag(), object.versionId(),
        object.evidence());
  }

  /** @param place null where it is not known */
  private static Map<String, Object> known(String place, String... values) {
    List<String> names = List.of("bucket", "key", "address", "etag", "versionId", "evidence");
    Map<String, Object> json = new LinkedHashMap<>();
    if (place != null) {
      json.put("place", place);
    }
    for (int i = 0; i < names.size(); i++) {
      if (values[i] != null) {
        json.put(names.get(i), values[i]);
      }
    }
    return json;
  }

  private void tellOnceUploaded(MixedRecording note) {
    MixedRecording known = note.with(asHistoryHas(note.recording()), asHistoryHas(note.mix()));
    boolean recordingIsOver = known.recording().isVerified() || !isOnItsWay(known.recording());
    if (known.mix().isVerified() && recordingIsOver) {
      tell(known);
    }
  }

  /** One of the two may have been verified before there was a note, or its second time after a crash never comes. */
  private MixedRecording.Sent asHistoryHas(MixedRecording.Sent file) {
    Optional<RecordingStory> story = file.isVerified() ? Optional.empty() : history.find(file.id());
    return story
        .filter(found -> found.evidence() != null && !ON_ITS_WAY.contains(found.state()))
        .map(found -> file.as(
            known(
                null, found.bucket(), found.key(), found.address(), found.etag(), found.versionId(), found.evidence())))
        .orElse(file);
  }

  /** Nobody waits for a file that is not to be sent, or was sent long ago. */
  private boolean isOnItsWay(MixedRecording.Sent file) {
    Path path = Path.of(file.file());
    boolean isGoing =
        history.find(file.id()).filter(story -> ON_ITS_WAY.contains(story.state())).isPresent() && Files.exists(path);
    return isGoing || Files.exists(MarkerName.of(path));
  }

  private void tell(MixedRecording note) {
    outbox.add(MultiRecorderCallback.RECEIVER, note.callback(terms.additions()));
    forget(note);
  }

  private void keep(MixedRecording note) {
    try {
      notes.write(note);
      awaited().put(note.id(), note);
    } catch (IOException e) {
      throw new OurFailure("that " + note.mix().file() + " is to be told of cannot be noted in the state: " + e, e);
    }
  }

  private void forget(MixedRecording note) {
    try {
      notes.delete(note);
      awaited().remove(note.id());
    } catch (IOException e) {
      // The outbox knows it by its id.
      LOG.warn("that {} was told of cannot be noted: {}; it is tried again", note.mix().file(), e.toString());
    }
  }

  private Map<String, MixedRecording> awaited() {
    if (awaited == null) {
      synchronized (this) {
        if (awaited == null) {
          Map<String, MixedRecording> all = new ConcurrentHashMap<>(notes.all());
          all.values().removeIf(note -> note.next() == Step.MIXED);
          awaited = all;
        }
      }
    }
    return awaited;
  }

  /** Takes up what other programs left to be told, and what no step of a recording will complete any more. */
  public synchronized void look() {
    for (MixedRecording note : notes.all().values()) {
      if (note.next() == Step.MIXED) {
        trying(() -> tell(note));
      }
    }
    for (MixedRecording note : List.copyOf(awaited().values())) {
      trying(() -> look(note));
    }
  }

  private void look(MixedRecording note) {
    tellOnceUploaded(note);
    if (awaited().containsKey(note.id()) && isGone(note.mix())) {
      LOG.warn("nobody is told that {} is uploaded: it was deleted before", note.mix().file());
      forget(note);
    }
  }

  /** The next look comes soon, and who writes the state has said why that cannot be. */
  private static void trying(Runnable work) {
    try {
      work.run();
    } catch (OurFailure e) {
      LOG.debug("{}", e.getMessage());
    }
  }

  private static boolean isGone(MixedRecording.Sent file) {
    Path path = Path.of(file.file());
    return !file.isVerified() && Files.notExists(path) && Files.notExists(MarkerName.of(path));
  }

  /** Mixes whose upload, or that of their recording, is to be told and is not over. */
  public List<MixedRecording> awaitingUpload() {
    return List.copyOf(awaited().values());
  }
}
