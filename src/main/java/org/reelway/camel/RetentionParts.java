package org.reelway.camel;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.state.KeptFiles;
import org.reelway.state.KeptFiles.Kept;
import org.reelway.transfer.flow.WatchedFolders;
import org.reelway.transfer.retention.DiskLevels;
import org.reelway.transfer.retention.Retention;
import org.reelway.transfer.retention.StoredObjects.Answer;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;

/** Retention and disk guard as the settings want them, and as routes call them. */
public final class RetentionParts {
  private final DiskLevels levels = new DiskLevels();
  private final Retention retention;

  /** For a trial build of routes. */
  RetentionParts() {
    this.retention = null;
  }

  /** @param storeOf the store that holds the recording of an id */
  RetentionParts(
      Settings settings,
      Function<String, Store> storeOf,
      KeptFiles files,
      WatchedFolders folders,
      MeterRegistry metrics,
      Clock clock) {
    this.retention =
        new Retention(
            settings, files, kept -> ask(storeOf.apply(kept.id()), kept), levels, metrics, () -> watched(settings, folders), clock);
  }

  private static Answer ask(Store store, Kept kept) {
    try {
      Optional<StoredObject> found = store.head(kept.bucket(), kept.key());
      boolean same =
          found.filter(object -> object.size() == kept.identity().size() && object.etag().equals(kept.etag()))
              .isPresent();
      return same ? Answer.THERE : Answer.MISSING;
    } catch (StoreFailure away) {
      return Answer.AWAY;
    }
  }

  private static List<Path> watched(Settings settings, WatchedFolders folders) {
    List<Path> all = new ArrayList<>();
    folders.all().forEach(intake -> all.add(intake.folder().root()));
    Optional.ofNullable(settings.get(RecordingSettings.MOVE_TO)).ifPresent(all::add);
    all.add(settings.get(StateSettings.FOLDER));
    return all;
  }

  /** Body: the disks that became critical or ok by this round, mostly none. */
  public void work(Exchange exchange) {
    exchange.getMessage().setBody(retention.work());
  }

  DiskHealth health() {
    return new DiskHealth(levels);
  }
}
