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
import java.util.function.Consumer;
import org.reelway.callback.MultiRecorderCallback.Step;
import org.reelway.failure.Failure;
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
 * Which mixes a backend of WCS's kind is told of, when they are there, when both files are in the store, or each. What is to
 * be told later is a file of the state until it has been told, so that no kill between two steps costs it. Safe for several
 * threads.
 */
public final class MultiRecorderCallbacks {
  private static final Logger LOG = LoggerFactory.getLogger(MultiRecorderCallbacks.class);
  private static final Set<String> ON_ITS_WAY =
      Set.of(RecordingState.WAITING.word(), RecordingState.TRANSFERRING.word(), RecordingState.SET_ASIDE.word());

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
  public MultiRecorderCallbacks(Terms terms, RecordingHistory history, Path state) {
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

  /** Whether a mix is told of as soon as it is there. */
  public boolean tellsMixed() {
    return terms.steps().contains(Step.MIXED);
  }

  /**
   * The mix has its name, and is not marked yet: from now on its upload and that of its recording are waited for, where they
   * are to be told. On disk when this returns; after a crash it may come again.
   *
   * @throws OurFailure the state cannot be written
   */
  public synchronized void awaitUpload(MixedRecording made) {
    MixedRecording later = made.awaiting(Step.UPLOADED);
    if (terms.steps().contains(Step.UPLOADED) && !awaited().containsKey(later.id())) {
      keep(later);
    }
  }

  /** What is told of it. */
  public Payload payload(MixedRecording mix) {
    return mix.payload(terms.additions());
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
      each.verified(file, object).ifPresent(this::keep);
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

  private Optional<MixedRecording> uploaded(MixedRecording note) {
    MixedRecording known = note.with(asHistoryHas(note.recording()), asHistoryHas(note.mix()));
    boolean recordingIsOver = known.recording().isVerified() || !isOnItsWay(known.recording());
    return known.mix().isVerified() && recordingIsOver ? Optional.of(known) : Optional.empty();
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

  private void keep(MixedRecording note) {
    try {
      notes.write(note);
      awaited().put(note.id(), note);
    } catch (IOException e) {
      throw new OurFailure("that " + note.mix().file() + " is to be told of cannot be noted in the state: " + e, e);
    }
  }

  private synchronized void forget(MixedRecording note) {
    try {
      notes.delete(note);
      awaited().remove(note.id());
    } catch (IOException e) {
      // Told again, it is the same by its id.
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

  /**
   * Looks for what is to be told now. Who is given something tells of it before it returns; after a failure or a crash it
   * comes again.
   *
   * @param left is given mixes that other programs made
   * @param uploaded is given mixes that are in the store now, as their recordings are
   */
  public void look(Consumer<MixedRecording> left, Consumer<MixedRecording> uploaded) {
    for (MixedRecording note : notes.all().values()) {
      if (note.next() == Step.MIXED) {
        trying(note, left, note);
      }
    }
    for (MixedRecording note : List.copyOf(awaited().values())) {
      Optional<MixedRecording> known = uploaded(note);
      if (known.isPresent()) {
        trying(known.get(), uploaded, note);
      } else if (isGone(note.mix())) {
        LOG.warn("nobody is told that {} is uploaded: it was deleted before", note.mix().file());
        forget(note);
      }
    }
  }

  /** The next look comes soon, and who was given it has said why that cannot be. */
  private void trying(MixedRecording told, Consumer<MixedRecording> by, MixedRecording note) {
    try {
      by.accept(told);
      forget(note);
    } catch (Failure e) {
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
