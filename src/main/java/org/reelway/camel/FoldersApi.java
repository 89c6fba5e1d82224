package org.reelway.camel;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.reelway.recording.FolderStatus;
import org.reelway.recording.SettledFiles;
import org.reelway.transfer.flow.WatchedFolders;

/** {@code GET /folders}: how each recordings folder is watched, and what the last look found. */
public final class FoldersApi {
  private static final int MOST_HELD_BACK = 100;

  private final WatchedFolders folders;

  FoldersApi(WatchedFolders folders) {
    this.folders = folders;
  }

  public void list(Exchange exchange) {
    ApiAnswer.give(
        exchange, 200, () -> Map.of("folders", folders.statuses().stream().map(FoldersApi::folder).toList()));
  }

  private static Map<String, Object> folder(FolderStatus status) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("folder", status.folder().toString());
    json.put("mode", status.mode().kind().word());
    json.put("reason", status.mode().reason());
    json.put("modeSince", status.modeSince());
    json.put("subfolders", status.subfolders());
    json.put("watched", status.watched());
    json.put("marked", status.marked());
    json.put("unmarked", status.unmarked());
    json.put("looks", status.looks());
    json.put("lastLook", look(status.lastLook(), status.lastLookTook().toMillis()));
    json.put("lastFullLook", look(status.lastFullLook(), status.lastFullLookTook().toMillis()));
    json.put("overflows", status.overflows());
    json.put("heldBackCount", status.heldBack().size());
    json.put("heldBack", heldBack(status.heldBack()));
    return json;
  }

  private static Map<String, Object> look(Instant at, long millis) {
    return at == null ? Map.of() : Map.of("at", at, "millis", millis);
  }

  private static List<Map<String, Object>> heldBack(List<SettledFiles.HeldBack> files) {
    return files.stream()
        .limit(MOST_HELD_BACK)
        .map(held -> Map.<String, Object>of("file", held.file().toString(), "reason", held.reason()))
        .toList();
  }
}
