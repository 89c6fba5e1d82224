package org.reelway.camel.api;

import java.util.List;
import java.util.stream.Collectors;
import org.reelway.failure.Conflict;
import org.reelway.state.Fleet;

/** Says where to ask for what another sidecar on the same state has: files, processes and media servers are next to one of them. */
public final class OtherNodes {
  private static final int MOST_NAMED = 5;

  private final Fleet fleet;

  public OtherNodes(Fleet fleet) {
    this.fleet = fleet;
  }

  /**
   * What only its own node can do.
   *
   * @param node that has it; empty where nobody is known to
   * @param what it is, such as: the recording 1a2b
   * @throws Conflict where that is another one
   */
  public void requireHere(String node, String what) {
    if (node != null && !node.isEmpty() && !node.equals(fleet.own())) {
      throw new Conflict(what + " is next to the node " + node + "; "
          + fleet.find(node).map(OtherNodes::askThere).orElse("that node is not known any more: GET /nodes lists those that are"));
    }
  }

  private static String askThere(Fleet.Node node) {
    return switch (node.state()) {
      case RUNNING -> "ask there: " + node.address();
      case GONE -> "that is gone (" + node.who() + "), last seen " + node.seenAt() + "; start it, and ask there: " + node.address();
      case LEFT -> "that was ended at " + node.leftAt() + "; start it, and ask there: " + node.address();
    };
  }

  /** To be put behind the words of what is not here; empty where there are no others. */
  String orThere() {
    List<Fleet.Node> others = fleet.all().stream()
        .filter(node -> node.state() == Fleet.State.RUNNING && node.hasFiles() && !node.id().equals(fleet.own())).toList();
    return others.isEmpty() ? ""
        : "; other nodes have their own: " + others.stream().limit(MOST_NAMED).map(node -> node.id() + " at " + node.address())
            .collect(Collectors.joining(", ")) + (others.size() > MOST_NAMED ? ", \u2026" : "");
  }

  /** Id of this sidecar. */
  String own() {
    return fleet.own();
  }
}
