package org.reelway.app;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.reelway.conference.mixer.MixProgress;

/** How far a mix is: on a terminal a bar that moves, elsewhere nothing. */
final class MixScreen {
  private static final int WIDTH = 28;

  private final PrintWriter out;
  private final boolean moving;

  MixScreen(PrintWriter out, boolean moving) {
    this.out = out;
    this.moving = moving;
  }

  void show(MixProgress progress) {
    if (moving) {
      out.print("\r" + line(progress) + "\u001b[K");
      out.flush();
    }
  }

  void end(MixProgress progress) {
    show(progress);
    if (moving) {
      out.println();
      out.flush();
    }
  }

  static String line(MixProgress progress) {
    int full = (int) Math.round(progress.share() * WIDTH);
    String left = progress.left().map(time -> "  " + words(time) + " left").orElse("");
    return String.format(
        Locale.ROOT, "  mixing %s %3.0f %%%s", "█".repeat(full) + "░".repeat(WIDTH - full), progress.share() * 100, left);
  }

  private static String words(Duration time) {
    return time.toHours() > 0
        ? String.format(Locale.ROOT, "%d:%02d:%02d h", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d min", time.toMinutes(), time.toSecondsPart());
  }
}
