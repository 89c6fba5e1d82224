package org.reelway.state;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.Settings;

/**
 * This sidecar, as the others that share the state see it.
 *
 * @param token of this very start
 * @param who process and host, for people
 * @param roles words, separated by commas
 */
record OwnNode(String id, String token, String who, String version, String roles) {
  static OwnNode of(Settings settings) {
    String version = Optional.ofNullable(OwnNode.class.getPackage().getImplementationVersion()).orElse("");
    return new OwnNode(
        InstanceId.ofNode(settings), UUID.randomUUID().toString(), "process " + ProcessHandle.current().pid() + " on " + host(), version,
        NodeSettings.words(settings));
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unnamed host";
    }
  }

  /**
   * It is there from now on.
   *
   * @param now time of the state
   * @param knows steps of the schema that its program knows
   */
  void sign(Handle handle, long now, int knows) {
    handle.execute(
        "INSERT INTO node (id, token, who, version, roles, address, knows, started_at, seen_at) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET token = excluded.token, who = excluded.who, version = excluded.version,"
            + " roles = excluded.roles, address = '', knows = excluded.knows, started_at = excluded.started_at,"
            + " seen_at = excluded.seen_at, left_at = NULL",
        id, token, who, version, roles, knows, now, now);
  }
}
