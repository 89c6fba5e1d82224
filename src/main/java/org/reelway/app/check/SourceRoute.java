package org.reelway.app.check;

import java.util.Set;

/**
 * A route as written: {@code - route:}, the implicit {@code - from:}, or a call of {@code - rest:}.
 *
 * @param kind {@code route}, {@code from}, or a call's verb; other top-level entries and kamelets use their own word
 * @param id empty when it has none
 */
record SourceRoute(RouteFile file, String kind, String id, YamlTree tree, int line, int lastLine) {
  /** Of {@code - rest:}. */
  private static final Set<String> VERBS = Set.of("get", "post", "put", "patch", "delete", "head");

  SourceRoute(RouteFile file, String kind, String id, YamlTree tree) {
    this(file, kind, id, tree, tree.line(), tree.lastLine());
  }

  boolean isRoute() {
    return kind.equals("route") || kind.equals("from") || isCall();
  }

  /** Whether it is a call of the HTTP API, of which Camel makes a route. */
  boolean isCall() {
    return VERBS.contains(kind);
  }

  boolean covers(int searched) {
    return line <= searched && searched <= lastLine;
  }
}
