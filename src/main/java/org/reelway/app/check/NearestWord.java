package org.reelway.app.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a misspelt word was probably meant to be. */
final class NearestWord {
  private final Collection<String> allowed;

  NearestWord(Collection<String> allowed) {
    this.allowed = allowed;
  }

  /** The nearest word by edit distance; empty when none is near (more than a third of its letters differ). */
  Optional<String> to(String word) {
    return allowed.stream().filter(a -> distance(word, a) <= Math.max(1, Math.max(word.length(), a.length()) / 3))
        .min(Comparator.comparingInt((String a) -> distance(word, a)).thenComparing(Comparator.naturalOrder()));
  }

  private static int distance(String from, String to) {
    String a = from.toLowerCase(Locale.ROOT);
    String b = to.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
