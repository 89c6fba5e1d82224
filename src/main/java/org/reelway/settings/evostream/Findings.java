package org.reelway.settings.evostream;

import java.util.ArrayList;
import java.util.List;
import org.reelway.settings.Problem;

/** What is wrong with a file, each with its line and the path of its key. */
final class Findings {
  private final String file;
  private final List<Problem> problems = new ArrayList<>();

  /** @param file as its user calls it */
  Findings(String file) {
    this.file = file;
  }

  void add(Place place, String message) {
    problems.add(new Problem(file + ":" + place.line(), place.path(), message));
  }

  /** About the file as a whole. */
  void add(String message) {
    problems.add(new Problem(file, "", message));
  }

  int count() {
    return problems.size();
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Where something is, for messages: {@code plugins.json:12: StreamRecorder.period_time}. */
  String where(Place place) {
    return file + ":" + place.line() + ": " + place.path();
  }
}
