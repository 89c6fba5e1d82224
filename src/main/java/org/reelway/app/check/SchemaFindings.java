package org.reelway.app.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.reelway.settings.MessageText;

/** What the schema says about one place, told as the one problem that most probably caused it. */
final class SchemaFindings {
  /** More allowed words than this are not listed: the nearest one is what helps. */
  private static final int LISTED = 40;

  private static final Map<String, String> TYPE_WORDS = Map.of("object", "a map", "array", "a list", "string", "text",
      "integer", "a number", "number", "a number", "boolean", "true or false", "null", "nothing");

  /** Members that many steps have, and that are the name of none. */
  static final Set<String> MEMBERS = Set.of("id", "description", "uri", "parameters", "steps", "expression");

  private final JsonNode schema;
  private final List<ValidationMessage> findings;

  SchemaFindings(JsonNode schema, List<ValidationMessage> findings) {
    this.schema = schema;
    this.findings = findings;
  }

  RouteProblem problem(RouteFile file, YamlTree at) {
    return unknown(file, at)
        .or(() -> notAllowed(file, at))
        .or(() -> missing(file, at))
        .or(() -> wrongKind(file, at))
        .or(() -> tooMany(file, at))
        .orElseGet(() -> other(file, at));
  }

  private Stream<ValidationMessage> of(String type) {
    return findings.stream().filter(f -> f.getType().equals(type));
  }

  private Optional<RouteProblem> unknown(RouteFile file, YamlTree at) {
    return of("additionalProperties").findFirst().map(f -> {
      String word = f.getProperty();
      TreeSet<String> allowed = new TreeSet<>(propertiesBeside(f));
      int line = at.get(word).map(YamlTree::line).orElse(at.line());
      if (allowed.contains("setBody") && MEMBERS.contains(word)) {
        return nameless(file, at, word, line, allowed);
      }
      String what = allowed.contains("setBody") ? "unknown step '" + word + "'"
          : allowed.contains("routeTemplate") ? "unknown entry '" + word + "'"
          : "unknown property '" + word + "' of " + owner(at);
      return file.error(line, what + suggestion(word, allowed), allowed(word, allowed));
    });
  }

  private static RouteProblem nameless(RouteFile file, YamlTree at, String word, int line, Set<String> steps) {
    return at.members().stream().map(YamlTree::name).filter(steps::contains).findFirst()
        .map(step -> file.error(line, "'" + word + "' stands beside '" + step + "'",
            "indent it further than '" + step + ":', if it belongs to that step"))
        .orElseGet(() -> file.error(line, "'" + word + "' stands where a step's name belongs",
            "write the step's name there, such as '- to:', and indent what is its own below it"));
  }

  private Optional<RouteProblem> notAllowed(RouteFile file, YamlTree at) {
    return of("enum").findFirst().map(f -> {
      TreeSet<String> allowed = new TreeSet<>();
      f.getSchemaNode().forEach(v -> allowed.add(v.asText()));
      return file.error(at.line(), "'" + at.text() + "' is no value of " + owner(at) + suggestion(at.text(), allowed),
          "use one of " + String.join(", ", allowed));
    });
  }

  private Optional<RouteProblem> missing(RouteFile file, YamlTree at) {
    TreeSet<String> names = new TreeSet<>();
    of("required").map(ValidationMessage::getProperty).forEach(names::add);
    if (!at.isMap() || names.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(names.size() == 1
        ? file.error(at.line(), owner(at) + " has no '" + names.first() + "'", "add '" + names.first() + ":'")
        : choice(file, at, names));
  }

  /** A union of maps that each need another member (the languages of an expression) fails once for each of them. */
  private RouteProblem choice(RouteFile file, YamlTree at, TreeSet<String> missing) {
    TreeSet<String> allowed = new TreeSet<>(missing);
    of("oneOf").forEach(union -> union.getSchemaNode()
        .forEach(choice -> choice.path("required").forEach(name -> allowed.add(name.asText()))));
    List<String> found = at.members().stream().map(YamlTree::name).toList();
    List<String> chosen = found.stream().filter(allowed::contains).toList();
    if (chosen.size() > 1) {
      return file.error(at.line(), owner(at) + " has " + String.join(" and ", chosen) + ", where one is allowed",
          "keep one of them");
    }
    Optional<String> near = found.stream().flatMap(w -> MessageText.near(w, allowed).stream()).findFirst();
    return file.error(at.line(), owner(at) + " needs one member of a set, and has "
        + (found.isEmpty() ? "none" : String.join(", ", found)) + near.map(n -> ": did you mean '" + n + "'?")
        .orElse(""), near.map(n -> "write '" + n + "'").orElse("use one of " + String.join(", ", allowed)));
  }

  private Optional<RouteProblem> wrongKind(RouteFile file, YamlTree at) {
    List<String> kinds = new ArrayList<>();
    of("type").map(f -> f.getSchemaNode().asText()).distinct().map(t -> TYPE_WORDS.getOrDefault(t, t))
        .forEach(kinds::add);
    if (kinds.isEmpty()) {
      return Optional.empty();
    }
    String found = at.isMap() ? "a map" : at.isList() ? "a list" : at.isText() ? "'" + at.text() + "'" : "nothing";
    String text = kinds.equals(List.of("text")) && at.isText() ? "put it in quotes"
        : found.equals("nothing") && kinds.contains("a map") ? "indent what belongs to it further than '" + at.name() + ":'"
        : "write " + String.join(" or ", kinds);
    return Optional.of(file.error(at.line(), owner(at) + " is " + found + ", not " + String.join(" or ", kinds), text));
  }

  /** A step that lost its dash. */
  private Optional<RouteProblem> tooMany(RouteFile file, YamlTree at) {
    List<YamlTree> members = at.members();
    return of("maxProperties").findFirst().filter(f -> members.size() > 1).map(f -> file.error(members.get(1).line(),
        owner(at) + " holds " + String.join(" and ", members.stream().map(YamlTree::name).toList())
            + ", where one is allowed", "begin each with '- '"));
  }

  private RouteProblem other(RouteFile file, YamlTree at) {
    String message = findings.get(0).getMessage();
    return file.error(at.line(), owner(at) + message.substring(message.indexOf(": ") + 1),
        "see the page of '" + at.name() + "' in Camel's documentation");
  }

  private static String owner(YamlTree at) {
    return at.name().isEmpty() ? "this entry" : at.name();
  }

  private Set<String> propertiesBeside(ValidationMessage finding) {
    String pointer = finding.getSchemaLocation().getFragment().toString();
    Set<String> names = new TreeSet<>();
    schema.at(pointer.substring(0, pointer.lastIndexOf('/'))).path("properties").fieldNames()
        .forEachRemaining(names::add);
    return names;
  }

  private static String suggestion(String word, TreeSet<String> allowed) {
    return MessageText.near(word, allowed).map(near -> ": did you mean '" + near + "'?").orElse("");
  }

  private static String allowed(String word, TreeSet<String> allowed) {
    Optional<String> near = MessageText.near(word, allowed);
    if (near.isPresent()) {
      return "write '" + near.get() + "', or remove it";
    }
    return allowed.isEmpty() || allowed.size() > LISTED ? "remove it"
        : "use one of " + String.join(", ", allowed);
  }
}
