package org.reelway;

import org.reelway.cli.CommandLineProgram;

/** The program. */
public final class Reelway {
  private Reelway() {}

  public static void main(String[] arguments) {
    int exitCode = CommandLineProgram.run(arguments);
    System.exit(exitCode);
  }
}
