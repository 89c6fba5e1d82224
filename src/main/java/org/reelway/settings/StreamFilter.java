package org.reelway.settings;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.reelway.failure.InputFailure;

/**
 * Which streams something is for, by their names: a word that the name contains (nothing for all streams), as the media
 * servers' own filters have it, {@code glob:cam-*}, or {@code regex:cam-[0-9]+} for the whole name.
 */
public final class StreamFilter {
  /** Every stream. */
  public static final StreamFilter ALL = new StreamFilter("", name -> true);
  static final ValueType<StreamFilter> TYPE = ValueType.of(
      "stream filter", "a word that the name contains, nothing for all, glob:cam-* or regex:cam-[0-9]+", StreamFilter::parse);

  private static final String GLOB = "glob:";
  private static final String REGEX = "regex:";

  private final String text;
  private final Predicate<String> matches;

  private StreamFilter(String text, Predicate<String> matches) {
    this.text = text;
    this.matches = matches;
  }

  /** @throws InputFailure when the glob or the regular expression is none */
  public static StreamFilter parse(String text) {
    try {
      if (text.startsWith(GLOB)) {
        PathMatcher glob = FileSystems.getDefault().getPathMatcher(text);
        return new StreamFilter(text, name -> isMatch(glob, name));
      }
      if (text.startsWith(REGEX)) {
        return new StreamFilter(text, Pattern.compile(text.substring(REGEX.length())).asMatchPredicate());
      }
      return new StreamFilter(text, name -> name.contains(text));
    } catch (PatternSyntaxException e) {
      throw new InputFailure(MessageText.quoted(text) + " is no pattern: " + e.getDescription());
    }
  }

  private static boolean isMatch(PathMatcher glob, String name) {
    try {
      return glob.matches(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  public boolean matches(String stream) {
    return matches.test(stream);
  }

  @Override
  public String toString() {
    return text;
  }
}
