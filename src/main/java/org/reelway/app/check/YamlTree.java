package org.reelway.app.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML value that knows its lines, read by the same parser as Camel's. Lines are counted from 1.
 *
 * @param key the key that the value stands under; null for the root and for an item of a list
 */
record YamlTree(Node key, Node node) {

  /**
   * Parses one document.
   *
   * @return empty when the text holds comments and white space only
   * @throws YamlEngineException when it is no YAML
   */
  static Optional<YamlTree> parse(String text, String label) {
    LoadSettings settings = LoadSettings.builder().setLabel(label).setAllowRecursiveKeys(false).build();
    return new Compose(settings).composeString(text).map(node -> new YamlTree(null, node));
  }

  String name() {
    return key instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  boolean isMap() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean isText() {
    return node instanceof ScalarNode scalar && scalar.getTag() != Tag.NULL;
  }

  /** The text of a scalar, else empty. */
  String text() {
    return isText() ? ((ScalarNode) node).getValue() : "";
  }

  /** Members of a map, in their order; none for anything else. */
  List<YamlTree> members() {
    return node instanceof MappingNode map
        ? map.getValue().stream().map(t -> new YamlTree(t.getKeyNode(), t.getValueNode())).toList()
        : List.of();
  }

  /** Items of a list, in their order; none for anything else. */
  List<YamlTree> items() {
    return node instanceof SequenceNode list
        ? list.getValue().stream().map(item -> new YamlTree(null, item)).toList()
        : List.of();
  }

  List<YamlTree> children() {
    return isMap() ? members() : items();
  }

  Optional<YamlTree> get(String member) {
    return members().stream().filter(m -> m.name().equals(member)).findFirst();
  }

  /** The value at the end of a path of members; empty when one is missing. */
  Optional<YamlTree> get(String first, String... more) {
    Optional<YamlTree> found = get(first);
    for (String name : more) {
      found = found.flatMap(t -> t.get(name));
    }
    return found;
  }

  /** The text of a member, empty when it is missing. */
  String text(String member) {
    return get(member).map(YamlTree::text).orElse("");
  }

  /** Where it begins: the line of its key, or of the value itself. */
  int line() {
    return line((key == null ? node : key).getStartMark());
  }

  /** The line where the value begins. */
  int valueLine() {
    return line(node.getStartMark());
  }

  /** The last line that holds something of it (a block's own end mark lies on the next token). */
  int lastLine() {
    int own = node instanceof ScalarNode ? Math.max(line(), lastLineOfScalar()) : line();
    return children().stream().mapToInt(YamlTree::lastLine).reduce(own, Math::max);
  }

  private int lastLineOfScalar() {
    Optional<Mark> end = node.getEndMark();
    int line = line(end);
    return end.isPresent() && end.get().getColumn() == 0 ? line - 1 : line;
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(m -> m.getLine() + 1).orElse(0);
  }

  /** This value and everything below it, top down. */
  Stream<YamlTree> walk() {
    return Stream.concat(Stream.of(this), children().stream().flatMap(YamlTree::walk));
  }

  /** Whether an alias stands below its own anchor, so that there is no end to it. */
  boolean isEndless() {
    return node.isRecursive() || children().stream().anyMatch(YamlTree::isEndless);
  }

  JsonNode json() {
    if (isMap()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      members().forEach(m -> object.set(m.name(), m.json()));
      return object;
    }
    if (isList()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      items().forEach(item -> array.add(item.json()));
      return array;
    }
    return scalarJson((ScalarNode) node);
  }

  private static JsonNode scalarJson(ScalarNode scalar) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return json.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return json.booleanNode(Boolean.parseBoolean(scalar.getValue()));
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return number(scalar.getValue());
    }
    return json.textNode(scalar.getValue());
  }

  private static JsonNode number(String text) {
    try {
      return JsonNodeFactory.instance.numberNode(new BigDecimal(text));
    } catch (NumberFormatException infinite) {
      return JsonNodeFactory.instance.numberNode(Double.NaN);
    }
  }
}
