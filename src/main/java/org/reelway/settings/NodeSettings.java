package org.reelway.settings;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
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
          + "mixes what any sidecar ordered, callbacks brings callbacks to receivers, api has API and dashboard. One alone needs all.");

  static final Setting.Group GROUP =
      new Setting.Group("Node", "One of several sidecars that share the work (docs/cluster.md).", List.of(NODE, ROLES));

  private NodeSettings() {}

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
