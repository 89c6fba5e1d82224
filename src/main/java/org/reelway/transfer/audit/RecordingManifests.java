package org.reelway.transfer.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.reelway.failure.OurFailure;
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
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;

/**
 * The step between verification and tidy: writes a recording's manifest and makes sure that the store holds it. Until
 * then the recording's marker stays, so that after a kill the step comes again.
 */
public final class RecordingManifests {
  /** Of the manifest's metadata: which object it tells of. */
  private static final String OF_ID = "reelway-id";
  private static final String OF_ETAG = "reelway-of-etag";

  private final Store store;
  private final SmallObjects objects;
  private final ManifestFormat format;
  private final MediaFacts media;
  private final RecordingHistory history;
  private final ManifestRecords records;
  private final FirstBytes firstBytes;
  private final Clock clock;

  /** @param ffprobe asked for when it is needed first: bundled programs are unpacked then */
  public RecordingManifests(
      Store store,
      SmallObjects objects,
      ManifestFormat format,
      Supplier<MediaProbe> ffprobe,
      RecordingHistory history,
      ManifestRecords records,
      FirstBytes firstBytes,
      Clock clock) {
    this.store = store;
    this.objects = objects;
    this.format = format;
    this.media = new MediaFacts(ffprobe);
    this.history = history;
    this.records = records;
    this.firstBytes = firstBytes;
    this.clock = clock;
  }

  /**
   * @return the manifest's key; empty where none is wanted
   * @throws OurFailure when no transfer before it verified the recording: the route's fault
   */
  public Optional<String> write(RecordingWork work, ManifestChoice choice) throws InterruptedException {
    if (choice == ManifestChoice.OFF) {
      return Optional.empty();
    }
    if (work.isInBackup()) {
      history.note(work.id(), "its manifest is written when it is brought back from the backup");
      return Optional.empty();
    }
    Path file = work.recording().file();
    VerifiedObject object =
        work.verified()
            .orElseThrow(
                () ->
                    new OurFailure(
                        "the route writes the manifest of " + file + " before any transfer verified it; place"
                            + " kamelet:store-transfer before kamelet:recording-manifest"));
    String id = RecordingId.of(file, object.file());
    MarkedRecording recording = work.recording();
    Named named =
        new Named(id, recording.name(), recording.path(), file, Recoveries.of(recording).isPresent());
    return Optional.of(write(named, file, object, choice));
  }

  /**
   * The manifest of a recording that was brought back from the backup.
   *
   * @param path relative to its recordings folder
   * @param file absolute, as it was recorded
   * @param recovered whether its writer died
   * @param bytes the file that was sent now
   * @return the manifest's key; empty where none is wanted
   */
  public Optional<String> writeBroughtBack(
      String id,
      String path,
      Path file,
      boolean recovered,
      Path bytes,
      VerifiedObject object,
      ManifestChoice choice)
      throws InterruptedException {
    Named named = new Named(id, file.getFileName().toString(), path, file, recovered);
    return choice == ManifestChoice.OFF ? Optional.empty() : Optional.of(write(named, bytes, object, choice));
  }

  /** @param path relative to the recordings folder; file absolute, as it was recorded */
  private record Named(String id, String name, String path, Path file, boolean recovered) {}

  private String write(Named recording, Path bytes, VerifiedObject object, ManifestChoice choice)
      throws InterruptedException {
    String id = recording.id();
    String key = ManifestKey.of(object.key());
    if (!isThere(object, key, id)) {
      Manifest manifest = manifest(recording, bytes, object, choice);
      StoredObject written = objects.write(object.bucket(), key, format.write(manifest), attributes(object, id));
      records.written(new ManifestRecords.Written(id, object.bucket(), key, written.etag(), written.size()));
      history.note(id, "manifest written: " + key);
    }
    return key;
  }

  /** Written before a kill, or before tidying failed. */
  private boolean isThere(VerifiedObject object, String key, String id) {
    return store
        .head(object.bucket(), key)
        .filter(found -> id.equals(found.metadata().get(OF_ID)) && object.etag().equals(found.metadata().get(OF_ETAG)))
        .isPresent();
  }

  private static ObjectAttributes attributes(VerifiedObject object, String id) {
    return new ObjectAttributes("application/json", Map.of(OF_ID, id, OF_ETAG, object.etag()));
  }

  private Manifest manifest(Named recording, Path bytes, VerifiedObject object, ManifestChoice choice)
      throws InterruptedException {
    String id = recording.id();
    Optional<RecordingStory> story = history.findWritten(id);
    Map<String, String> checksums = Digests.of(object.evidence());
    JsonNode facts = MediaFacts.notLookedAt("the local file was tidied or replaced before the manifest was written");
    if (isStillThere(bytes, object)) {
      JsonNode seen = media.of(bytes, choice == ManifestChoice.FULL);
      Optional<String> sha256 =
          choice == ManifestChoice.FULL ? FileDigest.sha256(bytes) : Optional.empty();
      // Looked at again: what was read may be of a file that took the name.
      if (isStillThere(bytes, object)) {
        facts = seen;
        sha256.ifPresent(digest -> checksums.put("sha256", digest));
      }
    }
    Manifest.Place place =
        new Manifest.Place(store.address(), object.bucket(), object.key(), object.etag(), object.versionId());
    return new Manifest(
        new Manifest.Recording(
            id,
            recording.name(),
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
