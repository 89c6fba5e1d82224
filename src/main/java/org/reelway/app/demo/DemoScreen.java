package org.reelway.app.demo;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** What the demo shows: on a terminal a bar that moves, elsewhere a line now and then. */
public final class DemoScreen {
  private static final int WIDTH = 28;
  private static final long MEBIBYTE = 1 << 20;

  private final PrintWriter out;
  private final Ansi ansi;
  private final boolean moving;
  private int lastTenth = -1;

  /** @param moving whether lines may be written over */
  public DemoScreen(PrintWriter out, Ansi ansi, boolean moving) {
    this.out = out;
    this.ansi = ansi;
    this.moving = moving;
  }

  void title(String text) {
    line("@|bold " + text + "|@");
  }

  void fact(String name, String value) {
    out.printf("  %-10s %s%n", name, value);
    out.flush();
  }

  private void line(String markup) {
    out.println(ansi.string(markup));
    out.flush();
  }

  /** @param share 0 to 1 */
  void share(String what, double share) {
    bar(what, share, String.format(Locale.ROOT, "%3.0f %%", share * 100));
  }

  /** @param remainingSeconds negative where it is not known yet */
  void transfer(long done, long size, int partsDone, int parts, long bytesPerSecond, long remainingSeconds) {
    String left = remainingSeconds < 0 ? "" : String.format(Locale.ROOT, "  %d s left", remainingSeconds);
    bar(
        "sending",
        // All bytes are gone before the last part is stored: only then the bar is full.
        size == 0 ? 0 : Math.min((double) done / size, partsDone < parts ? 0.99 : 1),
        String.format(
            Locale.ROOT,
            "%.1f of %.1f MiB  part %d of %d  %.1f MiB/s%s",
            (double) done / MEBIBYTE,
            (double) size / MEBIBYTE,
            partsDone,
            parts,
            (double) bytesPerSecond / MEBIBYTE,
            left));
  }

  private void bar(String what, double share, String facts) {
    int full = (int) Math.round(Math.min(1, share) * WIDTH);
    String bar = "█".repeat(full) + "░".repeat(WIDTH - full);
    String text = String.format("  %-10s %s %s", what, bar, facts);
    int tenth = (int) (share * 10);
    if (moving) {
      out.print("\r" + text + "\u001b[K");
      out.flush();
    } else if (tenth != lastTenth) {
      out.println(text);
      out.flush();
    }
    lastTenth = tenth;
  }

  void endBar() {
    if (moving) {
      out.println();
      out.flush();
    }
    lastTenth = -1;
  }

  void verdict(boolean good, String text) {
    out.println();
    line((good ? "@|bold,green ✔ |@" : "@|bold,red ✘ |@") + text);
  }
}
