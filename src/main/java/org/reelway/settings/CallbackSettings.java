package org.reelway.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** {@code reelway.callbacks.*}: who is told what, and how long it is tried. */
public final class CallbackSettings {
  public static final Setting<List<CallbackUrl>> URL = Setting.optional(
      "reelway.callbacks.url", CallbackUrl.LIST,
      "Who is told, by a POST of JSON, that a recording is verified in the store, was brought back from the backup, or was "
          + "set aside. Callbacks wait under the receiver's name (its host where it has none), so that an address can be "
          + "put right for those that wait too.");
  public static final Setting<CallbackUrl> EVENTS_URL = Setting.optional(
      "reelway.callbacks.events-url", CallbackUrl.TYPE,
      "A backend that is told at <URL>/StreamEvent, as Flashphoner WCS does, that the recording of a stream began or ended.");
  public static final Setting<String> SECRET = Setting.optional(
      "reelway.callbacks.secret", Types.SIGNING_SECRET,
      "With it callbacks are signed as Standard Webhooks says (headers webhook-id, webhook-timestamp, webhook-signature).");
  public static final Setting<String> OLD_SECRET = Setting.optional(
      "reelway.callbacks.old-secret", Types.SIGNING_SECRET,
      "While receivers change from this secret to the new one, callbacks are signed with both.");
  public static final Setting<List<String>> ALLOW_PRIVATE = Setting.of(
      "reelway.callbacks.allow-private", AddressTypes.HOSTS, "",
      "Receivers that may be on this machine or in a private network. All others are called only at addresses of the open "
          + "internet, whatever a name service says.");
  public static final Setting<Path> CA_FILE = Setting.optional(
      "reelway.callbacks.ca-file", Folders.PATH,
      "PEM file with certificates that receivers' certificates may be signed by, beside those that Java trusts.");
  public static final Setting<Duration> TIMEOUT = Setting.of(
      "reelway.callbacks.timeout", Types.duration("100ms", "5m"), "15s",
      "How long one try may take as a whole; its connection gets 5s of that.");
  public static final Setting<Duration> RETRY_FIRST = Setting.of(
      "reelway.callbacks.retry-first", Types.duration("100ms", "1h"), "5s",
      "The pause after a first try that failed; each further failure doubles it.");
  public static final Setting<Duration> RETRY_MAX = Setting.of(
      "reelway.callbacks.retry-max", Types.duration("100ms", "1d"), "15m", "The longest pause between two tries.");
  public static final Setting<Duration> GIVE_UP_AFTER = Setting.of(
      "reelway.callbacks.give-up-after", Types.duration("1m", "365d"), "3d",
      "After this time, and at least ten tries, a callback becomes a dead letter. Those stay until somebody replays them.");
  public static final Setting<Duration> KEEP = Setting.of(
      "reelway.callbacks.keep", Types.duration("1h", "365d"), "7d",
      "How long delivered callbacks are remembered, to be looked at and replayed.");
  public static final Setting<Boolean> ADDITIONS = Setting.of(
      "reelway.callbacks.additions", Types.BOOLEAN, "false",
      "Whether the callback of a multi-recorder has one member more than in WCS, reelway: which step is told, ids, streams, "
          + "and once they are uploaded bucket, key and checksum of both files.");
  public static final Setting<MultiRecorderCallbackAt> MULTI_RECORDER = Setting.of(
      "reelway.callbacks.multi-recorder", Types.choice(MultiRecorderCallbackAt.class), "mixed",
      "When WCS's multiRecorderCallback is sent (callbackUrl of offline_mixer.json): mixed once the mix is there, as WCS "
          + "does; uploaded once the mix and the multi-recording are verified in the store; both sends two.");
  public static final Setting<Duration> LINK_EXPIRES = Setting.optional(
      "reelway.callbacks.link-expires", Types.duration("1m", "7d"),
      "With it what is told of a recording in the store has a link (data.link) by which anybody can get it for this long. Not "
          + "set, there is none.");

  static final Setting.Group GROUP = new Setting.Group(
      "Callbacks", "Backends that are told what happened (docs/callbacks.md).",
      List.of(
          URL, EVENTS_URL, SECRET, OLD_SECRET, ALLOW_PRIVATE, CA_FILE, TIMEOUT, RETRY_FIRST, RETRY_MAX, GIVE_UP_AFTER,
          KEEP, ADDITIONS, MULTI_RECORDER, LINK_EXPIRES));

  private CallbackSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(
        privateIsAllowed(URL, settings -> Optional.ofNullable(settings.get(URL)).orElse(List.of())),
        privateIsAllowed(
            EVENTS_URL, settings -> Optional.ofNullable(settings.get(EVENTS_URL)).map(List::of).orElse(List.of())),
        new CrossRule(
            List.of(SECRET, OLD_SECRET),
            OLD_SECRET,
            settings -> CrossRule.problemIf(
                settings.isSet(OLD_SECRET) && !settings.isSet(SECRET),
                "is set, but " + SECRET + " is not; that is the one to begin with")),
        CrossRule.isNotLonger(RETRY_FIRST, RETRY_MAX));
  }

  /** What can be known without asking anybody is better said at the start than at the first callback. */
  private static CrossRule privateIsAllowed(
      Setting<?> setting, java.util.function.Function<Settings, List<CallbackUrl>> urls) {
    return new CrossRule(
        List.of(setting, ALLOW_PRIVATE),
        setting,
        settings -> urls.apply(settings).stream()
            .filter(url -> url.isPlainlyPrivate() && !isAllowed(url.host(), settings.get(ALLOW_PRIVATE)))
            .findFirst()
            .map(url -> "its host " + MessageText.quoted(url.host()) + " is on this machine or in a private network; if that is"
                + " meant, add it to " + ALLOW_PRIVATE));
  }

  private static boolean isAllowed(String host, List<String> allowed) {
    return allowed.stream()
        .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("^(\\*?\\.|\\[)|\\]$", ""))
        .anyMatch(name -> name.equals("*") || host.equals(name) || host.endsWith("." + name));
  }

  /** When the backend of a multi-recorder is told. */
  public enum MultiRecorderCallbackAt {
    /** Once it is mixed, as WCS does. */
    MIXED,
    /** Once both files are verified in the store. */
    UPLOADED,
    /** Each time. */
    BOTH
  }
}
