package org.reelway.stream.supervise;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Why ffmpeg ended, out of what it said. Its last line tells only that an output failed; the part that met the trouble said
 * why before. Times and addresses are left out, so that the same trouble has the same words.
 */
final class FfmpegWords {
  private static final Pattern WRAPPING =
      Pattern.compile("(Error (opening|writing|closing|submitting|muxing) .*|\\[(out|aost|vost|aist|vist|in)#.*|\\s+Last message.*)");
  private static final Pattern SPEAKER = Pattern.compile("^\\[([^]@]+?)( @ 0x[0-9a-f]+)?] ");
  private static final Pattern SRT = Pattern.compile("^[0-9:.]+/SRT:\\S+ (@[0-9]+: ?)?");
  private static final int MOST_LINES = 2;
  private static final int MOST_LETTERS = 300;

  private FfmpegWords() {}

  /** In one line; empty where it said nothing. */
  static String why(String words) {
    List<String> telling = words.lines().filter(line -> !line.isBlank() && !WRAPPING.matcher(line).matches()).toList();
    List<String> last = telling.isEmpty() ? words.lines().filter(line -> !line.isBlank()).toList() : telling;
    String why =
        String.join(
            "; ",
            last.subList(Math.max(0, last.size() - (telling.isEmpty() ? 1 : MOST_LINES)), last.size()).stream()
                .map(line -> SRT.matcher(line).replaceFirst("srt: "))
                .map(line -> SPEAKER.matcher(line).replaceFirst("$1: ").strip())
                .distinct().toList());
    return why.length() > MOST_LETTERS ? why.substring(0, MOST_LETTERS) + "…" : why;
  }
}
