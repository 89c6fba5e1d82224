package org.reelway.camel.http;

import io.vertx.core.http.HttpMethod;
import java.util.Set;
import java.util.regex.Pattern;
import org.reelway.settings.access.Role;

/** What each role may ask for, by method and path. */
final class RolePaths {
  private static final Set<String> LOOKS = Set.of("GET", "HEAD", "OPTIONS");

  /** Where media servers post to; routes of the operator's own lie below /hooks. */
  private static final Pattern HOOKS = Pattern.compile("/hooks/.*|/evowebservices.*|/wcs.*|/StreamEvent|/StreamStatusEvent");

  /** WCS's calls are all posts; of Jolokia's the operations are looked at by JmxPolicy. */
  private static final Pattern LOOKS_BY_POST = Pattern.compile("/rest-api/[^/]+/find_all|/(observe|hawtio)/jolokia/?");

  private RolePaths() {}

  /** @param path normalized */
  static boolean allow(Role role, HttpMethod method, String path) {
    return switch (role) {
      case OPERATE -> true;
      case READ -> !isHook(path) && changesNothing(method, path);
      case HOOKS -> isHook(path);
    };
  }

  /** Whether it changes something and is no hook: hooks come by the hundred, and are told in recordings' stories. */
  static boolean isAction(HttpMethod method, String path) {
    return !changesNothing(method, path) && !isHook(path);
  }

  static String denied(Role role) {
    return role == Role.HOOKS ? "do anything but post hooks" : "change anything";
  }

  private static boolean isHook(String path) {
    return HOOKS.matcher(path).matches();
  }

  private static boolean changesNothing(HttpMethod method, String path) {
    return LOOKS.contains(method.name()) || LOOKS_BY_POST.matcher(path).matches();
  }
}
