package org.reelway.transfer.backup;

import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.reelway.failure.Failure;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.MarkerContent.UploadState;
import org.reelway.recording.MarkerContent.VerifiedState;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingId;
import org.reelway.recording.SeparateMarkers;
import org.reelway.settings.TransferSettings.OnExisting;
import org.reelway.state.BackupCopies;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.Abandoned;
import org.reelway.transfer.ObjectKey;
import org.reelway.transfer.RecordingChanged;
import org.reelway.transfer.TransferStopped;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.TransferTerms;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.flow.SecondStore;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts recordings into the backup store with the care that the primary gets, under keys that no other recording has, and
 * notes there and in the state where they belong. A recording is there once its note is.
 */
public final class BackupStore implements SecondStore {
  private static final Logger LOG = LoggerFactory.getLogger(BackupStore.class);
  private static final String OF_BUCKET = "reelway-backup-of-bucket";
  private static final String OF_KEY = "reelway-backup-of-key";
  private static final String SHA256 = "reelway-backup-sha256";
  /** What a key may take of the 2 KB that metadata has; the note holds it whole. */
  private static final int KEY_BYTES = 400;

  private final BackupPlace backup;
  private final HomeStore home;
  private final BackupNotes notes;
  private final BackupCopies copies;
  private final Markers own;
  private final SeparateMarkers markers;
  private final Abandoned abandoned;
  private final RecordingHistory history;
  private final Clock clock;
  private boolean failing;

  /**
   * @param home the store whose recordings it takes
   * @param own the recordings' own markers, which are only read
   * @param markers of the transfers into the backup
   * @param abandoned told of uploads into the backup that nobody will complete
   */
  BackupStore(
      BackupPlace backup,
      HomeStore home,
      BackupNotes notes,
      BackupCopies copies,
      Markers own,
      SeparateMarkers markers,
      Abandoned abandoned,
      RecordingHistory history,
      Clock clock) {
    this.backup = backup;
    this.home = home;
    this.notes = notes;
    this.copies = copies;
    this.own = own;
    this.markers = markers;
    this.abandoned = abandoned;
    this.history = history;
    this.clock = clock;
  }

