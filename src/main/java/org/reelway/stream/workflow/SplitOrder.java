package org.reelway.stream.workflow;

import java.time.Duration;
import java.util.List;
import org.reelway.stream.workflow.archive.Section;

/**
 * What is wanted of an archive.
 *
 * @param isOpen whether the session goes on, or its archive is not whole yet
 * @param segmentLength as the stream has it now
 * @param modifier part of the names of what is made: letters, digits, {@code . _ -}
 */
public record SplitOrder(
    String streamId, String streamName, Session session, boolean isOpen, Duration segmentLength, List<Section> sections,
    String modifier, Format format) {
  /** What is made of a section. */
  public enum Format {
    /** A playlist in the archive. */
    HLS,
    /** A playlist, and a file cut at the key pictures around it. */
    MP4,
    /** A playlist, and a file cut at the very pictures. */
    EXACT_MP4
  }
}
