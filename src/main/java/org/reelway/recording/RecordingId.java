package org.reelway.recording;

import java.nio.file.Path;
import org.reelway.failure.Sha256;

/**
 * Names a recording for the API, metrics and callbacks: the same after any restart, also when all state is lost, and on
 * every host that has the folder at the same path.
 */
public final class RecordingId {
  private RecordingId() {}

  /** The id of a recording whose file is not there: of its path alone. */
  public static String ofMissing(Path file) {
    return of(file, new FileIdentity("-", 0, 0));
  }

  /** @return 20 hexadecimal digits that depend on the path and on the file at it */
  public static String of(Path file, FileIdentity identity) {
    return Sha256.hex(file + "\0" + identity.withoutDevice().text(), 20);
  }
}
