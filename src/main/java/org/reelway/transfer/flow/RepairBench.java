package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.reelway.failure.OurFailure;
import org.reelway.media.repair.BrokenMedia;
import org.reelway.media.repair.LeftBehindSearch;
import org.reelway.media.repair.MediaKind;
import org.reelway.media.repair.MediaRepair;
import org.reelway.media.repair.RepairReport;
import org.reelway.media.repair.Repaired;
import org.reelway.media.repair.RepairedName;
import org.reelway.media.repair.Templates;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.RecordingId;
import org.reelway.recording.Recoveries;
import org.reelway.recording.Recovery;

/** Repairs one file and puts the result where it is sent from. What a kill interrupts is begun anew, never half there. */
final class RepairBench {
  private static final long MARGIN = 256L * 1024 * 1024;

  private final RepairFolders folders;
  private final Supplier<MediaRepair> repair;
  private final RepairedName names;
  private final Templates templates = new Templates();

  RepairBench(RepairFolders folders, Supplier<MediaRepair> repair, RepairedName names) {
    this.folders = folders;
    this.repair = repair;
    this.names = names;
  }

  /** The file was written to while it was repaired: its writer lives. */
  static final class WriterLives extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** What came of it. */
  record Result(RepairJob job, RepairReport report) {}

  /** Bytes that are missing on the disk for a repair; 0 where there is room. */
  long missingBytes(BrokenMedia media) throws IOException {
    // An index that is made anew needs the streams beside the result.
    long copies = media.kind() == MediaKind.MP4_WITHOUT_INDEX ? 2 : 1;
    return Math.max(0, copies * media.size() + MARGIN - folders.freeBytes());
  }

  Result repair(RecordingFolder folder, Path raw, BrokenMedia media)
      throws IOException, InterruptedException, WriterLives {
    FileIdentity identity = FileIdentity.of(raw);
    Path work = folders.newWork();
    try {
      Repaired repaired = repair.get().repair(raw, media, work, templates.of(raw, folder.root()));
      if (!FileIdentity.of(raw).equals(identity)) {
        throw new WriterLives();
      }
      String what = repaired.report().text();
      return repaired.file().isEmpty()
          ? new Result(rawOnly(folder, raw, identity, what), repaired.report())
          : new Result(publish(folder, raw, identity, media, repaired.file().get(), what), repaired.report());
    } finally {
      folders.delete(work);
    }
  }

  private RepairJob publish(
      RecordingFolder folder, Path raw, FileIdentity identity, BrokenMedia media, Path repaired, String what)
      throws IOException {
    RecordingFolder outFolder = folders.outFor(folder);
    Path beside = outFolder.root().resolve(folder.root().relativize(raw).toString());
    Path out = beside.resolveSibling(names.of(raw.getFileName().toString(), media.kind()));
    FileIdentity outIdentity = FileIdentity.of(repaired);
    Recovery recovery = new Recovery(Recovery.Kind.REPAIRED, folder.relative(raw), outIdentity, false, what);
    Recoveries.write(outFolder, out, recovery);
    folders.publish(repaired, out);
    if (!FileIdentity.of(out).equals(outIdentity)) {
      throw new OurFailure(
          out + " became another file by being renamed; put reelway.state.folder on a file system that keeps inodes");
    }
    return new RepairJob(folder.root(), raw, identity, out, RecordingId.of(out, outIdentity), what);
  }

  /** Whether the file's name is that of a part which only the recorder's own tools can put together. */
  boolean isPartOfRecording(Path file) {
    return LeftBehindSearch.isScratch(file);
  }

  RepairJob rawOnly(RecordingFolder folder, Path raw, FileIdentity identity, String why) {
    return new RepairJob(folder.root(), raw, identity, null, null, why);
  }

  /** Removes what no job knows any more. */
  void clean(RecordingFolder folder, Predicate<Path> known) {
    folders.removeUnknown(folders.outFor(folder), known);
  }
}
