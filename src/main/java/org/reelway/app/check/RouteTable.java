package org.reelway.app.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.util.URISupport;

/**
 * The routes and calls of a folder as their files say; nothing is built or started for it.
 *
 * @param routes by file, in the order of each
 * @param problems of files that cannot be read
 */
public record RouteTable(List<Row> routes, List<RouteProblem> problems) {
  /**
   * @param file its name, without folder
   * @param id empty where it has none
   * @param from an endpoint without its query, which may hold a password, or a call such as {@code GET /recordings}
   * @param state {@code on}, {@code off}, or the precondition that only Camel can tell
   */
  public record Row(String file, int line, String id, String from, List<Step> steps, String state, String description) {}

  /**
   * Branches of a choice and the like are none.
   *
   * @param what an endpoint without its query, a bean's method, or empty
   */
  public record Step(String id, String kind, String what) {}

  /** @param properties the settings that <code>{{…}}</code> may name */
  public static RouteTable read(Path folder, Map<String, String> properties) {
    Placeholders placeholders = new Placeholders(properties);
    List<RouteProblem> problems = new ArrayList<>();
    List<Row> rows = SourceFolder.ofRoutes(folder).read(problems).stream()
        .flatMap(file -> file.routes().stream())
        .map(route -> row(route, placeholders))
        .toList();
    return new RouteTable(rows, problems.stream().sorted(RouteProblem.BY_PLACE).toList());
  }

  private static Row row(SourceRoute route, Placeholders placeholders) {
    YamlTree tree = route.tree();
    List<Step> steps = route.file().nodes().stream()
        .filter(node -> route.covers(node.line()) && !node.kind().equals("from") && !RouteFile.BRANCHES.contains(node.kind()))
        .map(RouteTable::step)
        .toList();
    return new Row(route.file().path().getFileName().toString(), route.line(), route.id(), from(route), steps,
        isDisabled(route, placeholders) ? "off" : state(tree, placeholders), tree.text("description"));
  }

  private static String from(SourceRoute route) {
    if (route.isCall()) {
      return route.kind().toUpperCase(Locale.ROOT) + " " + route.tree().text("path");
    }
    YamlTree from = route.kind().equals("from") ? route.tree() : route.tree().get("from").orElse(route.tree());
    return endpoint(from.isText() ? from.text() : from.text("uri"));
  }

  private static Step step(SourceNode node) {
    YamlTree tree = node.tree();
    String uri = tree.isText() && node.kind().startsWith("to") ? tree.text() : tree.text("uri");
    String bean = tree.text("ref");
    String method = tree.text("method").replaceAll("\\(.*", "");
    return new Step(node.id(), node.kind(), bean.isEmpty() ? endpoint(uri) : method.isEmpty() ? bean : bean + "." + method);
  }

  private static String endpoint(String uri) {
    return URISupport.sanitizeUri(uri.replaceFirst("\\?.*", ""));
  }

  /** A call is off where its rest is: one of those has no precondition. */
  private static boolean isDisabled(SourceRoute route, Placeholders placeholders) {
    return route.isCall() && route.file().root().items().stream().flatMap(item -> item.members().stream())
        .filter(rest -> rest.line() <= route.line() && route.line() <= rest.lastLine())
        .anyMatch(rest -> placeholders.resolved(rest.text("disabled")).strip().equals("true"));
  }

  /** Camel takes a precondition for a condition of simple: where placeholders leave more than words, it alone can tell. */
  private static String state(YamlTree route, Placeholders placeholders) {
    String condition = placeholders.resolved(route.text("precondition")).strip();
    boolean waits = placeholders.resolved(route.text("autoStartup")).strip().equals("false");
    List<String> words = condition.isEmpty() ? List.of() : List.of(condition.split("\\s*&&\\s*"));
    if (words.contains("false")) {
      return "off";
    }
    return words.stream().allMatch("true"::equals) ? waits ? "not started" : "on" : "if " + condition;
  }
}
