package org.reelway.transfer.retention;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.reelway.recording.DurableFiles;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.Markers;
import org.reelway.settings.RetentionSettings.IfObjectMissing;
import org.reelway.state.KeptFiles;
import org.reelway.state.KeptFiles.Kept;
import org.reelway.transfer.retention.StoredObjects.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes one verified file: only the very file that was verified, and only while nothing is left to do with it. */
final class Deletion {
  private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);

  private final KeptFiles files;
  private final StoredObjects objects;
  private final IfObjectMissing ifMissing;

  Deletion(KeptFiles files, StoredObjects objects, IfObjectMissing ifMissing) {
    this.files = files;
    this.objects = objects;
    this.ifMissing = ifMissing;
  }

  /** How it ended. */
  enum Outcome {
    DELETED,
    /** It was not there any more, or another file had its name. */
    GONE,
    /** Its object is not in the store any more; the file stays. */
    OBJECT_MISSING,
    /** Somebody marked it again, or it could not be deleted. */
    LEFT,
    /** The store could not be asked. */
    STORE_AWAY
  }

  /**
   * @param why for the story
   * @param urgent whether the verification of then is enough while the store is away: a full disk loses recordings
   */
  Outcome delete(Kept kept, String why, boolean urgent) {
    try {
      if (!FileIdentity.of(kept.file()).equals(kept.identity())) {
        files.gone(kept.id(), "another file has the name " + kept.file());
        return Outcome.GONE;
      }
      if (Markers.isBeside(kept.file())) {
        return Outcome.LEFT;
      }
      Answer answer = objects.ask(kept);
      if (answer == Answer.AWAY && !urgent) {
        return Outcome.STORE_AWAY;
      }
      if (answer == Answer.UNKNOWN && !urgent) {
        return Outcome.LEFT;
      }
      if (answer == Answer.MISSING && ifMissing == IfObjectMissing.KEEP) {
        return Outcome.OBJECT_MISSING;
      }
      return deleteNow(kept, why);
    } catch (NoSuchFileException e) {
      files.gone(kept.id(), "the file was gone already");
      return Outcome.GONE;
    } catch (IOException e) {
      LOG.warn("{} is due ({}) and cannot be deleted: {}", kept.file(), why, e.toString());
      return Outcome.LEFT;
    }
  }

  private Outcome deleteNow(Kept kept, String why) throws IOException {
    // The question to the store took its time.
    if (!FileIdentity.of(kept.file()).equals(kept.identity())) {
      return Outcome.LEFT;
    }
    DurableFiles.delete(kept.file());
    files.gone(kept.id(), "file deleted: " + why);
    LOG.debug("{} deleted: {}", kept.file(), why);
    return Outcome.DELETED;
  }
}
