package org.reelway.transfer.backup;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import org.reelway.recording.Markers;
import org.reelway.recording.SeparateMarkers;
import org.reelway.state.BackupCopies;
import org.reelway.state.KeptFiles;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.Abandoned;
import org.reelway.transfer.Capabilities;
import org.reelway.transfer.SmallObjects;
import org.reelway.transfer.Transfers;
import org.reelway.transfer.flow.StoreOutlook;
import org.reelway.transfer.flow.WatchedFolders;

/** The parts of the backup, joined: the way there and the way back. */
public final class Backup {
  private final BackupStore secondStore;
  private final BringBack bringBack;

  /**
   * @param capabilities of the backup's store
   * @param primaryAddress of the primary store
   * @param abandoned told of uploads into the backup that nobody will complete
   * @param step done with a recording that is back, before its copy in the backup is deleted
   * @param folder of ours, for markers and for what is on its way back
   */
  public Backup(
      BackupPlace place,
      Capabilities capabilities,
      Transfers primary,
      String primaryAddress,
      BackupCopies copies,
      PrimaryTrouble trouble,
      StoreOutlook outlook,
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
    this.secondStore =
        new BackupStore(
            place, primary, primaryAddress, notes, copies, trouble, markers,
            new SeparateMarkers(folder.resolve("sending"), markers), abandoned, history, clock);
    ReturnFromBackup wayBack =
        new ReturnFromBackup(
            place, primary, new LocalCopies(kept, folders, markers),
            new Spool(folder.resolve("spool"), place.store(), stopping),
            new SeparateMarkers(folder.resolve("returning"), markers), copies, cleaning, history, outlook, step);
    this.bringBack =
        new BringBack(copies, new LostCopies(notes, copies, cleaning, history), wayBack, trouble, outlook, clock);
  }

  public BackupStore store() {
    return secondStore;
  }

  public BringBack bringBack() {
    return bringBack;
  }
}
