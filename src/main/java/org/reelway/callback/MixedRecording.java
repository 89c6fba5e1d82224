package org.reelway.callback;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reelway.conference.mixer.Mixed;
import org.reelway.failure.InputFailure;
import org.reelway.media.tracks.MovieTracks;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A multi-recording and its mix: all that there is to tell of them, as it is kept on disk until it is told. Times are
 * milliseconds, since 1970 where they are moments.
 *
 * @param createdMillis when the multi-recording began
 * @param mixedAtMillis when the mix was made
 * @param streams names of the streams in it
 * @param next the step that is to be told
 * @param order by which several workers of a farm may tell of the same; null where there is no farm
 */
public record MixedRecording(
    String recorderUri, long createdMillis, long lengthMillis, Sent recording, Sent mix, long mixMillis,
    long mixedAtMillis, List<String> streams, MultiRecorderCallback.Step next,
    String order) {
  private static final Logger LOG = LoggerFactory.getLogger(MixedRecording.class);

  /**
   * A file on its way to the store.
   *
   * @param id of the recording, see {@code RecordingId}; empty where its identity is not known
   * @param identity text of its {@code FileIdentity}, which stays while it is moved and linked; empty where nobody knows
   * @param object what is known of the verified object; empty until then
   */
  public record Sent(String file, String id, String identity, Map<String, Object> object) {
    public Sent {
      object = new LinkedHashMap<>(object);
    }

    /** @param identity its text; empty where nobody knows */
    public static Sent of(Path file, String identity) {
      String id = FileIdentity.parse(identity).map(known -> RecordingId.of(real(file), known)).orElse("");
      return new Sent(file.toString(), id, identity, Map.of());
    }

    /** As the folders' routes name it. */
    private static Path real(Path file) {
      try {
        return file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
      } catch (IOException gone) {
        return file.toAbsolutePath();
      }
    }

    boolean is(FileIdentity other) {
      return FileIdentity.parse(identity).filter(other::sameApartFromDevice).isPresent();
    }

    boolean isVerified() {
      return !object.isEmpty();
    }

    Sent as(Map<String, Object> verified) {
      return new Sent(file, id, identity, verified);
    }

    private Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", id);
      FileIdentity.parse(identity).ifPresent(known -> json.put("size", known.size()));
      json.putAll(object);
      return json;
    }
  }

  /**
   * A mix that has its name.
   *
   * @param held where the recording can be read, if it is not gone from its own place
   * @param identity text of the recording's {@code FileIdentity}; empty where nobody knows
   * @param length of the recording
   */
  public static MixedRecording of(
      Path recording, Path held, String identity, String recorderUri, Instant created, Duration length, Mixed mixed) {
    return new MixedRecording(
        recorderUri, created.toEpochMilli(), length.toMillis(), Sent.of(recording, identity),
        Sent.of(mixed.file(), mixed.identity()), mixed.duration().toMillis(), mixed.at().toEpochMilli(),
        streams(held), MultiRecorderCallback.Step.MIXED, null);
  }

  /**
   * The same of one that a farm's worker made.
   *
   * @param order names it among all that there ever are
   * @param recording where it was recorded
   * @param id of the recording
   */
  public static MixedRecording ofOrder(
      String order, Path recording, String id, Path held, String identity, String recorderUri, Instant created, Duration length,
      Mixed mixed) {
    return new MixedRecording(
        recorderUri, created.toEpochMilli(), length.toMillis(), new Sent(recording.toString(), id, identity, Map.of()),
        Sent.of(mixed.file(), mixed.identity()), mixed.duration().toMillis(), mixed.at().toEpochMilli(),
        streams(held), MultiRecorderCallback.Step.MIXED, order);
  }

  private static List<String> streams(Path recording) {
    try {
      return MovieTracks.of(recording).stream().map(track -> track.metadata().streamName()).distinct().toList();
    } catch (IOException | InputFailure e) {
      LOG.warn("which streams are in {} cannot be told: {}", recording, e.getMessage());
      return List.of();
    }
  }

  /** Names the file of it, and is the same after every restart. */
  String id() {
    return CallbackId.hash(
        String.join(
            "\0", recording.file(), String.valueOf(createdMillis), mix.file(), String.valueOf(mixedAtMillis), next.name()));
  }

  MixedRecording awaiting(MultiRecorderCallback.Step step) {
    return new MixedRecording(
        recorderUri, createdMillis, lengthMillis, recording, mix, mixMillis, mixedAtMillis, streams, step, order);
  }

  /** The same with what is known of the objects by now. */
  MixedRecording with(Sent sentRecording, Sent sentMix) {
    return new MixedRecording(
        recorderUri, createdMillis, lengthMillis, sentRecording, sentMix, mixMillis, mixedAtMillis, streams, next, order);
  }

  /** This file is verified: the same with its object; empty where it is neither of the two. */
  Optional<MixedRecording> verified(FileIdentity file, Map<String, Object> object) {
    boolean isRecording = recording.is(file);
    boolean isMix = mix.is(file);
    return isRecording || isMix
        ? Optional.of(with(isRecording ? recording.as(object) : recording, isMix ? mix.as(object) : mix))
        : Optional.empty();
  }

  /** @param additions whether it has the one member that WCS does not have */
  Payload payload(boolean additions) {
    Instant created = Instant.ofEpochMilli(createdMillis);
    Map<String, Object> more = new LinkedHashMap<>();
    if (additions) {
      more.put("step", next.word());
      more.put("streams", streams);
      more.put("recording", recording.json());
      more.put("mix", mix.json());
    }
    Payload told = new MultiRecorderCallback(
            created, Duration.ofMillis(lengthMillis), recording.file(), recorderUri,
            List.of(
                new MultiRecorderCallback.Mixed(
                    mix.file(), Duration.ofMillis(mixMillis), Instant.ofEpochMilli(mixedAtMillis))),
            next, more)
        .payload();
    return order == null
        ? told : new Payload("mix " + order + " " + next.word(), told.queue(), told.about(), told.body());
  }
}
