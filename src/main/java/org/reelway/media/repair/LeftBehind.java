package org.reelway.media.repair;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names that media servers give to files while they write them; a crash leaves them so. SRS: {@code x.mp4.tmp}; Ant Media
 * Server: {@code x.mp4.tmp_extension}; Flashphoner WCS: {@code x.mp4.tmp} with {@code x.mp4.header}, and for several
 * streams {@code x.mdat} with {@code x.info} and {@code x.trackN}; copies: {@code x.part} and their like.
 */
final class LeftBehind {
  private static final Pattern TEMPORARY =
      Pattern.compile(
          "([^.].*)\\.(tmp|temp|tmp_extension|part|partial|filepart|inprogress|incomplete)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern SCRATCH =
      Pattern.compile("([^.].*)\\.(mdat|info|track\\d*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private LeftBehind() {}

  /** The name that the file would have got; empty where the name is not that of an unfinished file. */
  static Optional<String> finalName(String name) {
    Matcher matcher = TEMPORARY.matcher(name);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Whether it is a part of a multi-stream recording that only together with the others is one. */
  static boolean isScratch(String name) {
    return SCRATCH.matcher(name).matches();
  }

  /**
   * Whether the writer never came to give the file its name.
   *
   * @param names of all files in its folder
   */
  static boolean isLeft(String name, Set<String> names) {
    Optional<String> finalName = finalName(name);
    if (finalName.isPresent()) {
      return !names.contains(finalName.get());
    }
    Matcher scratch = SCRATCH.matcher(name);
    // The other endings are anybody's; beside media data they are that recorder's.
    return scratch.matches()
        && names.contains(scratch.group(1) + ".mdat")
        && !names.contains(scratch.group(1) + ".mp4");
  }
}
