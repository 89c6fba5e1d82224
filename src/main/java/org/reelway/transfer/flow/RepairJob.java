package org.reelway.transfer.flow;

import java.nio.file.Path;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.RecordingId;

/**
 * A repair that was made and whose files are on their way: first what was repaired, then the raw file.
 *
 * @param folder the recordings folder
 * @param raw the broken file
 * @param identity of it when it was repaired
 * @param out the repaired file; null where nothing could be made of the raw one
 * @param outId the repaired file's recording id; null as above
 * @param what was recovered, in words
 */
record RepairJob(Path folder, Path raw, FileIdentity identity, Path out, String outId, String what) {
  String id() {
    return RecordingId.of(raw, identity);
  }
}
