package org.reelway.transfer.backup;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A recording that is where it belongs again, for whoever wants to be told.
 *
 * @param store name of the store that it belongs to; empty for the primary
 * @param bucket of that store
 * @param key that it has there
 * @param address its URL there, without credentials
 * @param backupKey where it was; nothing is there any more, unless it was changed meanwhile
 * @param since when it came there
 */
public record BroughtBack(
    String id,
    Path file,
    String path,
    long size,
    String store,
    String bucket,
    String key,
    String address,
    String etag,
    String evidence,
    String backupBucket,
    String backupKey,
    Instant since) {}