  @Override
  public Optional<VerifiedObject> holds(MarkedRecording recording, String id) {
    try {
      MarkerContent content = own.read(recording);
      Optional<VerifiedState> tidied =
          content instanceof MarkerContent.Verified verified && !FileIdentity.isThere(recording.file())
              ? Optional.of(verified.verified())
              : Optional.empty();
      String known = tidied.map(state -> RecordingId.of(recording.file(), state.file())).orElse(id);
      Optional<BackupCopies.Copy> copy = copies.find(known);
      if (copy.isPresent() && copy.get().returned() == null) {
        return BackupNote.parse(copy.get().note().getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .flatMap(note -> backup.transfers().again(state(note)));
      }
      return tidied.flatMap(state -> tidied(state, copy));
    } catch (RuntimeException cannotTell) {
      // The usual way finds out; what it sends is found in the primary when the other copy is brought back.
      LOG.debug("{} may be in the backup: {}", recording.file(), cannotTell.toString());
      return Optional.empty();
    }
  }

  private static VerifiedState state(BackupNote note) {
    BackupNote.Place place = note.place();
    return new VerifiedState(
        place.bucket(), place.key(), note.identity(), place.etag(), place.versionId(), place.evidence());
  }

  /** Killed between the tidying and the end of the marker; it may have been brought back since, or the state lost. */
  private Optional<VerifiedObject> tidied(VerifiedState before, Optional<BackupCopies.Copy> copy) {
    if (copy.isPresent()) {
      BackupCopies.Returned returned = copy.get().returned();
      return home.transfers().again(
          new VerifiedState(
              copy.get().homeBucket(), returned.key(), before.file(), returned.etag(), returned.versionId(),
              before.evidence()));
    }
    return before.bucket().equals(backup.bucket()) ? backup.transfers().again(before) : Optional.empty();
  }

  @Override
  public Optional<VerifiedObject> insteadOfTrying(MarkedRecording recording, TransferTarget target) {
    return home.trouble().wasSeenLately() ? afterFailure(recording, target) : Optional.empty();
  }

  @Override
  public Optional<VerifiedObject> afterFailure(MarkedRecording recording, TransferTarget target) {
    if (!FileIdentity.isThere(recording.file()) || !home.trouble().isLasting()) {
      return Optional.empty();
    }
    try {
      VerifiedObject object = take(recording, target);
      heard(null);
      return Optional.of(object);
    } catch (RecordingChanged | TransferStopped e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      heard(Failure.classOf(e).word() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Says once that the backup takes none either, and once that it does again. */
  private synchronized void heard(String failure) {
    if (failure != null && !failing) {
      LOG.warn("the backup does not take recordings either ({}); they stay where they are", failure);
    } else if (failure == null && failing) {
      LOG.info("the backup takes recordings again");
    }
    failing = failure != null;
  }

  private VerifiedObject take(MarkedRecording recording, TransferTarget target) throws IOException {
    FileIdentity identity = FileIdentity.of(recording.file());
    String id = RecordingId.of(recording.file(), identity);
    String stream = own.read(recording).streamName().orElse(null);
    BackupNote.Home belongs =
        new BackupNote.Home(
            home.address(),
            target.bucket(),
            Transfers.key(recording, identity, stream, target),
            target.onExisting(),
            target.stripRecorderVersion(),
            home.name());
    FileDigest digest = new FileDigest(recording.file());
    TransferTerms told =
        new TransferTerms(
            id,
            recording.path(),
            stream,
            identity.modifiedNanos(),
            ObjectKey.of(backup.prefix(), belongs.key()).value(),
            () -> metadata(belongs, digest),
            markers);
    VerifiedObject object =
        backup.transfers()
            .transfer(recording, new TransferTarget(backup.bucket(), "", "", OnExisting.VERSION), told);
    String sha256 = digest.hex();
    if (!FileIdentity.of(recording.file()).equals(object.file()) || !object.file().equals(identity)) {
      throw new IOException(recording.file() + " changed while its digest was read");
    }
    keep(note(recording, told, object, sha256, belongs), recording);
    return object;
  }

  private static Map<String, String> metadata(BackupNote.Home belongs, FileDigest digest) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(OF_BUCKET, belongs.bucket());
    metadata.put(OF_KEY, ObjectAttributes.cutMetadata(belongs.key(), KEY_BYTES));
    metadata.put(SHA256, digest.hex());
    return metadata;
  }

  private BackupNote note(
      MarkedRecording recording, TransferTerms told, VerifiedObject object, String sha256, BackupNote.Home belongs) {
    return new BackupNote(
        told.id(),
        recording.file(),
        told.path(),
        told.stream(),
        object.file(),
        sha256,
        clock.instant(),
        new BackupNote.Place(
            backup.store().address(), object.bucket(), object.key(), object.etag(), object.versionId(),
            object.evidence()),
        belongs,
        Transfers.recovered(recording, told.id(), object.file()),
        begun(recording).orElse(null));
  }

  /** The upload into the primary, which goes on when the recording is brought back. */
  private Optional<UploadState> begun(MarkedRecording recording) {
    return own.read(recording) instanceof MarkerContent.Resume resume && resume.upload().ours()
        ? Optional.of(resume.upload())
        : Optional.empty();
  }

  /** The note first: it is the truth, and the state only tells it on. */
  private void keep(BackupNote note, MarkedRecording recording) {
    notes.write(note);
    copies.put(KnownCopies.copy(note));
    history.note(
        note.id(),
        "in the backup " + note.place().bucket() + "/" + note.place().key() + " until " + note.home().bucket() + "/"
            + note.home().key() + " can be written");
    markers.remove(recording);
  }

  @Override
  public void notNeeded(MarkedRecording recording) {
    try {
      MarkerContent content = markers.read(recording);
      if (content instanceof MarkerContent.Resume resume) {
        UploadState upload = resume.upload();
        abandoned.abort(upload.bucket(), upload.key(), upload.uploadId(), "the primary store took the recording");
      } else if (content instanceof MarkerContent.Verified verified) {
        deleteUnchanged(verified.verified());
      }
      if (!content.equals(MarkerContent.Start.EMPTY)) {
        markers.remove(recording);
      }
    } catch (RuntimeException e) {
      LOG.warn("what was begun in the backup for {} is left there: {}", recording.file(), e.toString());
    }
  }

  /** Complete there, and killed before its note was written. */
  private void deleteUnchanged(VerifiedState state) {
    Optional<StoredObject> found = backup.store().head(state.bucket(), state.key());
    if (found.filter(object -> object.etag().equals(state.etag())).isPresent()) {
      backup.store().delete(state.bucket(), state.key());
    }
  }
}
