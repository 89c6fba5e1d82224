package org.reelway.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/**
 * How the key of a live chunk or playlist is made of its path below the live folder. Playlists name their chunks relative
 * to themselves, so a template may only change what stands before a group's own files: it ends with {@code {path}}, or
 * with {@code {rest}} behind a {@code {group}}.
 */
public final class LiveKey {
  /** As docs and messages list them. */
  static final String ALLOWED =
      "text and {group} before {path} or {rest}, which comes last, behind a slash or alone; {rest} needs {group}";
  static final ValueType<LiveKey> TYPE = ValueType.of("template", ALLOWED, LiveKey::parse);

  private static final Pattern ELEMENT = Pattern.compile("\\{([^{}]*)}");
  private static final Pattern SAFE_TEXT = Pattern.compile("[A-Za-z0-9!_.*'() /=@+:,-]*");

  /** The path below the live folder, as it is. */
  public static final LiveKey PATH = parse("{path}");

  private final String text;
  private final String before;
  private final boolean wholePath;
  private final Pattern reverse;

  private LiveKey(String text, String before, boolean wholePath) {
    this.text = text;
    this.before = before;
    this.wholePath = wholePath;
    this.reverse = Pattern.compile(reverse(before) + "(?<end>.+)", Pattern.DOTALL);
  }

  /** @throws InputFailure where players would not find what a playlist names, or two files had one key */
  public static LiveKey parse(String text) {
    Matcher element = ELEMENT.matcher(text);
    List<String> names = new ArrayList<>();
    while (element.find()) {
      names.add(element.group(1));
    }
    String last = names.isEmpty() ? "" : names.get(names.size() - 1);
    boolean wholePath = last.equals("path");
    boolean ends = text.endsWith("{" + last + "}") && (wholePath || last.equals("rest"));
    String before = ends ? text.substring(0, text.length() - last.length() - 2) : text;
    if (!ends || !before.isEmpty() && !before.endsWith("/")) {
      throw refused(text, "does not end with /{path} or /{rest}, and players find chunks relative to their playlist only so");
    }
    List<String> others = names.subList(0, names.size() - 1);
    others.stream().filter(name -> !name.equals("group")).findFirst().ifPresent(
        name -> {
          throw refused(text, "has {" + name + "} in front, which is not the same for all files of a stream");
        });
    if (!wholePath && others.isEmpty()) {
      throw refused(text, "would give files of different groups one key");
    }
    requireSafe(text, before.replace("{group}", "group"));
    return new LiveKey(text, before, wholePath);
  }

  private static void requireSafe(String text, String before) {
    boolean hasOddSegment =
        before.startsWith("/") || before.contains("//") || ("/" + before).contains("/../") || ("/" + before).contains("/./");
    if (hasOddSegment || !SAFE_TEXT.matcher(before).matches()) {
      throw refused(text, "has text that is not fit for a key: an empty segment, . or .., a brace without its partner, or"
          + " another character than letters, digits and !_.*'() =@+:,-");
    }
  }

  private static String reverse(String before) {
    String[] pieces = before.split("\\{group}", -1);
    StringBuilder pattern = new StringBuilder(Pattern.quote(pieces[0]));
    for (int i = 1; i < pieces.length; i++) {
      pattern.append(i == 1 ? "(?<group>[^/]+)" : "\\k<group>").append(Pattern.quote(pieces[i]));
    }
    return pattern.toString();
  }

  /** Whether files of different groups come apart, so that one's playlist cannot name the other's files. */
  public boolean dividesGroups() {
    return before.contains("{group}");
  }

  /** The first folder of a path; empty where the file lies in none. */
  public static String group(String path) {
    return path.substring(0, Math.max(path.indexOf('/'), 0));
  }

  /**
   * The key below the prefix.
   *
   * @param path below the live folder, with {@code /}
   * @throws InputFailure where the file lies in no group and the template needs one
   */
  public String of(String path) {
    String group = group(path);
    if (dividesGroups() && group.isEmpty()) {
      throw new InputFailure(
          "\"" + path + "\" lies in no folder below the live folder, so {group} of reelway.live.key "
              + MessageText.quoted(text) + " has nothing; write it into a folder, or set reelway.live.key to one without {group}");
    }
    return before.replace("{group}", group) + (wholePath ? path : path.substring(group.length() + 1));
  }

  /** The path whose key this is; empty where it is nobody's. */
  public Optional<String> path(String key) {
    Matcher matcher = reverse.matcher(key);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String end = matcher.group("end");
    String path = wholePath ? end : matcher.group("group") + "/" + end;
    boolean same = !dividesGroups() || group(path).equals(matcher.group("group"));
    return same ? Optional.of(path) : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }

  private static InputFailure refused(String text, String why) {
    return new InputFailure(MessageText.quoted(text) + " " + why + "; allowed: " + ALLOWED);
  }
}
