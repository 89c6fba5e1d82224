package org.reelway.app;

import java.io.Console;

/** Whether a person watches. */
final class Terminal {
  private Terminal() {}

  /** From Java 22 on there is a console also where output goes to a file; only then it can be asked. */
  static boolean isWatched() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException before22) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
