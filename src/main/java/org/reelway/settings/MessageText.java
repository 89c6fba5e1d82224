package org.reelway.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** How messages show what was given, and what was probably meant. */
public final class MessageText {
  private static final int LIMIT = 120;

  private MessageText() {}

  /** A value quoted, on one line, and not longer than a line. */
  public static String quoted(String value) {
    String cut = value.codePointCount(0, value.length()) <= LIMIT
        ? value
        : value.substring(0, value.offsetByCodePoints(0, LIMIT)) + "...";
    StringBuilder shown = new StringBuilder("\"");
    cut.codePoints().forEach(c -> {
      if (Character.isISOControl(c)) {
        shown.append(String.format("\\u%04x", c));
      } else {
        shown.appendCodePoint(c);
      }
    });
    return shown.append('"').toString();
  }

  /** The one that is nearest. */
  public static String nearest(String given, Collection<String> known) {
    return known.stream().min(Comparator.comparingInt(one -> distance(given, one))).orElseThrow();
  }

  /** The same, whatever its case; empty where none is near: more than a third of its letters differ. */
  public static Optional<String> near(String given, Collection<String> known) {
    ToIntFunction<String> far = one -> distance(given.toLowerCase(Locale.ROOT), one.toLowerCase(Locale.ROOT));
    return known.stream()
        .filter(one -> far.applyAsInt(one) <= Math.max(1, Math.max(given.length(), one.length()) / 3))
        .min(Comparator.comparingInt(far).thenComparing(Comparator.naturalOrder()));
  }

  /** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other. */
  static int distance(String one, String other) {
    int[][] d = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(d, one, other, i, j);
      }
    }
    return d[one.length()][other.length()];
  }

  private static int step(int[][] d, String one, String other, int i, int j) {
    int replace = d[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped = i > 1 && j > 1
        && one.charAt(i - 1) == other.charAt(j - 2)
        && one.charAt(i - 2) == other.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
