package org.reelway.stream.workflow.aws;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
import org.reelway.settings.MessageText;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * A request of the AWS API that users write as JSON: members as the API reference and {@code aws ... --cli-input-json} name
 * them, {@code //} comments, and placeholders such as <code>${input}</code> in texts. What the API does not know is refused
 * by name.
 */
final class JsonTemplate {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, JsonParser.Feature.ALLOW_COMMENTS)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final String source;
  private final JsonNode root;

  private JsonTemplate(String source, JsonNode root) {
    this.source = source;
    this.root = root;
  }

  /**
   * @param setting that names the file
   * @throws InputFailure it cannot be read, or holds no JSON object
   */
  static JsonTemplate read(Path file, String setting) {
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      if (!root.isObject()) {
        throw new InputFailure(file + " holds no JSON object; begin with the one that is shipped (docs/workflow.md)");
      }
      return new JsonTemplate(file.toString(), root);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new InputFailure(file + " is no JSON, line " + line + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new InputFailure(
          file + " cannot be read: " + e + "; name a template by " + setting + ", such as the one that is shipped", e);
    }
  }

  /**
   * The same, of one of its members alone.
   *
   * @param known names that there may be
   */
  JsonTemplate member(String name, List<String> known) {
    root.fieldNames().forEachRemaining(given -> requireKnown(given, given, known, "this template"));
    if (!root.path(name).isObject()) {
      throw new InputFailure(source + " lacks the object " + name + "; begin with the one that is shipped (docs/workflow.md)");
    }
    return new JsonTemplate(source + ": " + name, root.get(name));
  }

  /**
   * @param builder of the request; it is filled
   * @param values of the placeholders, by name
   */
  <B extends SdkPojo> B into(B builder, Map<String, String> values) {
    fill(builder, root, "", values);
    return builder;
  }

  private void fill(SdkPojo to, JsonNode from, String where, Map<String, String> values) {
    if (!from.isObject()) {
      throw wrong(where, "is no object");
    }
    Map<String, SdkField<?>> fields = new LinkedHashMap<>();
    to.sdkFields().forEach(field -> fields.put(field.memberName(), field));
    from.fields().forEachRemaining(member -> {
      String path = where.isEmpty() ? member.getKey() : where + "." + member.getKey();
      requireKnown(path, member.getKey(), List.copyOf(fields.keySet()), where.isEmpty() ? "the request" : where);
      fields.get(member.getKey()).set(to, value(fields.get(member.getKey()), member.getValue(), path, values));
    });
  }

  private void requireKnown(String path, String given, List<String> known, String of) {
    if (!known.contains(given)) {
      throw new InputFailure(
          source + ": " + MessageText.quoted(path) + " is not known; the nearest member of " + of + " is "
              + MessageText.nearest(given, new TreeSet<>(known)));
    }
  }

  private Object value(SdkField<?> field, JsonNode from, String where, Map<String, String> values) {
    MarshallingType<?> type = field.marshallingType();
    if (type == MarshallingType.SDK_POJO) {
      SdkPojo made = field.constructor().get();
      fill(made, from, where, values);
      return ((Buildable) made).build();
    }
    if (type == MarshallingType.LIST) {
      return list(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), from, where, values);
    }
    if (type == MarshallingType.MAP) {
      Map<String, Object> made = new LinkedHashMap<>();
      SdkField<?> each = field.getRequiredTrait(MapTrait.class).valueFieldInfo();
      from.fields().forEachRemaining(
          one -> made.put(one.getKey(), value(each, one.getValue(), where + "." + one.getKey(), values)));
      return made;
    }
    if (!from.isValueNode() || from.isNull()) {
      throw wrong(where, "is no single value");
    }
    return scalar(type, filled(from.asText(), where, values), where);
  }

  private List<Object> list(SdkField<?> each, JsonNode from, String where, Map<String, String> values) {
    if (!from.isArray()) {
      throw wrong(where, "is no list");
    }
    List<Object> made = new ArrayList<>();
    for (JsonNode one : from) {
      made.add(value(each, one, where + "[" + made.size() + "]", values));
    }
    return made;
  }

  private Object scalar(MarshallingType<?> type, String text, String where) {
    try {
      if (type == MarshallingType.STRING) {
        return text;
      } else if (type == MarshallingType.INTEGER) {
        return Integer.valueOf(text);
      } else if (type == MarshallingType.LONG) {
        return Long.valueOf(text);
      } else if (type == MarshallingType.DOUBLE) {
        return Double.valueOf(text);
      } else if (type == MarshallingType.BOOLEAN && text.matches("true|false")) {
        return Boolean.valueOf(text);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong(where, "is " + MessageText.quoted(text) + ", where " + type.getTargetClass().getSimpleName() + " is wanted");
  }

  private String filled(String text, String where, Map<String, String> values) {
    Matcher found = PLACEHOLDER.matcher(text);
    StringBuilder made = new StringBuilder();
    while (found.find()) {
      String value = values.get(found.group(1));
      if (value == null) {
        throw wrong(where, "has the placeholder " + found.group() + ", which is not known; there are "
            + String.join(", ", new TreeSet<>(values.keySet())));
      }
      found.appendReplacement(made, Matcher.quoteReplacement(value));
    }
    return found.appendTail(made).toString();
  }

  private InputFailure wrong(String where, String what) {
    return new InputFailure(source + ": " + (where.isEmpty() ? "it" : where) + " " + what);
  }
}
