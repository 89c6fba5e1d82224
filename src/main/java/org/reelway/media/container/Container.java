package org.reelway.media.container;

import java.io.IOException;
import java.util.Set;
import org.reelway.media.MediaBytes;
import org.reelway.media.container.ContainerCheck.Verdict;

/** The knowledge of one container format. Stateless. */
interface Container {
  /** For people, for instance {@code MP4}. */
  String name();

  /** Usual extensions, lower case, without the dot. */
  Set<String> extensions();

  /** Whether the first bytes are those of this container; false for a file that is too short to tell. */
  boolean recognises(MediaBytes bytes) throws IOException;

  /** Called only for files that were recognised. */
  Verdict check(MediaBytes bytes) throws IOException;
}
