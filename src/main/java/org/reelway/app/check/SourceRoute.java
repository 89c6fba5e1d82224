package org.reelway.app.check;

/**
 * A route as written: {@code - route:}, or the implicit {@code - from:}.
 *
 * @param kind {@code route} or {@code from}; other top-level entries and kamelets use their own word
 * @param id empty when it has none
 */
record SourceRoute(RouteFile file, String kind, String id, YamlTree tree, int line, int lastLine) {

  SourceRoute(RouteFile file, String kind, String id, YamlTree tree) {
    this(file, kind, id, tree, tree.line(), tree.lastLine());
  }

  boolean isRoute() {
    return kind.equals("route") || kind.equals("from");
  }

  boolean covers(int searched) {
    return line <= searched && searched <= lastLine;
  }
}
