package org.reelway.app.check;

/**
 * A step, a branch or a {@code from} in a YAML file.
 *
 * @param kind the EIP, for example {@code to}, {@code setBody}, {@code when}
 * @param id its id, empty when it has none
 * @param routeId the route (or kamelet) it is in, empty when that has no id
 * @param inRoute whether it is part of a route, not of a template or a route configuration
 */
record SourceNode(String kind, String id, String routeId, boolean inRoute, YamlTree tree, int line, int lastLine) {

  SourceNode(String kind, String routeId, boolean inRoute, YamlTree tree) {
    this(kind, tree.text("id"), routeId, inRoute, tree, tree.line(), tree.lastLine());
  }

  boolean covers(int searched) {
    return line <= searched && searched <= lastLine;
  }

  /** The id, or what it is when it has none. */
  String label() {
    return id.isEmpty() ? kind : id;
  }
}
