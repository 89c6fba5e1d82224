package org.reelway.recording;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names that media servers and other programs give to files that are not, or not yet, recordings. Decided by the name
 * alone, whatever its case.
 */
public final class SideFiles {
  private static final List<Kind> KINDS =
      List.of(
          new Kind("\\..*", "hidden file"),
          new Kind(".*~", "backup copy of an editor"),
          new Kind(".*\\.upload", "marker of a recording"),
          new Kind(".*\\.mp4\\.header", "header part of a recording that Flashphoner is still writing"),
          new Kind(".*\\.tmp_extension", "recording that Ant Media Server is still writing"),
          new Kind(".*\\.(tmp|temp)", "temporary file of a media server that is still writing"),
          new Kind(".*\\.(part|partial|filepart|crdownload|inprogress|incomplete)", "unfinished copy or download"),
          new Kind(".*\\.(info|mdat|track\\d*)", "scratch file of a multi-stream recorder"),
          new Kind(".*-raw\\.(m4v|m4a)", "scratch file of nginx-rtmp's DASH writer"),
          new Kind(".*\\.bak", "backup copy"),
          new Kind(".*\\.(lock|lck)", "lock file"));
  private static final Pattern DERIVED = pattern(".*_mixed(\\.[^.]*)?");

  /**
   * Why a file must never be taken for a recording, not even when somebody names it; empty where nothing speaks against
   * it.
   *
   * @param fileName the last element of the path
   */
  public Optional<String> reason(String fileName) {
    if (fileName.isEmpty()) {
      return Optional.of("no file name");
    }
    return KINDS.stream().filter(kind -> kind.pattern.matcher(fileName).matches()).map(Kind::reason).findFirst();
  }

  /**
   * Whether the name is that of a mixer's output, {@code <name>_mixed.<ext>}. It may be taken when it is named; a
   * folder that is watched must not yield it, as that would feed results back as new recordings.
   *
   * @param fileName the last element of the path
   */
  public boolean derived(String fileName) {
    return DERIVED.matcher(fileName).matches();
  }

  /** A file name may hold line breaks. */
  private static Pattern pattern(String wholeName) {
    return Pattern.compile(wholeName, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  private record Kind(Pattern pattern, String reason) {
    Kind(String wholeName, String reason) {
      this(SideFiles.pattern(wholeName), reason);
    }
  }
}
