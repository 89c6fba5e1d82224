package org.reelway.transfer.backup;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.DestinationFailure;
import org.reelway.transfer.ObjectKey;
import org.reelway.transfer.SmallObjects;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Store;

/**
 * The notes in the backup store, {@code <prefix>/.reelway-backup/<id>.json}. What waits there is found by listing these
 * alone, also when the state is lost.
 */
final class BackupNotes {
  private static final String FOLDER = ".reelway-backup";
  private static final Pattern NAME = Pattern.compile("(?:.*/)?([0-9a-f]{20})\\.json");

  private final Store store;
  private final SmallObjects objects;
  private final String bucket;
  private final String prefix;

  BackupNotes(Store store, SmallObjects objects, String bucket, String prefix) {
    this.store = store;
    this.objects = objects;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  private String key(String id) {
    return ObjectKey.of(prefix, FOLDER + "/" + id + ".json").value();
  }

  /** @throws DestinationFailure when the store does not hold it afterwards */
  void write(BackupNote note) {
    objects.write(bucket, key(note.id()), note.json(), new ObjectAttributes("application/json", java.util.Map.of()));
  }

  /** The ids that have a note. */
  List<String> ids() {
    List<String> ids = new ArrayList<>();
    String folder = key("x").replaceFirst("x\\.json$", "");
    store.list(
        bucket,
        folder,
        object -> {
          Matcher name = NAME.matcher(object.key());
          if (name.matches() && object.size() <= BackupNote.LARGEST) {
            ids.add(name.group(1));
          }
        });
    return ids;
  }

  /** Empty where it is none of ours. */
  Optional<BackupNote> read(String id) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    store.get(bucket, key(id), text);
    return BackupNote.parse(text.toByteArray())
        .filter(note -> note.id().equals(id) && note.place().bucket().equals(bucket));
  }

  void delete(String id) {
    store.delete(bucket, key(id));
  }
}
