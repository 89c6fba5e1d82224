package org.reelway.camel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.reelway.camel.api.BackupApi;
import org.reelway.camel.api.CallbacksApi;
import org.reelway.camel.api.NodesApi;
import org.reelway.camel.api.StreamRecord;
import org.reelway.camel.http.HttpPaths;
import org.reelway.live.LiveEvent;
import org.reelway.live.LiveStatus;
import org.reelway.transfer.flow.Backlog;
import org.reelway.transfer.retention.DiskLevels;

/** What the dashboard shows of parts whose own answers are longer, or hold keys of streams that nobody needs to see there. */
final class DashboardParts {
  /** Of each list, so that an answer stays small however much there is. */
  static final int MOST = 100;
  private static final int CALLBACKS = 20;

  private DashboardParts() {}

  /** The first ones of a list. @param count of all */
  record Some<T>(int count, List<T> first) {
    static <T> Some<T> of(List<T> all) {
      return new Some<>(all.size(), all.stream().limit(MOST).toList());
    }
  }

  /**
   * @param watch where the player finds it, relative to the page; absent for what no browser plays
   * @param delaySeconds of the newest chunk or playlist, from its file's last write; absent where none is known
   */
  @JsonInclude(Include.NON_NULL)
  record Live(
      String playlist, String kind, String state, String published, Instant publishedAt, Instant behindSince,
      int awaited, int gaps, long retries, String trouble, String watch, Double delaySeconds) {
    static Live of(LiveStatus now) {
      return new Live(
          now.playlist(), now.kind(), now.state(), now.published(), now.publishedAt(), now.behindSince(),
          now.awaitedCount(), now.gaps(), now.retries(), now.trouble(), watch(now), delay(now, Instant.EPOCH));
    }

    private static String encoded(String key) {
      return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
    }

    private static String watch(LiveStatus now) {
      boolean isPlayed = now.key() != null && now.key().endsWith(".m3u8") && now.key().contains("/") && now.publishedAt() != null;
      return isPlayed ? HttpPaths.PUBLISHED.substring(1) + encoded(now.key()) : null;
    }
  }

  /** Null where none is known since then. */
  private static Double delay(LiveStatus now, Instant since) {
    List<LiveEvent> events = now.events();
    for (int i = events.size() - 1; i >= 0 && events.get(i).at().isAfter(since); i--) {
      if (!events.get(i).delay().isZero()) {
        return events.get(i).delay().toMillis() / 1000.0;
      }
    }
    return null;
  }

  /** Of the playlist that is worst off. */
  static double delaySeconds(LivePublishers live, Instant since) {
    double behind = live.longestBehind().toMillis() / 1000.0;
    return Math.max(
        behind, live.statuses().stream().map(now -> delay(now, since)).filter(delay -> delay != null)
            .mapToDouble(Double::doubleValue).max().orElse(0));
  }

  /** Without the addresses to publish to. */
  record WorkflowStream(String id, String name, String state, boolean started, boolean live, String trouble) {
    static WorkflowStream of(StreamRecord it) {
      return new WorkflowStream(it.id(), it.name(), it.state(), it.started(), it.cloudfrontAssociated(), it.trouble());
    }
  }

  /** @param callbacks those that were given up and those that wait, the newest */
  record Callbacks(long waiting, long dead, long delivered, List<CallbacksApi.Callback> callbacks) {
    static Callbacks of(CallbacksApi api) {
      CallbacksApi.CallbackList dead = api.list("dead", null, String.valueOf(CALLBACKS));
      List<CallbacksApi.Callback> waiting =
          dead.waiting() == 0 ? List.of() : api.list("waiting", null, String.valueOf(CALLBACKS)).callbacks();
      return new Callbacks(
          dead.waiting(), dead.dead(), dead.delivered(), Stream.concat(dead.callbacks().stream(), waiting.stream()).toList());
    }
  }

  /** @param oldestSeconds of the marker that has been there longest */
  record Waiting(int recordings, long bytes, long oldestSeconds) {
    static Waiting of(Backlog backlog) {
      return new Waiting(backlog.recordings(), backlog.pendingBytes(), backlog.oldestAge().toSeconds());
    }
  }

  record Disk(String folder, long freeBytes, long bytes, boolean critical) {
    static List<Disk> of(DiskLevels levels) {
      return levels.all().stream()
          .map(disk -> new Disk(disk.folder().toString(), disk.freeBytes(), disk.bytes(), disk.critical())).toList();
    }
  }

  /**
   * A store that recordings go to.
   *
   * @param name primary for that of reelway.store.*
   * @param up as far as is known; absent error and time while it is
   */
  @JsonInclude(Include.NON_NULL)
  record StoreNow(String name, String address, String bucket, boolean up, String error, Instant failingSince) {
    static StoreNow of(ConnectedStore store) {
      Optional<String> error = store.outlook.error();
      return new StoreNow(
          store.shownName(), store.store.address(), store.bucket, error.isEmpty(), error.orElse(null),
          store.outlook.failingSince().orElse(null));
    }
  }

  /**
   * The sidecars that share the state; those that are gone come first.
   *
   * @param self id of the one that answers
   * @param count of all
   */
  record Nodes(String self, int count, List<NodesApi.Node> first) {
    static Nodes of(NodesApi.NodeList all) {
      return new Nodes(
          all.self(), all.nodes().size(),
          all.nodes().stream().sorted(Comparator.comparing(node -> !node.state().equals("gone"))).limit(MOST).toList());
    }
  }

  /** Without the list of what waits, which {@code GET /backup} has. */
  record Backup(boolean on, long recordings, long bytes, long problems) {
    static Backup of(BackupApi api) {
      BackupApi.BackupNow now = api.show();
      return new Backup(now.on(), now.recordings(), now.bytes(), now.problems());
    }
  }
}
