package org.reelway.transfer.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reelway.failure.DestinationFailure;
import org.reelway.failure.OurFailure;
import org.reelway.failure.Sha256;
import org.reelway.media.ffmpeg.MediaProbe;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.RecordingId;
import org.reelway.recording.Recoveries;
import org.reelway.settings.TransferSettings.ManifestChoice;
import org.reelway.state.ManifestRecords;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingStory;
import org.reelway.transfer.SmallObjects;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.flow.RecordingWork;
import org.reelway.transfer.observe.FirstBytes;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;

/**
 * What is known of verified recordings, for the objects beside them. A route puts those into the store, between
 * verification and tidy: until the store is seen to hold one, the recording's marker stays, so that after a kill its
 * steps come again.
 */
public final class RecordingManifests {
  /** Of the manifest's metadata: which object it tells of. */
  private static final String OF_ID = "reelway-id";
  private static final String OF_ETAG = "reelway-of-etag";

  private final Function<String, Place> places;
  private final ManifestFormat format;
  private final MediaFacts media;
  private final RecordingHistory history;
  private final ManifestRecords records;
  private final FirstBytes firstBytes;
  private final Clock clock;

  /** Where manifests are put: beside the recordings of one store. */
  public record Place(Store store, SmallObjects objects) {}

  /**
   * @param places by the name of the store
   * @param ffprobe asked for when it is needed first: bundled programs are unpacked then
   */
  public RecordingManifests(
      Function<String, Place> places,
      ManifestFormat format,
      Supplier<MediaProbe> ffprobe,
      RecordingHistory history,
      ManifestRecords records,
      FirstBytes firstBytes,
      Clock clock) {
    this.places = places;
    this.format = format;
    this.media = new MediaFacts(ffprobe);
    this.history = history;
    this.records = records;
    this.firstBytes = firstBytes;
    this.clock = clock;
  }

  /**
   * A recording that is verified in the store, and whose manifest belongs beside it.
   *
   * @param path relative to its recordings folder
   * @param file absolute, as it was recorded
   * @param recovered whether its writer died
   * @param bytes the file that was sent
   */
  public record Subject(String id, String path, Path file, boolean recovered, Path bytes, VerifiedObject object) {
    /** Of the manifest. */
    public String key() {
      return ManifestKey.of(object.key());
    }

    /** Of the manifest: which object it tells of. */
    public Map<String, String> metadata() {
      return Map.of(OF_ID, id, OF_ETAG, object.etag());
    }
  }

  /**
   * @return empty while the recording is in the backup: it gets its manifest when it is brought back
   * @throws OurFailure when no transfer before it verified the recording: the route's fault
   */
  public Optional<Subject> subject(RecordingWork work) {
    MarkedRecording recording = work.recording();
    Path file = recording.file();
    if (work.isInBackup()) {
      history.note(work.id(), "its manifest is written when it is brought back from the backup");
      return Optional.empty();
    }
    VerifiedObject object =
        work.verified()
            .orElseThrow(
                () ->
                    new OurFailure(
                        "the route writes the manifest of " + file + " before any transfer verified it; place"
                            + " kamelet:store-transfer before it"));
    return Optional.of(
        new Subject(
            RecordingId.of(file, object.file()), recording.path(), file, Recoveries.of(recording).isPresent(), file,
            object));
  }

  private Place of(Subject subject) {
    return places.apply(subject.object().store());
  }

  /** Written before a kill, or before tidying failed. */
  public boolean isThere(Subject subject) {
    return of(subject).store()
        .head(subject.object().bucket(), subject.key())
        .filter(found -> subject.metadata().entrySet().stream().allMatch(
            entry -> entry.getValue().equals(found.metadata().get(entry.getKey()))))
        .isPresent();
  }

  /** The manifest's members; with a secret the place of the signature is among them. */
  public Map<String, Object> describe(Subject subject, ManifestChoice choice) throws InterruptedException {
    return format.members(manifest(subject, subject.bytes(), subject.object(), choice));
  }

  /** @param json of the members @return the manifest, signed where there is a secret */
  public byte[] seal(String json) {
    return format.seal(json);
  }

  /** What the store checks the manifest by when it takes it; empty where it is known to check nothing. */
  public Optional<String> md5(Subject subject, byte[] manifest) {
    return of(subject).objects().md5(subject.object().bucket(), manifest);
  }

  /**
   * Makes sure that the store holds the manifest.
   *
   * @param etag of the store's answer
   * @throws DestinationFailure it holds something else, or nothing
   */
  public void confirm(Subject subject, byte[] manifest, String etag) {
    String bucket = subject.object().bucket();
    StoredObject written = of(subject).objects().confirm(bucket, subject.key(), manifest, etag);
    records.written(
        new ManifestRecords.Written(subject.id(), bucket, subject.key(), written.etag(), written.size()));
    history.note(subject.id(), "manifest written: " + subject.key());
  }

  /** As {@code sha256sum} prints it; empty where the file cannot be read. */
  private static Optional<String> sha256(Path file) {
    try {
      return Optional.of(Sha256.hex(file));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private Manifest manifest(Subject recording, Path bytes, VerifiedObject object, ManifestChoice choice)
      throws InterruptedException {
    String id = recording.id();
    Optional<RecordingStory> story = history.findWritten(id);
    Map<String, String> checksums = Digests.of(object.evidence());
    JsonNode facts = MediaFacts.notLookedAt("the local file was tidied or replaced before the manifest was written");
    if (isStillThere(bytes, object)) {
      JsonNode seen = media.of(bytes, choice == ManifestChoice.FULL);
      Optional<String> sha256 = choice == ManifestChoice.FULL ? sha256(bytes) : Optional.empty();
      // Looked at again: what was read may be of a file that took the name.
      if (isStillThere(bytes, object)) {
        facts = seen;
        sha256.ifPresent(digest -> checksums.put("sha256", digest));
      }
    }
    Manifest.Place place =
        new Manifest.Place(places.apply(object.store()).store().address(), object.bucket(), object.key(), object.etag(), object.versionId());
    return new Manifest(
        new Manifest.Recording(
            id,
            recording.file().getFileName().toString(),
            recording.path(),
            recording.file().toString(),
            story.map(RecordingStory::stream).orElse(null),
            story.map(RecordingStory::foundBy).orElse(null)),
        List.of(new Manifest.StoredFile(object.file().size(), checksums, object.evidence(), List.of(place))),
        times(object, id, story),
        facts,
        recording.recovered(),
        version());
  }

  private Manifest.Times times(VerifiedObject object, String id, Optional<RecordingStory> story) {
    Instant now = clock.instant();
    return new Manifest.Times(
        Instant.ofEpochSecond(0, object.file().modifiedNanos()),
        story.map(RecordingStory::foundAt).orElse(null),
        firstBytes.of(id).orElse(null),
        // The story is written behind; a moment ago is close enough.
        story.map(RecordingStory::verifiedAt).orElse(now),
        now);
  }

  private static boolean isStillThere(Path file, VerifiedObject object) {
    try {
      return FileIdentity.of(file).equals(object.file());
    } catch (IOException gone) {
      return false;
    }
  }

  private static String version() {
    String version = RecordingManifests.class.getPackage().getImplementationVersion();
    return version == null ? "not packaged" : version;
  }
}
