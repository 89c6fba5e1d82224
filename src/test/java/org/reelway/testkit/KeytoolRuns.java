package org.reelway.testkit;

import java.util.Arrays;
import java.util.List;

/** Runs of the JDK's keytool, one after the other in one JVM: to start it takes longer than what it does. */
final class KeytoolRuns {
  static final String NEXT = "--next--";
  static final String PACKAGE = "sun.security.tools.keytool";

  private KeytoolRuns() {}

  /** @param arguments of each run, divided by {@link #NEXT}; the first that fails ends the JVM */
  public static void main(String[] arguments) throws Exception {
    List<String> left = Arrays.asList(arguments);
    while (!left.isEmpty()) {
      int end = left.contains(NEXT) ? left.indexOf(NEXT) : left.size();
      String[] run = left.subList(0, end).toArray(String[]::new);
      Class.forName(PACKAGE + ".Main").getMethod("main", String[].class).invoke(null, (Object) run);
      left = left.subList(Math.min(end + 1, left.size()), left.size());
    }
  }
}
