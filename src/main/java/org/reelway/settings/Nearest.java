package org.reelway.settings;

import java.util.Collection;
import java.util.Comparator;

/** Finds what was probably meant. */
public final class Nearest {
  private Nearest() {}

  public static String to(String given, Collection<String> known) {
    return known.stream().min(Comparator.comparingInt(one -> distance(given, one))).orElseThrow();
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
