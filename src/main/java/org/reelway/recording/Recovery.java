package org.reelway.recording;

import java.util.Arrays;
import java.util.Optional;

/**
 * What is special about a recording whose writer died.
 *
 * @param kind of the two files that such a recording becomes
 * @param from path of the broken file relative to its recordings folder, with {@code /}
 * @param file that this was said of; another file at its path is none of it
 * @param keep whether the file stays whatever is set for files that were sent
 * @param what was recovered, in one line for people
 */
public record Recovery(Kind kind, String from, FileIdentity file, boolean keep, String what) {

  /** Which of the two. */
  public enum Kind {
    /** The broken file as the writer left it. */
    RAW("raw"),
    /** What could be made playable of it. */
    REPAIRED("repaired");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
  }

  public boolean isRaw() {
    return kind == Kind.RAW;
  }
}
