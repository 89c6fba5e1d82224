package org.reelway.stream.recorder;

import java.nio.file.Path;
import org.reelway.stream.supervise.CalledRun;

/**
 * A recording that a media server makes, in as many runs as it takes: it begins again where the last run was not ended.
 * Its calls are made one at a time.
 */
interface ServerRecording extends CalledRun.Calls {
  /** The file that is written now, as the server tells it; null where it is not known. May be asked by any thread. */
  Path file();

  /** Nobody wants it any more, whether its end can be told to the server or not. Returns at once. */
  void unwanted();
}
