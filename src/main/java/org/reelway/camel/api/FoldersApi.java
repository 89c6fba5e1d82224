package org.reelway.camel.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.reelway.recording.FolderStatus;
import org.reelway.transfer.flow.WatchedFolders;

/** {@code GET /folders}: how each recordings folder is watched, and what the last look found. */
public final class FoldersApi {
  private static final int MOST_HELD_BACK = 100;

  private final WatchedFolders folders;

  public FoldersApi(WatchedFolders folders) {
    this.folders = folders;
  }

  public record FolderList(List<Folder> folders) {}

  /** @param heldBack at most 100 of heldBackCount */
  public record Folder(
      String folder, String mode, String reason, Instant modeSince, int subfolders, int watched, int marked,
      int unmarked, long looks, Look lastLook, Look lastFullLook, long overflows, int heldBackCount,
      List<HeldBack> heldBack) {
    static Folder of(FolderStatus now) {
      return new Folder(
          now.folder().toString(), now.mode().kind().word(), now.mode().reason(), now.modeSince(), now.subfolders(),
          now.watched(), now.marked(), now.unmarked(), now.looks(), Look.of(now.lastLook(), now.lastLookTook()),
          Look.of(now.lastFullLook(), now.lastFullLookTook()), now.overflows(), now.heldBack().size(),
          now.heldBack().stream().limit(MOST_HELD_BACK)
              .map(held -> new HeldBack(held.file().toString(), held.reason())).toList());
    }
  }

  /** Empty before the first one. */
  @JsonInclude(Include.NON_NULL)
  public record Look(Instant at, Long millis) {
    static Look of(Instant at, Duration took) {
      return new Look(at, at == null ? null : took.toMillis());
    }
  }

  /** A file that does not change any more, but is not whole. */
  public record HeldBack(String file, String reason) {}

  public FolderList list() {
    return new FolderList(folders.statuses().stream().map(Folder::of).toList());
  }
}
