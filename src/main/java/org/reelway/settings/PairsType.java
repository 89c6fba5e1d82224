package org.reelway.settings;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Entries {@code name=value}, separated by commas, in their order. */
final class PairsType implements ValueType<Map<String, String>> {
  /** By extension, lower case. */
  static final PairsType CONTENT_TYPES = new PairsType(
      "extension=type/subtype, separated by commas, such as mp4=video/mp4,ts=video/mp2t", 50,
      "[a-z0-9]{1,16}", "an extension in lower case, without the dot",
      value -> require(value.matches("[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}( *; *[!-~]{1,100})?"),
          value, "is not a media type; write it like video/mp4"));

  /** Values are templates. AWS allows 2 KB for all names and values of an object. */
  static final PairsType METADATA = new PairsType(
      "name=template, separated by commas, at most 20, such as station=studio-1,stream={stream}", 20,
      "[a-z0-9][a-z0-9_.-]{0,63}", "a name of lower-case letters, digits, hyphens, dots and underscores",
      KeyTemplate::ofValue);

  /** Values are templates. Limits: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html. */
  static final PairsType TAGS = new PairsType(
      "name=template, separated by commas, at most 10, such as keep=90d,stream={stream}", 10,
      "(?!aws:)[\\p{L}\\p{N}+_.:/@ -]{1,128}", "a tag of at most 128 letters, digits, spaces and + - _ . : / @",
      value -> {
        require(value.length() <= 256, value, "has more than 256 characters, the most that a tag's value has");
        KeyTemplate.ofValue(value);
      });

  /** The KMS encryption context. */
  static final PairsType CONTEXT = new PairsType(
      "name=value, separated by commas, at most 10, such as department=news", 10,
      "[ -~&&[^=,\"\\\\]]{1,128}", "a name of printable ASCII",
      value -> require(value.matches("[ -~&&[^\"\\\\]]{0,256}"), value,
          "is not valid here; allowed: printable ASCII without quotes and backslashes"));

  private static final Set<String> OWN_METADATA = Set.of("reelway-id", "mtime");

  private final String allowed;
  private final int most;
  private final Pattern name;
  private final String nameAllowed;
  private final Consumer<String> value;

  private PairsType(String allowed, int most, String name, String nameAllowed, Consumer<String> value) {
    this.allowed = allowed;
    this.most = most;
    this.name = Pattern.compile(name);
    this.nameAllowed = nameAllowed;
    this.value = value;
  }

  @Override
  public String text() {
    return "list";
  }

  @Override
  public String allowed() {
    return allowed;
  }

  @Override
  public Map<String, String> parse(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    new CommaList<>(this::pair).parse(text).forEach(pair -> {
      require(pairs.putIfAbsent(pair.getKey(), pair.getValue()) == null, pair.getKey(), "is given twice");
    });
    require(pairs.size() <= most, text, "has " + pairs.size() + " entries; allowed: at most " + most);
    return Collections.unmodifiableMap(pairs);
  }

  private Map.Entry<String, String> pair(String entry) {
    int equals = entry.indexOf('=');
    require(equals > 0, entry, "is not name=value; allowed: " + allowed);
    String key = entry.substring(0, equals).strip();
    require(name.matcher(key).matches(), key, "is not valid here; allowed: " + nameAllowed);
    require(this != METADATA || !OWN_METADATA.contains(key), key, "is Reelway's own; use another name");
    String content = entry.substring(equals + 1).strip();
    value.accept(content);
    return Map.entry(key, content);
  }

  private static void require(boolean right, String found, String wrong) {
    if (!right) {
      throw new InputFailure(Shown.quoted(found) + " " + wrong);
    }
  }
}
