package org.reelway.settings;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/** {@code reelway.node} and {@code reelway.roles}: one of several sidecars that share the state, and what it does of their work. */
public final class NodeSettings {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** What a sidecar does; each word is the constant in lower case. */
  public enum Role {
    /** Next to a media server: its files, events, chunks, relays and recorders. */
    INGEST,
    /** Mixes that any node ordered. */
    MIXER,
    /** Brings callbacks to their receivers. */
    CALLBACKS,
    /** API and dashboard. */
    API;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static final Setting<String> NODE = Setting.optional(
      "reelway.node", ValueType.of("name", "1 to 64 letters, digits, dots, hyphens and underscores", NodeSettings::name),
      "Name of this sidecar among those that share the state (reelway.state.url); each has its own, and keeps it over restarts and "
          + "updates. Where it is not set, the id that the state folder holds.");
  public static final Setting<Set<Role>> ROLES = Setting.of(
      "reelway.roles",
      ValueType.of(
          "list of words", "one or more of ingest, mixer, callbacks, api, separated by commas", NodeSettings::roles),
      "ingest,mixer,callbacks,api",
      "What this sidecar does: ingest is all that is next to a media server (files, events, live chunks, relays, recorders), mixer "
          + "mixes what any sidecar ordered, callbacks brings callbacks to receivers, api has API and dashboard. One that is alone needs all but api.");

  static final Setting.Group GROUP =
      new Setting.Group("Node", "One of several sidecars that share the work (docs/cluster.md).", List.of(NODE, ROLES));

  private NodeSettings() {}

  /** Whether the sidecar with these settings does what the role stands for. */
  public static boolean has(Settings settings, Role role) {
    return settings.get(ROLES).contains(role);
  }

  /** The roles as one writes them. */
  public static String words(Settings settings) {
    return settings.get(ROLES).stream().map(Role::word).collect(Collectors.joining(","));
  }

  /** Whether recordings of its own folders travel from here: files of a media server, or mixes that a worker of the farm makes. */
  public static boolean sends(Settings settings) {
    return has(settings, Role.INGEST) || has(settings, Role.MIXER) && settings.isSet(QueueSettings.URL);
  }

  static Stream<CrossRule> rules() {
    return Stream.of(new CrossRule(List.of(ROLES, StateSettings.URL), ROLES, NodeSettings::undone));
  }

  /** What nobody would do where this sidecar is alone. */
  private static Optional<String> undone(Settings settings) {
    List<String> missing = Stream.of(Role.INGEST, Role.MIXER, Role.CALLBACKS)
        .filter(role -> !has(settings, role)).map(Role::word).toList();
    return CrossRule.problemIf(!settings.isSet(StateSettings.URL) && !missing.isEmpty(),
        "leaves out " + String.join(", ", missing) + ", and no other sidecar would do that: " + StateSettings.URL
            + " is not set, so that this one is alone; set it to the database that the others share, or add what is left out");
  }

  private static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new InputFailure(MessageText.quoted(text)
          + " is no name of a node; write up to 64 letters, digits, dots, hyphens and underscores, such as studio-1");
    }
    return text;
  }

  private static Set<Role> roles(String text) {
    List<String> words = Arrays.stream(Role.values()).map(Role::word).toList();
    List<Role> all = ValueType.list(text, word -> {
      if (!words.contains(word)) {
        throw new InputFailure(MessageText.quoted(word) + " is no role; allowed are " + String.join(", ", words));
      }
      return Role.valueOf(word.toUpperCase(Locale.ROOT));
    });
    return EnumSet.copyOf(all);
  }
}
