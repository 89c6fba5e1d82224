package org.reelway.camel;

import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.recording.FolderStatus;
import org.reelway.recording.WatchMode;
import org.reelway.transfer.flow.WatchedFolders;

/** Down while a recordings folder is not there; tells how each is watched. */
final class FoldersHealth extends GuardedHealth {
  private final WatchedFolders folders;

  FoldersHealth(WatchedFolders folders) {
    super("reelway", "folders");
    this.folders = folders;
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    List<FolderStatus> all = folders.statuses();
    all.forEach(status -> builder.detail("folder." + status.folder(), status.mode().toString()));
    List<String> missing =
        all.stream()
            .filter(status -> status.mode().kind() == WatchMode.Kind.MISSING)
            .map(status -> status.folder() + " is " + status.mode())
            .toList();
    if (missing.isEmpty()) {
      builder.up();
    } else {
      builder.message(String.join("; ", missing)).down();
    }
  }
}
