package org.reelway;

import org.reelway.app.CommandLineProgram;
import org.reelway.app.QuickTracks;

/** The program. */
public final class Reelway {
  private Reelway() {}

  public static void main(String[] arguments) {
    System.exit(QuickTracks.printed(arguments) ? 0 : CommandLineProgram.run(arguments));
  }
}
