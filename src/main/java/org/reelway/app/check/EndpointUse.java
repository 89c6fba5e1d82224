package org.reelway.app.check;

import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.util.URISupport;

/**
 * A place in a file that names an endpoint.
 *
 * @param scheme for example {@code direct}
 * @param path what follows the scheme up to {@code ?}, for example the name of a kamelet
 * @param parameters given in the query and under {@code parameters}, without placeholders as far as settings define them
 * @param consumer whether the route reads from it
 */
record EndpointUse(
    RouteFile file, int line, String scheme, String path, Map<String, String> parameters, boolean consumer) {
  /** Keys whose text is an endpoint. One with {@code ${…}} before its query is known only while running. */
  private static final Set<String> KEYS = Set.of("uri", "to", "toD", "wireTap", "deadLetterUri");

  /** Of those that are asked about, the parameter that stands for the path where the address has none. */
  private static final Map<String, String> PATHS =
      Map.of("direct", "name", "kamelet", "templateId", "validator", "resourceUri", "minio", "bucketName");

  /** Whether it stands for a kamelet file: {@code kamelet:source} and {@code kamelet:sink} do not. */
  boolean isKamelet() {
    return scheme.equals("kamelet") && !kamelet().equals("source") && !kamelet().equals("sink");
  }

  /** The name of the kamelet, without the route id that may follow it. */
  String kamelet() {
    return path.replaceFirst("/.*", "");
  }

  /** The id of the route that Camel makes of the kamelet for this place; empty where Camel invents one. */
  String kameletRoute() {
    return path.replaceFirst("^[^/]*/?", "");
  }

  /** The same for two uses of one endpoint. */
  String uri() {
    return scheme + ":" + path + parameters;
  }

  static List<EndpointUse> in(RouteFile file, Map<String, String> properties) {
    List<EndpointUse> uses = new ArrayList<>();
    collect(file, file.root(), new Placeholders(properties), uses);
    return uses;
  }

  private static void collect(RouteFile file, YamlTree tree, Placeholders placeholders, List<EndpointUse> uses) {
    for (YamlTree member : tree.members()) {
      if (member.isText() && KEYS.contains(member.name())) {
        boolean from = member.name().equals("uri") && tree.name().equals("from");
        add(file, member, tree.get("parameters").map(YamlTree::members).orElse(List.of()), from, placeholders, uses);
      } else if (member.name().equals("kamelet")) {
        addKameletStep(file, member, placeholders, uses);
      }
    }
    tree.children().forEach(child -> collect(file, child, placeholders, uses));
  }

  private static void addKameletStep(RouteFile file, YamlTree step, Placeholders placeholders,
      List<EndpointUse> uses) {
    YamlTree name = step.isText() ? step : step.get("name").orElse(step);
    List<YamlTree> given = step.get("parameters").map(YamlTree::members).orElse(List.of());
    if (name.isText()) {
      uses.add(of(file, name.line(), "kamelet:" + placeholders.resolved(name.text()), given, false, placeholders));
    }
  }

  private static void add(RouteFile file, YamlTree uri, List<YamlTree> given, boolean consumer,
      Placeholders placeholders, List<EndpointUse> uses) {
    String text = placeholders.resolved(uri.text());
    String address = text.replaceFirst("\\?.*", "");
    if (address.contains(":") && !address.contains("${") && !address.contains("{{")) {
      uses.add(of(file, uri.line(), text, given, consumer, placeholders));
    } else if (PATHS.containsKey(text)) {
      given.stream().filter(p -> p.name().equals(PATHS.get(text))).findFirst()
          .ifPresent(p -> uses.add(of(file, uri.line(), text + ":" + placeholders.resolved(p.text()),
              given.stream().filter(g -> g != p).toList(), consumer, placeholders)));
    }
  }

  private static EndpointUse of(RouteFile file, int line, String uri, List<YamlTree> given, boolean consumer,
      Placeholders placeholders) {
    int colon = uri.indexOf(':');
    String rest = uri.substring(colon + 1).replaceFirst("^//", "");
    int query = rest.indexOf('?');
    Map<String, String> parameters = new TreeMap<>();
    given.forEach(p -> parameters.put(p.name(), placeholders.resolved(p.text())));
    if (query >= 0) {
      options(rest.substring(query + 1)).forEach((name, value) -> parameters.put(name, String.valueOf(value)));
    }
    return new EndpointUse(file, line, uri.substring(0, colon), query < 0 ? rest : rest.substring(0, query), parameters,
        consumer);
  }

  /** Camel's own parsing knows RAW(…) values with ampersands in them. */
  private static Map<String, Object> options(String query) {
    try {
      return URISupport.parseQuery(query, true, true);
    } catch (URISyntaxException e) {
      // The trial build tells what is wrong with it.
      return Map.of();
    }
  }
}
