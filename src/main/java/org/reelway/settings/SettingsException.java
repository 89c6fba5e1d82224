package org.reelway.settings;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;

/** The settings are wrong; the message has one line for each problem. */
public final class SettingsException extends InputFailure {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public SettingsException(List<Problem> problems) {
    super(problems.stream().map(Problem::line).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All of them, at least one. */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * One thing that is wrong with the settings.
   *
   * @param where {@code application.properties:12}, {@code environment REELWAY_X}, {@code --set}, or empty when the cause
   *     is that something is missing
   * @param key of the setting; empty when the problem is not about one
   * @param message what was found, what is allowed, what to do; never a secret
   */
  public record Problem(String where, String key, String message) {
    /** The problem in one line. */
    public String line() {
      return Stream.of(where, key, message).filter(s -> !s.isEmpty()).collect(Collectors.joining(": "));
    }
  }
}
