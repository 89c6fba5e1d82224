package org.reelway.media.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import org.reelway.media.MediaBytes;

/**
 * Tells whether a media file is whole, by the structure of its container: has its writer finished it, and is nothing
 * cut off at its end?
 *
 * <p>Only headers are read, never the media itself; memory is constant, and the number of elements that are walked is
 * capped. The container is recognised by content; the extension is asked only where the content says nothing. Safe for
 * use by several threads.
 *
 * <p>What no structure can show: media that ends exactly on a border after which its container may end as well. That is
 * a packet of MPEG-TS, a tag of FLV, a fragment of MP4, and a block of a Matroska segment of unknown size.
 */
public final class ContainerCheck {
  private static final int MAX_ELEMENTS = 8_000_000;

  private final List<Container> containers;

  public ContainerCheck() {
    this(MAX_ELEMENTS);
  }

  /** @param maxElements boxes or elements walked in one file before the answer is {@link State#UNKNOWN} */
  ContainerCheck(int maxElements) {
    this.containers =
        List.of(
            new Mp4Container(maxElements),
            new MatroskaContainer(maxElements),
            new FlvContainer(),
            new TsContainer());
  }

  /**
   * Looks at the file as it is at this moment.
   *
   * @throws IOException the file cannot be opened or read; it is gone, or it shrank meanwhile
   */
  public Verdict check(Path file) throws IOException {
    if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
      return Verdict.unknown("not a regular file");
    }
    try (MediaBytes bytes = MediaBytes.open(file)) {
      return check(bytes, extension(file));
    }
  }

  private Verdict check(MediaBytes bytes, String extension) throws IOException {
    if (bytes.size() == 0) {
      return Verdict.incomplete("the file is empty");
    }
    for (Container container : containers) {
      if (container.recognises(bytes)) {
        return container.check(bytes);
      }
    }
    for (Container container : containers) {
      if (container.extensions().contains(extension)) {
        return Verdict.incomplete(
            "named ." + extension + ", but its " + bytes.size() + " bytes do not begin as " + container.name()
                + " does");
      }
    }
    return Verdict.unknown("neither MP4/MOV, MPEG-TS, FLV nor Matroska/WebM");
  }

  private static String extension(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** What a look at a file showed. */
  public enum State {
    /** The writer has finished, and nothing is missing as far as the container can tell. */
    WHOLE,
    /** Still being written, or cut off. */
    INCOMPLETE,
    /** Not a container that is known here, or too many elements to walk: no statement. */
    UNKNOWN
  }

  /**
   * The answer for one file.
   *
   * @param reason for people: the container of a whole file, else what is missing, with offsets in bytes
   */
  public record Verdict(State state, String reason) {
    static Verdict whole(String container) {
      return new Verdict(State.WHOLE, container);
    }

    public static Verdict incomplete(String reason) {
      return new Verdict(State.INCOMPLETE, reason);
    }

    static Verdict unknown(String reason) {
      return new Verdict(State.UNKNOWN, reason);
    }

    public boolean isWhole() {
      return state == State.WHOLE;
    }

    public boolean isIncomplete() {
      return state == State.INCOMPLETE;
    }
  }
}
