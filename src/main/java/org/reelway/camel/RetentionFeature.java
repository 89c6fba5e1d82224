package org.reelway.camel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.state.KeptFiles.Kept;
import org.reelway.transfer.retention.DiskLevels;
import org.reelway.transfer.retention.DiskLevels.Disk;
import org.reelway.transfer.retention.Retention;
import org.reelway.transfer.retention.StoredObjects.Answer;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoreFailure;
import org.reelway.transfer.store.StoredObject;

/** How long verified files stay, and disks that fill up. */
final class RetentionFeature extends Feature {
  final DiskLevels levels = new DiskLevels();

  @BindToRegistry("retention")
  final Retention retention;

  @BindToRegistry("reelwayDiskHealth")
  final GuardedHealth health;

  RetentionFeature(StateFeature state, StoreFeature store, FolderFeature disk, BackupFeature backup) {
    this.retention =
        new Retention(
            state.settings, disk.kept,
            kept -> backup.storeOf(kept.id(), store.directory.find(kept.store()))
                .map(there -> ask(there, kept)).orElse(Answer.UNKNOWN),
            levels, state.metrics,
            () -> watched(state, disk), state.clock);
    this.health = new GuardedHealth("disk", Scope.READY, builder -> tell(levels.all(), builder));
  }

  /** Down while a disk of recordings is nearly full. */
  private static void tell(List<Disk> disks, HealthCheckResultBuilder builder) {
    disks.forEach(disk -> builder.detail("disk." + disk.folder(), disk.inWords()));
    Optional<Disk> worst = disks.stream().filter(Disk::critical).findFirst();
    if (worst.isEmpty()) {
      builder.up();
    } else {
      builder.message(
          "the disk of " + worst.get().folder() + " is nearly full (" + worst.get().inWords() + "); make room").down();
    }
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

  private static List<Path> watched(StateFeature state, FolderFeature disk) {
    List<Path> all = new ArrayList<>();
    disk.folders.all().forEach(intake -> all.add(intake.folder().root()));
    Optional.ofNullable(state.settings.get(RecordingSettings.MOVE_TO)).ifPresent(all::add);
    all.add(state.folder);
    return all;
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }
}
