package org.reelway.transfer.audit;

import java.time.Instant;
import java.util.Map;

/**
 * An object that should be in the bucket.
 *
 * @param size bytes
 * @param etag without quotes; null where it is not known
 * @param digests by word, as in a manifest; may be empty
 * @param verified when; of two for one key the later counts
 */
record Expected(String key, String recordingId, long size, String etag, Map<String, String> digests, Instant verified) {}
