package org.reelway.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * A recording's story as the API shows it.
 *
 * @param id see {@code RecordingId}
 * @param file absolute path
 * @param path relative to the recording folder
 * @param node id of the sidecar that works on it, or did last
 * @param size bytes
 * @param state a word of {@link RecordingState}
 * @param keptAs where the local file is, once the recording is done; absent where it is gone
 * @param foundBy marker, hook or settled; raw or repaired where the writer died
 * @param store name of the store that has it; absent for the primary, and while it is in the backup
 * @param evidence what the verification compared
 * @param parts of the last upload; 1 for a single put
 * @param partsResumed parts that the store held before the last try
 * @param bytesSent body bytes over all tries since it was found, repeated ones included
 * @param retries requests that were repeated
 * @param tries of the whole transfer
 * @param errorClass whose fault the last error was: input, destination or ours
 * @param events empty in lists
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordingStory(
    String id,
    String file,
    String path,
    String node,
    long size,
    String stream,
    String state,
    String foundBy,
    String store,
    String bucket,
    String key,
    String address,
    String etag,
    String versionId,
    String evidence,
    int parts,
    int partsResumed,
    long bytesSent,
    long retries,
    int tries,
    String lastError,
    String errorClass,
    Instant foundAt,
    Instant verifiedAt,
    Instant tidiedAt,
    Instant updatedAt,
    String keptAs,
    List<Event> events) {

  /** @param what in words */
  public record Event(Instant at, String what) {}

  /** True for a file whose writer died, and for what was made playable of it; else null. */
  @JsonProperty
  public Boolean recovered() {
    return "raw".equals(foundBy) || "repaired".equals(foundBy) ? Boolean.TRUE : null;
  }

  /** The same while a try is under way, whose counts are not in the history yet. */
  public RecordingStory during(int partsNow, int resumedNow, long sentNow, long retriedNow) {
    return new RecordingStory(
        id, file, path, node, size, stream, state, foundBy, store, bucket, key, address, etag, versionId, evidence, partsNow,
        resumedNow, bytesSent + sentNow, retries + retriedNow, tries, lastError, errorClass, foundAt, verifiedAt,
        tidiedAt, updatedAt, keptAs, events);
  }

  RecordingStory withEvents(List<Event> all) {
    return new RecordingStory(
        id, file, path, node, size, stream, state, foundBy, store, bucket, key, address, etag, versionId, evidence, parts,
        partsResumed, bytesSent, retries, tries, lastError, errorClass, foundAt, verifiedAt, tidiedAt, updatedAt,
        keptAs, all);
  }
}
