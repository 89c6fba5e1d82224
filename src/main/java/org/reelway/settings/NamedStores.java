package org.reelway.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/**
 * {@code reelway.stores}: stores beside the primary one. Each has a name, and below it every setting that the primary has:
 * {@code reelway.store.archive.bucket}.
 */
public final class NamedStores {
  /** The store of {@code reelway.store.*} where commands, metrics and pages name it. */
  public static final String PRIMARY = "primary";

  public static final Setting<List<String>> STORES = Setting.of(
      "reelway.stores",
      ValueType.of("list of words", "at most 20 names of small letters, digits and hyphens, separated by commas",
          NamedStores::parse),
      "",
      "Names of further stores. The store archive has the settings of reelway.store.* as reelway.store.archive.*, of "
          + "which the bucket is needed. Routes send to it by store: archive (docs/stores.md).");

  static final Setting.Group GROUP = new Setting.Group(
      "More stores", "Further stores, each with every setting of the two tables above below its name.", List.of(STORES));

  private static final String PREFIX = StoreSettings.PRIMARY.name() + ".";
  private static final int MOST = 20;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");
  private static final Set<String> TAKEN = Set.of(PRIMARY, "backup");
  private static final Pattern KEY = Pattern.compile(Pattern.quote(PREFIX) + "([^.]+)\\.(.+)");

  private NamedStores() {}

  private static List<String> parse(String text) {
    List<String> names = text.isEmpty() ? List.of() : ValueType.list(text, NamedStores::name);
    if (names.size() > MOST || Set.copyOf(names).size() < names.size()) {
      throw new InputFailure(MessageText.quoted(text) + " has " + names.size() + " names; allowed: at most " + MOST
          + ", each once");
    }
    Map<String, String> keys = new HashMap<>();
    Catalog.FIXED.settings().forEach(setting -> keys.put(setting.env(), setting.key()));
    names.stream().flatMap(name -> all(group(name))).forEach(setting -> requireOwn(setting, keys));
    return names;
  }

  private static void requireOwn(Setting<?> setting, Map<String, String> keys) {
    String other = keys.put(setting.env(), setting.key());
    if (other != null) {
      throw new InputFailure("makes the variable " + setting.env() + " mean both " + other + " and " + setting.key()
          + "; give the store another name");
    }
  }

  private static String name(String text) {
    if (!NAME.matcher(text).matches() || TAKEN.contains(text)) {
      throw new InputFailure(MessageText.quoted(text) + " cannot be the name of a store; allowed: at most 31 small letters,"
          + " digits and hyphens, a letter first, and not primary or backup");
    }
    return text;
  }

  /** The names of a text that may hold wrong ones, which are told when it is parsed. */
  static List<String> usable(String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.isEmpty() ? new String[0] : text.split(",")) {
      names.add(name.strip());
      try {
        parse(String.join(",", names));
      } catch (InputFailure toldLater) {
        names.remove(names.size() - 1);
      }
    }
    return names;
  }

  /** The name of a store whose settings start so, such as {@code reelway.store.archive}; empty for the primary. */
  public static String nameOf(String group) {
    return group.startsWith(PREFIX) ? group.substring(PREFIX.length()) : "";
  }

  /** What people see and write for the name, which is empty for the primary. */
  public static String shown(String name) {
    return name.isEmpty() ? PRIMARY : name;
  }

  /** The name that {@link #shown} shows so. */
  public static String named(String shown) {
    return shown.equals(PRIMARY) ? "" : shown;
  }

  static StoreGroup group(String name) {
    return new StoreGroup(PREFIX + name, "Bucket of the store " + name + "; it must exist.");
  }

  static Stream<Setting<?>> all(StoreGroup group) {
    return Stream.concat(group.settings().stream(), group.objects.settings().stream());
  }

  /** The rules of one of them: those of every store, and that it has a bucket. */
  static Stream<CrossRule> rules(StoreGroup group) {
    CrossRule hasBucket = new CrossRule(
        List.of(group.bucket),
        group.bucket,
        settings -> CrossRule.problemIf(
            settings.get(group.bucket) == null, "is not set, and " + STORES + " names its store; " + group.bucket.howToSet()));
    return Stream.concat(group.rules().stream(), Stream.of(hasBucket, isNotTheBackup(group)));
  }

  /** A copy in the bucket that fails is none. */
  private static CrossRule isNotTheBackup(StoreGroup group) {
    StoreGroup backup = BackupSettings.STORE;
    return new CrossRule(
        List.of(group.bucket, group.endpoint, backup.bucket, backup.endpoint),
        group.bucket,
        settings -> CrossRule.problemIf(
            settings.isSet(backup.bucket) && settings.get(backup.bucket).equals(settings.get(group.bucket))
                && Objects.equals(settings.get(backup.endpoint), settings.get(group.endpoint)),
            "is the bucket of " + backup.bucket + " at the same address; name another bucket, best in another place"));
  }

  /** The key of the primary store that a key of a named one is like; empty for any other key. */
  public static Optional<String> likeOfFirst(String key) {
    Matcher matcher = KEY.matcher(key);
    return matcher.matches() ? Optional.of(PREFIX + matcher.group(2)) : Optional.empty();
  }

  /** What is wrong with a key or a variable that could belong to a store that nothing names. */
  static Optional<String> notNamed(String key) {
    boolean isKey = likeOfFirst(key).filter(like -> words().contains(like)).isPresent();
    boolean isVariable = words().stream()
        .map(word -> word.substring(PREFIX.length()).toUpperCase(Locale.ROOT).replace('-', '_'))
        .anyMatch(word -> key.matches("REELWAY_STORE_[A-Z][A-Z0-9_]*_" + word));
    return isKey || isVariable
        ? Optional.of("belongs to a store that " + STORES + " does not name; name it there, or remove this")
        : Optional.empty();
  }

  private static Set<String> words() {
    return all(StoreSettings.PRIMARY).map(Setting::key).collect(Collectors.toSet());
  }
}
