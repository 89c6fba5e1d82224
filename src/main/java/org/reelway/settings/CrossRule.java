package org.reelway.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A rule about several settings.
 *
 * @param reads the settings it looks at; it is asked only when each of them is valid by itself
 * @param about the setting that the problem is reported for
 * @param check says what is wrong, if anything
 */
record CrossRule(List<Setting<?>> reads, Setting<?> about, Function<Settings, Optional<String>> check) {
  private static final Pattern LOOPBACK =
      Pattern.compile("127(\\.\\d{1,3}){3}|::1|localhost", Pattern.CASE_INSENSITIVE);

  CrossRule {
    reads = List.copyOf(reads);
  }

  static CrossRule goesWith(Setting<?> one, Setting<?> other) {
    return new CrossRule(
        List.of(one, other),
        one,
        settings -> problemIf(
            settings.isSet(one) && !settings.isSet(other),
            "is set, but " + other + " is not; set both or neither"));
  }

  static CrossRule isNotLonger(Setting<Duration> first, Setting<Duration> most) {
    return new CrossRule(
        List.of(first, most),
        first,
        settings -> problemIf(
            settings.get(first).compareTo(settings.get(most)) > 0,
            MessageText.quoted(settings.shown(first)) + " is longer than " + most + " (" + settings.shown(most)
                + "); make it the same or shorter"));
  }

  static CrossRule openHostNeedsPassword(
      Setting<String> host, Setting<String> username, Setting<String> password) {
    return new CrossRule(
        List.of(host, username, HttpSettings.ACCESS_FILE),
        host,
        settings -> problemIf(
            !isLoopback(settings.get(host)) && !settings.isSet(username) && !settings.isSet(password)
                && !settings.isSet(HttpSettings.ACCESS_FILE),
            MessageText.quoted(settings.get(host)) + " is reachable from other machines; set " + HttpSettings.ACCESS_FILE + ", or "
                + username + " and " + password + ", or listen on 127.0.0.1"));
  }

  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  static Optional<String> problemIf(boolean wrong, String message) {
    return wrong ? Optional.of(message) : Optional.empty();
  }
}
