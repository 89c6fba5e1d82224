package org.reelway.media.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.reelway.failure.OurFailure;

/** Starts programs. Of our environment a child gets what every program needs only, for the rest may hold secrets. */
final class ChildStart {
  private static final List<String> PASSED_ON =
      List.of("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR");
  private static final String LOCALE = "LC_";

  private ChildStart() {}

  /**
   * @param own variables that the child has beside those
   * @throws OurFailure it could not be started
   */
  static Process start(ProcessBuilder builder, Path program, List<String> arguments, Map<String, String> own) {
    builder.command().add(program.toString());
    builder.command().addAll(arguments);
    set(builder, own);
    try {
      return builder.start();
    } catch (IOException | IllegalArgumentException e) {
      // The message of the system repeats the arguments nowhere.
      throw new OurFailure(program + " cannot be started: " + e.getMessage(), e);
    }
  }

  private static void set(ProcessBuilder builder, Map<String, String> own) {
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
