package org.reelway.camel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;
import org.reelway.state.BackupCopies;
import org.reelway.state.RecordingStory;

/**
 * A recording's story with both its places, where it is or was in the backup.
 *
 * @param backup absent for all others
 */
record PlacedRecording(
    @JsonUnwrapped RecordingStory story, @JsonInclude(JsonInclude.Include.NON_NULL) Map<String, Object> backup) {

  /** @param copy null for one that never was in the backup */
  static PlacedRecording of(RecordingStory story, BackupCopies.Copy copy) {
    return new PlacedRecording(story, copy == null ? null : BackupApi.places(copy));
  }
}
