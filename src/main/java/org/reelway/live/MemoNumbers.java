package org.reelway.live;

import java.util.HashMap;
import java.util.Map;

/** Numbers by name, as a playlist's memo has them: {@code shift=3 run=17}. */
public final class MemoNumbers {
  private MemoNumbers() {}

  /** @return nothing where one of them is no number */
  public static Map<String, Long> parse(String text) {
    Map<String, Long> values = new HashMap<>();
    try {
      for (String word : text.strip().split(" ")) {
        String[] pair = word.split("=", 2);
        if (pair.length == 2) {
          values.put(pair[0], Long.parseLong(pair[1]));
        }
      }
      return values;
    } catch (NumberFormatException e) {
      return Map.of();
    }
  }
}
