package org.reelway.camel.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.apache.camel.Header;
import org.reelway.failure.Conflict;
import org.reelway.failure.NotFound;
import org.reelway.state.Fleet;
import org.reelway.state.Leases;

/** {@code GET /nodes}: the sidecars that share the state, and {@code DELETE /nodes/{id}}. */
public final class NodesApi {
  private final Fleet fleet;
  private final Leases leases;
  private final BooleanSupplier canGoOn;

  /** @param canGoOn whether this sidecar can go on with what a forgotten one left in the store and in the backup */
  public NodesApi(Fleet fleet, Leases leases, BooleanSupplier canGoOn) {
    this.fleet = fleet;
    this.leases = leases;
    this.canGoOn = canGoOn;
  }

  /** @param self id of the one that answers */
  public record NodeList(String self, List<Node> nodes) {}

  /**
   * A sidecar.
   *
   * @param state running, gone (not seen for 30 s, and it did not end in order) or left
   * @param leftAt absent but for one that left
   */
  @JsonInclude(Include.NON_NULL)
  public record Node(
      String id, String state, List<String> roles, String address, String version, String who, Instant startedAt, Instant seenAt,
      Instant leftAt) {
    static Node of(Fleet.Node it) {
      return new Node(
          it.id(), it.state().name().toLowerCase(Locale.ROOT), List.of(it.roles().split(",")), it.address(), it.version(), it.who(),
          it.startedAt(), it.seenAt(), it.leftAt());
    }
  }

  public record Forgotten(String id, boolean forgotten) {}

  public NodeList list() {
    return new NodeList(fleet.own(), fleet.all().stream().map(Node::of).toList());
  }

  /** Whether a message of {@code reelway.stream-events} tells of a stream next to another node than this one. */
  public boolean isElsewhere(@Header("StreamNode") String node) {
    return node != null && !node.equals(fleet.own());
  }

  /**
   * For a schedule that is in the routes of all nodes and is to run on one: whichever asks first, and no other within
   * {@link Leases#LENGTH}. Quartz's clustered store does the same by eleven tables, of jobs that outlive an edit of their route.
   *
   * @param task any name; one for each such schedule
   */
  public boolean isFirst(String task) {
    return leases.ask("task/" + task).isPresent();
  }

  /** One that is gone for good. What waits on its disk is not touched. */
  public Forgotten forget(@Header("id") String id) {
    if (!canGoOn.getAsBoolean()) {
      throw new Conflict("this sidecar has not the role ingest, and could not go on with uploads and backup copies of the node " + id
          + "; ask one that has (GET /nodes tells their addresses)");
    }
    if (!fleet.forget(id)) {
      Fleet.Node node = fleet.find(id)
          .orElseThrow(() -> new NotFound("no node has the id \"" + id + "\"; GET /nodes lists them"));
      throw new Conflict("the node " + node.id() + " runs (" + node.who() + "); stop it first");
    }
    return new Forgotten(id, true);
  }
}
