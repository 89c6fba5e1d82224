package org.reelway.transfer.backup;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.reelway.recording.Markers;
import org.reelway.recording.SeparateMarkers;
import org.reelway.state.BackupCopies;
import org.reelway.state.KeptFiles;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.Abandoned;
import org.reelway.transfer.Capabilities;
import org.reelway.transfer.SmallObjects;
import org.reelway.transfer.flow.WatchedFolders;

/** The parts of the backup, joined: the way there and the way back. */
public final class Backup {
  private final Map<String, BackupStore> secondStores = new HashMap<>();
  private final BringBack bringBack;

  /**
   * @param capabilities of the backup's store
   * @param homes the stores whose recordings it takes
   * @param abandoned told of uploads into the backup that nobody will complete
   * @param step done with a recording that is back, before its copy in the backup is deleted
   * @param folder of ours, for markers and for what is on its way back
   */
  public Backup(
      BackupPlace place,
      Capabilities capabilities,
      List<HomeStore> homes,
      BackupCopies copies,
      Markers markers,
      WatchedFolders folders,
      KeptFiles kept,
      Abandoned abandoned,
      RecordingHistory history,
      ReturnStep step,
      Path folder,
      BooleanSupplier stopping,
      Clock clock) {
    BackupNotes notes =
        new BackupNotes(
            place.store(), new SmallObjects(place.store(), capabilities), place.bucket(), place.prefix());
    BackupCleaning cleaning = new BackupCleaning(place.store(), notes, history);
    SeparateMarkers sending = new SeparateMarkers(folder.resolve("sending"), markers);
    homes.forEach(home -> secondStores.put(
        home.name(), new BackupStore(place, home, notes, copies, markers, sending, abandoned, history, clock)));
    Map<String, HomeStore> byName = homes.stream().collect(Collectors.toUnmodifiableMap(HomeStore::name, home -> home));
    ReturnFromBackup wayBack =
        new ReturnFromBackup(
            place, byName, new LocalCopies(kept, folders, markers),
            new Spool(folder.resolve("spool"), place.store(), stopping),
            new SeparateMarkers(folder.resolve("returning"), markers), copies, cleaning, history, step);
    this.bringBack = new BringBack(copies, new LostCopies(notes, copies, cleaning, history), wayBack, byName, clock);
  }

  /** Where recordings of the store of the name go. */
  public BackupStore store(String name) {
    return secondStores.get(name);
  }

  public BringBack bringBack() {
    return bringBack;
  }
}
