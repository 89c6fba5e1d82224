package org.reelway.state;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** What belongs to the node that its file, media server or process is beside. */
final class NodeRows {
  static final List<String> TABLES = List.of(
      "recording", "upload", "abandoned_upload", "backup_copy", "recording_program", "server_event", "server_stream",
      "workflow_stream", "workflow_session", "workflow_notice", "workflow_split", "mix_order");

  private static final List<String> INHERITED = List.of("recording", "upload", "abandoned_upload", "backup_copy");
  private static final List<String> BESIDE_IT = List.of("server_event", "server_stream");

  private NodeRows() {}

  /** All rows are this node's: the embedded state is one sidecar's, which may have another name than before. */
  static void adoptAll(Handle handle, String node) {
    // Two ranges of an index, where <> would look at every row.
    TABLES.forEach(table -> handle.execute("UPDATE " + table + " SET node = ? WHERE node < ? OR node > ?", node, node, node));
  }

  /** Rows of the release before, which kept a database to one sidecar: the first node that starts there goes on with them. */
  static void adoptNobodys(Handle handle, String node) {
    give(handle, TABLES, "", node);
  }

  /** A node never comes back: its media servers' events and streams are nobody's, its workflow and programs are its disk's. */
  static void inherit(Handle handle, String gone, String heir) {
    give(handle, INHERITED, gone, heir);
    BESIDE_IT.forEach(table -> handle.execute("DELETE FROM " + table + " WHERE node = ?", gone));
  }

  private static void give(Handle handle, List<String> tables, String from, String to) {
    tables.forEach(table -> handle.execute("UPDATE " + table + " SET node = ? WHERE node = ?", to, from));
  }
}
