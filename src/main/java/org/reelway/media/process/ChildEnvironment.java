package org.reelway.media.process;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Of our environment a child gets what every program needs only, for the rest may hold secrets. */
final class ChildEnvironment {
  private static final List<String> PASSED_ON =
      List.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR");
  private static final String LOCALE = "LC_";

  private ChildEnvironment() {}

  /** @param own variables that the child has beside those */
  static void set(ProcessBuilder builder, Map<String, String> own) {
    Map<String, String> ours = new TreeMap<>(builder.environment());
    builder.environment().clear();
    ours.forEach((name, value) -> {
      if (PASSED_ON.contains(name) || name.startsWith(LOCALE)) {
        builder.environment().put(name, value);
      }
    });
    builder.environment().putAll(own);
  }
}
