package org.reelway.settings;

import java.util.List;
import java.util.stream.Collectors;
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
}
