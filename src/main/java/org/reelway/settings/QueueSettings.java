package org.reelway.settings;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/** {@code reelway.queue.*}: the broker over which several sidecars hand each other work. */
public final class QueueSettings {
  private static final String EXAMPLE = "tcp://broker.example.com:61616";
  private static final String ONE = "tcp://[^\\s,/?#()@]+:\\d{1,5}";
  private static final String PARAMETERS = "(\\?[^\\s#()@]*)?";
  private static final Pattern FORM =
      Pattern.compile(ONE + PARAMETERS + "|" + ONE + "(\\s*,\\s*" + ONE + ")+|\\(" + ONE + "(," + ONE + ")*\\)" + PARAMETERS);
  private static final Pattern LOGIN = Pattern.compile("[?&](user|\\w*password)=", Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  public static final Setting<String> URL = Setting.optional(
      "reelway.queue.url",
      ValueType.of("URL", "tcp://HOST:PORT, several separated by commas, or (tcp://A:PORT,tcp://B:PORT)?parameters", QueueSettings::url),
      "Artemis broker over which sidecars hand each other mixes (docs/mixer.md, A mixing farm); the state they share is that of "
          + "reelway.state.url. It needs the libraries of queue-lib, which the launcher adds; without it each mixes its own.");
  public static final Setting<String> USERNAME = Setting.optional("reelway.queue.username", Types.USERNAME, "User of that broker.");
  public static final Setting<String> PASSWORD =
      Setting.optional("reelway.queue.password", Types.PASSWORD, "Password of that user.");
  public static final Setting<String> MIXES = Setting.of(
      "reelway.queue.mixes",
      ValueType.of("name", "1 to 128 letters, digits, dots, hyphens and underscores", QueueSettings::name),
      "reelway.mixes", "Queue of the mixes that workers are to make. Those that cannot be made go to the one with .dead behind it.");

  static final Setting.Group GROUP = new Setting.Group(
      "Queue", "A broker between several sidecars ([mixer.md](mixer.md#a-mixing-farm)).", List.of(URL, USERNAME, PASSWORD, MIXES));

  private QueueSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(
        CrossRule.goesWith(USERNAME, URL), CrossRule.goesWith(PASSWORD, USERNAME),
        new CrossRule(
            List.of(URL, StateSettings.URL), URL,
            settings -> CrossRule.problemIf(
                settings.isSet(URL) && !settings.isSet(StateSettings.URL),
                "is set, but " + StateSettings.URL + " is not: sidecars that hand each other work share their state; set that too, or"
                    + " remove it")));
  }

  private static String url(String text) {
    if (text.contains("@") || LOGIN.matcher(text).find()) {
      // Not quoted: it may hold a secret.
      throw new InputFailure(
          "the URL holds a user name or a password; remove it and set reelway.queue.username and reelway.queue.password instead");
    }
    if (!FORM.matcher(text).matches()) {
      throw new InputFailure(MessageText.quoted(text) + " is no address of an Artemis broker; write it like " + EXAMPLE
          + ", or (tcp://a:61616,tcp://b:61616) for several");
    }
    return text;
  }

  private static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new InputFailure(MessageText.quoted(text) + " is no name of a queue; write it like reelway.mixes");
    }
    return text;
  }
}
