package org.reelway.stream.workflow.archive;

import java.util.List;
import org.reelway.stream.workflow.archive.SplitRequest.Format;

/**
 * All sections of a split are there, or failed.
 *
 * @param id of the split; the same however often it is told
 * @param sections in the order of the request
 */
public record SplitDone(String id, String stream, String session, Format format, List<Made> sections) {
  /**
   * What was made of a section.
   *
   * @param name key of the playlist, or the file's whole path; empty where it failed
   * @param how of a file: {@code copy}, {@code edges} or {@code whole}, as far as it was encoded anew; empty for playlists
   * @param trouble why it failed; empty where it did not
   */
  public record Made(Section section, String name, String how, String trouble) {}

  /** Who is told. */
  @FunctionalInterface
  public interface Listener {
    /** Is on disk when this returns; comes again after a failure or a crash. */
    void done(SplitDone split);
  }
}
