package org.reelway.settings;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Entries {@code name=value}, separated by commas, in their order. */
final class PairTypes {
  private static final Set<String> OWN_METADATA = Set.of("reelway-id", "mtime");

  /** By extension, lower case. */
  static final ValueType<Map<String, String>> CONTENT_TYPES = pairs(
      "extension=type/subtype, separated by commas, such as mp4=video/mp4,ts=video/mp2t", 50,
      "[a-z0-9]{1,16}", "an extension in lower case, without the dot",
      pair -> require(pair.getValue().matches("[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}( *; *[!-~]{1,100})?"),
          pair.getValue(), "is not a media type; write it like video/mp4"));

  /** Values are templates. AWS allows 2 KB for all names and values of an object. */
  static final ValueType<Map<String, String>> METADATA = pairs(
      "name=template, separated by commas, at most 20, such as station=studio-1,stream={stream}", 20,
      "[a-z0-9][a-z0-9_.-]{0,63}", "a name of lower-case letters, digits, hyphens, dots and underscores",
      pair -> {
        require(!OWN_METADATA.contains(pair.getKey()), pair.getKey(), "is Reelway's own; use another name");
        KeyTemplate.ofValue(pair.getValue());
      });

  /** Values are templates. Limits: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html. */
  static final ValueType<Map<String, String>> TAGS = pairs(
      "name=template, separated by commas, at most 10, such as keep=90d,stream={stream}", 10,
      "(?!aws:)[\\p{L}\\p{N}+_.:/@ -]{1,128}", "a tag of at most 128 letters, digits, spaces and + - _ . : / @",
      pair -> {
        require(pair.getValue().length() <= 256, pair.getValue(), "has more than 256 characters, the most that a tag's value has");
        KeyTemplate.ofValue(pair.getValue());
      });

  /** The KMS encryption context. */
  static final ValueType<Map<String, String>> CONTEXT = pairs(
      "name=value, separated by commas, at most 10, such as department=news", 10,
      "[ -~&&[^=,\"\\\\]]{1,128}", "a name of printable ASCII",
      pair -> require(pair.getValue().matches("[ -~&&[^\"\\\\]]{0,256}"), pair.getValue(),
          "is not valid here; allowed: printable ASCII without quotes and backslashes"));

  private PairTypes() {}

  /** @param check of a pair whose name is right */
  private static ValueType<Map<String, String>> pairs(
      String allowed, int most, String name, String nameAllowed, Consumer<Map.Entry<String, String>> check) {
    Pattern names = Pattern.compile(name);
    return ValueType.of("list", allowed, text -> {
      Map<String, String> pairs = new LinkedHashMap<>();
      ValueType.list(text, entry -> pair(entry, allowed, names, nameAllowed, check)).forEach(pair ->
          require(pairs.putIfAbsent(pair.getKey(), pair.getValue()) == null, pair.getKey(), "is given twice"));
      require(pairs.size() <= most, text, "has " + pairs.size() + " entries; allowed: at most " + most);
      return Collections.unmodifiableMap(pairs);
    });
  }

  private static Map.Entry<String, String> pair(
      String entry, String allowed, Pattern names, String nameAllowed, Consumer<Map.Entry<String, String>> check) {
    int equals = entry.indexOf('=');
    require(equals > 0, entry, "is not name=value; allowed: " + allowed);
    String key = entry.substring(0, equals).strip();
    require(names.matcher(key).matches(), key, "is not valid here; allowed: " + nameAllowed);
    Map.Entry<String, String> pair = Map.entry(key, entry.substring(equals + 1).strip());
    check.accept(pair);
    return pair;
  }

  private static void require(boolean right, String found, String wrong) {
    if (!right) {
      throw new InputFailure(MessageText.quoted(found) + " " + wrong);
    }
  }
}
