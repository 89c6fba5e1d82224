package org.reelway.recorder;

import java.nio.file.Path;
import org.reelway.supervise.CalledRun;

/** A recording that a media server makes. Its calls are made one at a time. */
interface ServerRecording extends CalledRun.Calls {
  /** The file that is written now, as the server tells it; null where it is not known. May be asked by any thread. */
  Path file();
}
