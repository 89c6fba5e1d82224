package org.reelway.conference.mixer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.reelway.failure.OurFailure;

/** Mixes that are to be made: here, or by whichever sidecar of a fleet. */
public interface Mixes {
  /**
   * Has the recording mixed in its turn. One recording has one mix: for one that is known nothing is done, but that one which failed or
   * was cancelled is tried again.
   *
   * @return the mix's id
   * @throws OurFailure it cannot be noted, or there are too many
   */
  String add(MixOrder order);

  /** As {@link #add}, but leaves one that is known as it is, also where it failed or was cancelled. */
  void addOnce(MixOrder order);

  /** Ends it; it stays in the list, and can be tried again. @return whether there is such a mix that is not done */
  boolean cancel(String id);

  /** Tries one again that failed, was cancelled or waits for room. @return whether there is such a mix that is not done */
  boolean retry(String id);

  /** Drops it; of one that is done what is remembered. It can be ordered anew. @return whether there was such a mix */
  boolean drop(String id);

  /** Those that are not done, the oldest recording first; of a fleet not more than a list can show. */
  List<MixJob> all();

  /** Of all that are not done. */
  Map<MixJob.State, Long> counts();

  /** Those of {@link #all} that this sidecar has. */
  List<MixJob> here();

  /** Folders of mixes whose notes cannot be read; nothing is done about them. */
  List<Path> unreadable();
}
