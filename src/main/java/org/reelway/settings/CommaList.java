package org.reelway.settings;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.reelway.failure.InputFailure;

/** Entries separated by commas, spaces around each dropped. */
final class CommaList<T> {
  private final Function<String, T> entry;

  CommaList(Function<String, T> entry) {
    this.entry = entry;
  }

  List<T> parse(String text) {
    List<String> entries = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (entries.contains("")) {
      throw new InputFailure(Shown.quoted(text) + " has an empty entry; write entries separated by single commas");
    }
    return entries.stream().map(entry).toList();
  }
}
