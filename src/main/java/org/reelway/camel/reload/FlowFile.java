package org.reelway.camel.reload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A file of routes, or a kamelet, and what in it others depend on.
 *
 * @param text as Camel loads it
 * @param content of the text, without comments and layout; the same for files that mean the same
 */
record FlowFile(Path path, String text, Object content) {
  /** Other files' routes are made by them. */
  private static final Set<String> SHARED = Set.of("routeConfiguration", "beans");
  private static final Set<String> TEMPLATES = Set.of("routeTemplate", "templatedRoute");

  static FlowFile parse(Path path, String text) throws IOException {
    try {
      return new FlowFile(path, text, new Load(LoadSettings.builder().build()).loadFromString(text));
    } catch (YamlEngineException e) {
      throw new IOException(path + " is not YAML: " + e.getMessage(), e);
    }
  }

  /** Whether Camel makes the same of both. */
  boolean means(FlowFile other) {
    return other != null && Objects.equals(content, other.content);
  }

  List<Object> shared() {
    return members(SHARED);
  }

  List<Object> restConfiguration() {
    return members(Set.of("restConfiguration"));
  }

  boolean hasTemplates() {
    return !members(TEMPLATES).isEmpty();
  }

  private List<Object> members(Set<String> kinds) {
    return entries().stream().filter(entry -> kinds.contains(camelCase(kind(entry)))).<Object>map(entry -> entry).toList();
  }

  /** Names of the kamelets that it places. */
  Set<String> kamelets() {
    Set<String> all = new TreeSet<>();
    walk(content, (key, value) -> {
      if (value.startsWith("kamelet:")) {
        all.add(value.replaceFirst("^kamelet:(//)?", "").replaceFirst("[/?].*", ""));
      } else if (key.equals("kamelet") || key.equals("templateId") || key.equals("name")) {
        // A step `kamelet`, short or long, or an endpoint in parts; a name too many does no harm.
        all.add(value.replaceFirst("[/?].*", ""));
      }
    });
    return all;
  }

  /** Endpoints of {@code direct:} that its routes begin with. */
  Set<String> directs() {
    return entries().stream().map(FlowFile::from).map(from -> String.valueOf(from.get("uri")))
        .filter(uri -> uri.startsWith("direct:")).map(FlowFile::withoutQuery).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Endpoints of {@code direct:} that calls of its REST services name: Camel may put the route in their place. */
  Set<String> directsOfCalls() {
    Set<String> all = new TreeSet<>();
    entries().stream().filter(entry -> kind(entry).equals("rest")).forEach(entry -> walk(entry, (key, value) -> {
      if (value.startsWith("direct:")) {
        all.add(withoutQuery(value));
      }
    }));
    return all;
  }

  /** By route: what it begins with and its own error handling. Where these stay, what it begins with can run on. */
  Map<String, Object> sources() {
    Map<String, Object> all = new TreeMap<>();
    for (Map<?, ?> entry : entries()) {
      if (entry.get("route") instanceof Map<?, ?> route && route.get("id") != null) {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("uri", from(entry).get("uri"));
        source.put("parameters", from(entry).get("parameters"));
        for (String own : List.of("errorHandler", "errorHandlerRef", "routeConfigurationId", "precondition", "autoStartup")) {
          source.put(own, route.get(own));
        }
        all.put(route.get("id").toString(), source);
      }
    }
    return all;
  }

  private List<Map<?, ?>> entries() {
    List<?> all = content instanceof List<?> list ? list : List.of();
    return all.stream().filter(Map.class::isInstance).<Map<?, ?>>map(entry -> (Map<?, ?>) entry).toList();
  }

  private static String kind(Map<?, ?> entry) {
    return entry.isEmpty() ? "" : String.valueOf(entry.keySet().iterator().next());
  }

  private static String camelCase(String kind) {
    StringBuilder camel = new StringBuilder();
    for (String word : kind.split("-")) {
      camel.append(camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return camel.toString();
  }

  private static Map<?, ?> from(Map<?, ?> entry) {
    Object from = entry.get("route") instanceof Map<?, ?> route ? route.get("from") : entry.get("from");
    if (from instanceof Map<?, ?> known) {
      return known;
    }
    Map<String, Object> made = new HashMap<>();
    made.put("uri", from);
    return made;
  }

  private static String withoutQuery(String uri) {
    return uri.replaceFirst("^direct:(//)?", "direct:").replaceFirst("\\?.*", "");
  }

  private static void walk(Object node, BiConsumer<String, String> text) {
    if (node instanceof Map<?, ?> map) {
      map.forEach((key, value) -> {
        if (value instanceof String found) {
          text.accept(String.valueOf(key), found);
        } else {
          walk(value, text);
        }
      });
    } else if (node instanceof List<?> list) {
      list.forEach(each -> {
        if (each instanceof String found) {
          text.accept("", found);
        } else {
          walk(each, text);
        }
      });
    }
  }
}
