package org.reelway.transfer.backup;

import java.nio.file.Path;
import org.reelway.transfer.VerifiedObject;

/** What is done with a recording that the primary holds again, before the backup's copy is deleted. */
@FunctionalInterface
public interface ReturnStep {
  /**
   * A failure keeps the copy in the backup, and the recording's return is tried again.
   *
   * @param recovered whether its writer died
   * @param bytes the file that was sent now
   */
  void returned(BroughtBack back, boolean recovered, Path bytes, VerifiedObject object);
}
