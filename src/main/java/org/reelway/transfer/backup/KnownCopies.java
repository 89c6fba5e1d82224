package org.reelway.transfer.backup;

import java.nio.charset.StandardCharsets;
import org.reelway.state.BackupCopies;

/** The state's form of a note. */
final class KnownCopies {
  private KnownCopies() {}

  static BackupCopies.Copy copy(BackupNote note) {
    return new BackupCopies.Copy(
        note.id(),
        note.size(),
        note.place().store(),
        note.place().bucket(),
        note.place().key(),
        note.place().etag(),
        note.home().store(),
        note.home().bucket(),
        note.home().key(),
        note.home().name(),
        note.since(),
        new String(note.json(), StandardCharsets.UTF_8),
        null,
        null);
  }
}
